// Settings that change while the server runs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLiveSettings, type LiveDefaults } from './live-settings.ts';

const defaults: LiveDefaults = {
  DefaultEncoding: 'Latin1',
  AcceptedTransferSyntaxes: ['1.2.840.10008.1.*'],
  AcceptedSopClasses: undefined,
  RejectedSopClasses: [],
  UnknownSopClassAccepted: false,
  DeflatedTransferSyntaxAccepted: undefined,
  JpegTransferSyntaxAccepted: undefined,
  Jpeg2000TransferSyntaxAccepted: undefined,
  JpegLosslessTransferSyntaxAccepted: undefined,
  JpipTransferSyntaxAccepted: undefined,
  Mpeg2TransferSyntaxAccepted: undefined,
  Mpeg4TransferSyntaxAccepted: undefined,
  H265TransferSyntaxAccepted: undefined,
  RleTransferSyntaxAccepted: undefined,
};

const [implicit, explicit, deflated, jpeg, rle] = ['', '.1', '.1.99', '.4.50', '.5'].map(
  (end) => `1.2.840.10008.1.2${end}`,
);
const ct = '1.2.840.10008.5.1.4.1.1.2';

test('all known transfer syntaxes are accepted by default, in the order of their numbers', () => {
  const accepted = createLiveSettings(defaults).acceptedTransferSyntaxes();
  assert.deepEqual(accepted.slice(0, 2), [implicit, explicit]);
  assert.ok(accepted.includes(deflated ?? ''));
  assert.ok(accepted.indexOf('1.2.840.10008.1.2.4.90') < accepted.indexOf('1.2.840.10008.1.2.4.100'));
  assert.ok(accepted.includes(rle ?? ''));
});

test('groups are added and taken away after the patterns', () => {
  const live = createLiveSettings({
    ...defaults,
    AcceptedTransferSyntaxes: ['1.2.840.10008.1.2.?'],
    DeflatedTransferSyntaxAccepted: true,
    RleTransferSyntaxAccepted: false,
  });
  assert.deepEqual(live.acceptedTransferSyntaxes(), [explicit, deflated, '1.2.840.10008.1.2.2']);
});

test('patterns replace what is accepted; a dot is a dot', () => {
  const live = createLiveSettings(defaults);
  live.setAcceptedTransferSyntaxes([jpeg ?? '', '1x2x840*']);
  assert.deepEqual(live.acceptedTransferSyntaxes(), [jpeg]);
  assert.equal(live.isTransferSyntaxAccepted(implicit ?? ''), false);
});

test('SOP classes can be narrowed and rejected', () => {
  assert.equal(createLiveSettings(defaults).isSopClassAccepted(ct), true);
  const narrow = createLiveSettings({ ...defaults, AcceptedSopClasses: [`${ct}*`], RejectedSopClasses: [ct] });
  assert.equal(narrow.isSopClassAccepted(ct), false);
  assert.ok(narrow.acceptedSopClasses().includes(`${ct}.1`));
});

test('the default encoding has a name and a defined term', () => {
  const live = createLiveSettings(defaults);
  live.setDefaultEncoding('Utf8');
  assert.deepEqual([live.defaultEncoding(), live.fallbackCharset()], ['Utf8', 'ISO_IR 192']);
  assert.throws(() => live.setDefaultEncoding('toString'), { code: 'ParameterOutOfRange' });
  assert.equal(live.defaultEncoding(), 'Utf8');
});

test('a pattern of many stars takes no time', () => {
  const live = createLiveSettings(defaults);
  const started = performance.now();
  live.setAcceptedTransferSyntaxes([`${'*?'.repeat(25)}*x`]);
  assert.ok(performance.now() - started < 1000);
  assert.deepEqual(live.acceptedTransferSyntaxes(), []);
});
