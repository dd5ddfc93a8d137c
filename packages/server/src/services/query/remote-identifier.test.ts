// What goes out to peers: keys that every level has, keys that are left out, what some manufacturers do not take.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatTag, Tag } from '@pharos/dicom';
import { PharosError } from '../../model/index.ts';
import { findIdentifier, type IdentifierOptions } from './remote-identifier.ts';

type Keys = readonly (readonly [number, string])[];

function identifier(keys: Keys, options: Partial<Omit<IdentifierOptions, 'keys'>> = {}) {
  return findIdentifier({
    level: 'Study',
    manufacturer: 'Generic',
    normalize: true,
    charset: 'ISO_IR 100',
    ...options,
    keys: new Map(keys),
  });
}

function texts(...asked: Parameters<typeof identifier>) {
  const dataSet = identifier(...asked);
  return Object.fromEntries(Array.from(dataSet.tags(), (tag) => [formatTag(tag), dataSet.text(tag) ?? 'none']));
}

test('each level has its name, its unique keys and those above, and a character set', () => {
  assert.deepEqual(texts([], { level: 'Patient' }), {
    '0008,0005': 'ISO_IR 100',
    '0008,0052': 'PATIENT',
    '0010,0020': '',
  });
  assert.deepEqual(texts([]), {
    '0008,0005': 'ISO_IR 100',
    '0008,0050': '',
    '0008,0052': 'STUDY',
    '0010,0020': '',
    '0020,000d': '',
  });
  assert.deepEqual(Object.keys(texts([], { level: 'Series' })).slice(-2), ['0020,000d', '0020,000e']);
  const instance = texts([], { level: 'Instance' });
  assert.equal(instance['0008,0018'], '');
  assert.equal(instance['0008,0052'], 'IMAGE');
});

const ofAllKinds: Keys = [
  [Tag.PatientName, 'A*'],
  [Tag.StudyDescription, ''],
  [Tag.InstitutionName, ''],
  [Tag.SeriesDescription, ''],
  [Tag.ModalitiesInStudy, ''],
  [Tag.NumberOfStudyRelatedInstances, ''],
  [Tag.NumberOfSeriesRelatedInstances, ''],
  [Tag.InstanceNumber, ''],
  [Tag.Rows, ''],
  [Tag.QueryRetrieveLevel, 'IMAGE'],
];

test('a normalised identifier has attributes of its level and above, and the counters of its level', () => {
  const added = ['0008,0005', '0008,0050', '0008,0052', '0010,0020', '0020,000d'];
  const own = (level: 'Patient' | 'Study' | 'Series' | 'Instance') =>
    Object.keys(texts(ofAllKinds, { level })).filter((key) => !added.includes(key));
  assert.deepEqual(own('Patient'), ['0010,0010']);
  assert.deepEqual(own('Study'), ['0008,0061', '0008,1030', '0010,0010', '0020,1208']);
  assert.deepEqual(own('Series'), ['0008,1030', '0008,103e', '0010,0010', '0020,000e', '0020,1209']);
  assert.deepEqual(own('Instance'), ['0008,0018', '0008,1030', '0008,103e', '0010,0010', '0020,000e', '0020,0013']);
});

test('one that is not normalised has everything but what belongs into no data set', () => {
  const all = texts([...ofAllKinds, [0x00020010, '1.2'], [0x00080000, '4'], [0x00000100, '1'], [0x00091001, 'x']], {
    normalize: false,
  });
  for (const tag of ['0008,0080', '0008,103e', '0020,0013', '0020,1209', '0028,0010', '0009,1001']) {
    assert.ok(tag in all, tag);
  }
  for (const tag of ['0002,0010', '0008,0000', '0000,0100']) assert.ok(!(tag in all), tag);
  assert.equal(all['0008,0052'], 'STUDY');
});

test('manufacturers get what they understand, unless the client wants its keys untouched', () => {
  const keys: Keys = [
    [Tag.PatientName, '*'],
    [Tag.StudyDate, '*'],
    [Tag.StudyTime, '*'],
    [Tag.StudyDescription, '**'],
  ];
  const sent = (manufacturer: IdentifierOptions['manufacturer'], normalize = true) => {
    const all = texts(keys, { manufacturer, normalize });
    return ['0010,0010', '0008,0020', '0008,0030', '0008,1030', '0010,0020'].map((tag) => all[tag]);
  };
  assert.deepEqual(sent('Generic'), ['*', '*', '*', '**', '']);
  assert.deepEqual(sent('Vitrea'), ['*', '*', '*', '**', '']);
  assert.deepEqual(sent('SiemensSyngoCT'), ['*', '*', '*', '**', '']);
  assert.deepEqual(sent('GenericNoWildcardInDates'), ['*', '', '*', '**', '']);
  assert.deepEqual(sent('GenericNoUniversalWildcard'), ['', '', '', '**', '']);
  assert.deepEqual(sent('GE'), ['*', '*', '*', '**', '*']);
  assert.deepEqual(sent('GenericNoUniversalWildcard', false), ['*', '*', '*', '**', '']);
  assert.deepEqual(sent('GE', false), ['*', '*', '*', '**', '*']);
});

test('text is in the character set of the server, or in the one of the client', () => {
  const name = [Tag.PatientName, 'Jérôme'] as const;
  assert.equal(identifier([name]).bytes(Tag.PatientName)?.[1], 0xe9);
  assert.equal(identifier([name, [Tag.SpecificCharacterSet, '']]).bytes(Tag.PatientName)?.[1], 0xe9);
  const utf8 = identifier([name, [Tag.SpecificCharacterSet, 'ISO_IR 192']]);
  assert.deepEqual(utf8.bytes(Tag.PatientName), new TextEncoder().encode('Jérôme'));
  assert.equal(identifier([name], { charset: 'ISO_IR 192' }).text(Tag.SpecificCharacterSet), 'ISO_IR 192');
});

test('an empty key of a sequence is an empty sequence; values that fit no representation are refused without being named', () => {
  const empty = identifier([[Tag.ReferencedStudySequence, '']]);
  assert.deepEqual([empty.vr(Tag.ReferencedStudySequence), empty.items(Tag.ReferencedStudySequence)], ['SQ', []]);
  for (const wrong of [Tag.Rows, Tag.ReferencedStudySequence]) {
    assert.throws(
      () => identifier([[wrong, 'secret']], { normalize: false }),
      (error) => error instanceof PharosError && error.code === 'BadFileFormat' && !error.message.includes('secret'),
    );
  }
});
