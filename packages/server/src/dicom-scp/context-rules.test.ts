// Which presentation contexts are accepted, given the registry of services, who serves what, and the settings.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uidName } from '@pharos/dicom';
import { CommandField, type ContextRule, type Service } from '@pharos/dimse';
import { allDicomServices, SopClass } from '../model/index.ts';
import type { LiveSettings } from '../services/index.ts';
import { contextRulesOf } from './context-rules.ts';

const explicit = '1.2.840.10008.1.2.1';
const implicit = '1.2.840.10008.1.2';
const bigEndian = '1.2.840.10008.1.2.2';
const jpeg = '1.2.840.10008.1.2.4.50';
const ct = '1.2.840.10008.5.1.4.1.1.2';
const vendors = '1.2.3.4';

const live: LiveSettings = {
  defaultEncoding: () => 'Latin1',
  fallbackCharset: () => 'ISO_IR 100',
  setDefaultEncoding: () => {},
  acceptedTransferSyntaxes: () => [implicit, explicit, jpeg],
  isTransferSyntaxAccepted: (uid) => [implicit, explicit, jpeg].includes(uid),
  setAcceptedTransferSyntaxes: () => {},
  acceptedSopClasses: () => [ct],
  isSopClassAccepted: (uid) => uid === ct,
  unknownSopClassAccepted: () => false,
  setUnknownSopClassAccepted: () => {},
};

function service(command: number, ...sopClasses: readonly string[]): Service {
  return {
    command,
    serves: (uid) => sopClasses.includes(uid),
    begin() {
      throw new Error('Nothing is requested here');
    },
  };
}

function chosen(rules: readonly ContextRule[], abstractSyntax: string, ...proposed: readonly string[]) {
  return rules.find((rule) => rule.matches(abstractSyntax))?.choose(proposed);
}

test('what nobody serves is not accepted, whatever the registry says', () => {
  const rules = contextRulesOf(live, [service(CommandField.cFind, SopClass.studyRootFind)]);
  assert.equal(chosen(rules, SopClass.studyRootFind, explicit), explicit);
  assert.equal(chosen(rules, SopClass.modalityWorklistFind, explicit), undefined);
  assert.equal(chosen(rules, SopClass.studyRootMove, explicit), undefined);
  assert.equal(chosen(rules, SopClass.storageCommitmentPushModel, explicit), undefined);
});

test('a service is accepted for its own commands only', () => {
  const rules = contextRulesOf(live, [service(CommandField.cFind, SopClass.studyRootMove)]);
  assert.equal(chosen(rules, SopClass.studyRootMove, explicit), undefined);
});

test('commands are exchanged in explicit little endian where that is proposed; stored files in what the peer prefers', () => {
  const rules = contextRulesOf(live, [service(CommandField.cEcho, SopClass.verification)]);
  assert.equal(chosen(rules, SopClass.verification, implicit, bigEndian, explicit), explicit);
  assert.equal(chosen(rules, SopClass.verification, implicit, bigEndian), bigEndian);
  assert.equal(chosen(rules, SopClass.verification, jpeg), undefined);
  assert.equal(chosen(rules, ct, bigEndian, jpeg, explicit), jpeg);
});

test('classes that nobody knows are stored where that is allowed, in explicit little endian if possible', () => {
  assert.equal(chosen(contextRulesOf(live, []), vendors, implicit), undefined);
  const open = contextRulesOf({ ...live, unknownSopClassAccepted: () => true }, []);
  assert.equal(chosen(open, vendors, implicit, jpeg, explicit), explicit);
  assert.equal(chosen(open, vendors, jpeg), jpeg);
});

test('either side may ask for storage commitment, and store on the association of a C-GET', () => {
  const rules = contextRulesOf(live, [
    service(CommandField.nAction, SopClass.storageCommitmentPushModel),
    service(CommandField.cGet, SopClass.studyRootGet),
  ]);
  const rolesOf = (uid: string) => rules.find((rule) => rule.matches(uid))?.roles;
  assert.equal(rolesOf(SopClass.storageCommitmentPushModel), 'as-proposed');
  assert.equal(rolesOf(ct), 'as-proposed');
  assert.equal(rolesOf(SopClass.studyRootGet), 'default');
});

test('every SOP class of the registry but storage is one of the standard', () => {
  for (const { name, commands, sopClasses } of allDicomServices) {
    assert.ok(sopClasses.length > 0, name);
    if (!commands.includes('C-STORE')) for (const uid of sopClasses) assert.ok(uidName(uid), `${name}: ${uid}`);
  }
});
