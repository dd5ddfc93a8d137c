// Who is let in, and who may do what, by application entity title and address.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommandField, type CommandSet, type PeerIdentity } from '@pharos/dimse';
import { createDicomServerFixture, type DicomServerFixtureOptions, modalityNamed } from '@pharos/testkit';
import { type Authorisation, createAuthorisation } from './authorisation.ts';

const nobodyKnown = { DicomAlwaysAllowEcho: false, DicomAlwaysAllowStore: false };
const peer: PeerIdentity = { callingAet: 'CT1', calledAet: 'PHAROS', remoteAddress: '10.0.0.1' };
const command = (field: number, sopClass?: string): CommandSet => ({
  CommandField: field,
  AffectedSOPClassUID: sopClass,
});
const echo = command(CommandField.cEcho);
const store = command(CommandField.cStore);
const everything = modalityNamed('CT1').allow;

function authorisation(
  settings: DicomServerFixtureOptions['settings'],
  modalities: DicomServerFixtureOptions['modalities'] = {},
): Authorisation {
  const { services } = createDicomServerFixture({ settings, modalities });
  return createAuthorisation(services.settings, services.modalities);
}

test('by default everybody is let in, and may echo and store but not find', () => {
  const { admit, isAllowed } = authorisation({});
  assert.equal(admit(peer), 'accepted');
  assert.equal(isAllowed(peer, echo), true);
  assert.equal(isAllowed(peer, store), true);
  assert.equal(isAllowed(peer, command(CommandField.cFind)), false);
});

test('where nothing is allowed to everybody, only modalities are let in', () => {
  const { admit } = authorisation(nobodyKnown, { ct: modalityNamed('CT1') });
  assert.equal(admit(peer), 'accepted');
  assert.equal(admit({ ...peer, callingAet: 'CT2' }), 'calling-aet-not-recognised');
});

test('the host counts where it is checked', () => {
  const { admit, isAllowed } = authorisation(
    { ...nobodyKnown, DicomCheckModalityHost: true },
    { ct: modalityNamed('CT1', { host: '10.0.0.1' }) },
  );
  const elsewhere = { ...peer, remoteAddress: '10.0.0.2' };
  assert.equal(admit(peer), 'accepted');
  assert.equal(admit(elsewhere), 'calling-aet-not-recognised');
  assert.equal(isAllowed(peer, store), true);
  assert.equal(isAllowed(elsewhere, store), false);
});

test('titles are compared without regard to case and spaces, unless strictly', () => {
  const modalities = { ct: modalityNamed(' ct1 ') };
  assert.equal(authorisation(nobodyKnown, modalities).admit(peer), 'accepted');
  const strict = authorisation({ ...nobodyKnown, StrictAetComparison: true }, modalities);
  assert.equal(strict.admit(peer), 'calling-aet-not-recognised');
});

test('the called title counts where it is checked', () => {
  const wrong = { ...peer, calledAet: 'OTHER' };
  assert.equal(authorisation({}).admit(wrong), 'accepted');
  assert.equal(authorisation({ DicomCheckCalledAet: true }).admit(wrong), 'called-aet-not-recognised');
  assert.equal(authorisation({ DicomCheckCalledAet: true }).admit({ ...peer, calledAet: 'pharos' }), 'accepted');
});

test('a modality may do what its flags allow', () => {
  const modalities = { ct: modalityNamed('CT1', { allow: { ...everything, Store: false, FindWorklist: false } }) };
  const { isAllowed } = authorisation(nobodyKnown, modalities);
  assert.equal(isAllowed(peer, echo), true);
  assert.equal(isAllowed(peer, store), false);
  assert.equal(isAllowed(peer, command(CommandField.cFind)), true);
  assert.equal(isAllowed(peer, command(CommandField.cFind, '1.2.840.10008.5.1.4.31')), false);
  assert.equal(isAllowed(peer, command(CommandField.nAction)), true);
});

test('what everybody may do, a modality may do whatever its flags', () => {
  const modalities = { ct: modalityNamed('CT1', { allow: { ...everything, Store: false } }) };
  assert.equal(authorisation({}, modalities).isAllowed(peer, store), true);
});

test('modalities that share a title must agree, or the host decides', () => {
  const modalities = {
    a: modalityNamed('CT1', { host: '10.0.0.1' }),
    b: modalityNamed('CT1', { host: '10.0.0.2', allow: { ...everything, Store: false } }),
  };
  assert.equal(authorisation(nobodyKnown, modalities).isAllowed(peer, store), false);
  const checked = authorisation({ ...nobodyKnown, DicomCheckModalityHost: true }, modalities);
  assert.equal(checked.isAllowed(peer, store), true);
  assert.equal(checked.isAllowed({ ...peer, remoteAddress: '10.0.0.2' }, store), false);
});
