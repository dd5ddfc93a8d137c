// Remote modalities and peers: what is read, what is printed, where changes are kept.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createModalities, createPeers, parseModality, parsePeer, printModality, printPeer } from './index.ts';

function propertyStore() {
  const values = new Map<string, string>();
  return {
    property: async (name: string) => values.get(name),
    setProperty: async (name: string, value: string) => void values.set(name, value),
    nextNumber: async () => 1,
  };
}

test('a modality is read from its short form and printed whole', () => {
  const printed = printModality(parseModality(['AET', 'host', '104']));
  assert.deepEqual(printed, {
    AET: 'AET',
    AllowEcho: true,
    AllowEventReport: true,
    AllowFind: true,
    AllowFindWorklist: true,
    AllowGet: true,
    AllowMove: true,
    AllowNAction: true,
    AllowStore: true,
    AllowTranscoding: true,
    Host: 'host',
    LocalAet: '',
    Manufacturer: 'Generic',
    Port: 104,
    RetrieveMethod: 'SystemDefault',
    Timeout: 0,
    UseDicomTls: false,
  });
  assert.deepEqual(printModality(parseModality(printed)), printed);
});

test('storage commitment stands for both of its messages, older manufacturers for newer ones', () => {
  const modality = parseModality({
    AET: 'A',
    Host: 'h',
    Port: 1,
    Manufacturer: 'SyngoVia',
    AllowStorageCommitment: false,
  });
  assert.deepEqual([modality.allow.NAction, modality.allow.EventReport], [false, false]);
  assert.equal(modality.manufacturer, 'GenericNoWildcardInDates');
});

test('wrong modalities are refused', () => {
  for (const [value, code] of [
    [['A', 'h', 0], 'ParameterOutOfRange'],
    [['A', 'h', 65535], 'ParameterOutOfRange'],
    [['A', 'h', 'x'], 'BadFileFormat'],
    [['A', 'h'], 'BadFileFormat'],
    [['A', 'h', 1, 'Nobody'], 'ParameterOutOfRange'],
    [['A', 'h', 1, 'constructor'], 'ParameterOutOfRange'],
    [{}, 'BadFileFormat'],
    [{ AET: 'A', Host: 'h', Port: 1, AllowEcho: 'yes' }, 'BadFileFormat'],
    ['A', 'BadFileFormat'],
  ] as const) {
    assert.throws(() => parseModality(value), { code }, JSON.stringify(value));
  }
});

test('secrets of a peer are not printed', () => {
  const peer = parsePeer({
    URL: 'https://x.y/z',
    Username: 'u',
    Password: 'p',
    HttpHeaders: { B: 'secret', A: 's' },
    Foo: true,
    N: 42,
  });
  assert.deepEqual(printPeer(peer), {
    Foo: '1',
    N: '42',
    HttpHeaders: ['A', 'B'],
    Password: null,
    Pkcs11: false,
    Timeout: 0,
    Url: 'https://x.y/z/',
    Username: 'u',
  });
});

test('wrong peers are refused', () => {
  for (const value of [
    ['u', 'a'],
    ['u', 'a', 'b', 'c'],
    [],
    ['ftp://x'],
    [''],
    { Url: 'x', Password: 'p' },
    { Url: 'x', Y: [] },
    3,
  ]) {
    assert.throws(() => parsePeer(value), { code: 'BadFileFormat' }, JSON.stringify(value));
  }
});

test('changes stay where they are kept in the index, with the secrets', async () => {
  const store = propertyStore();
  const settings = { OrthancPeers: { ignored: ['http://i/'] }, OrthancPeersInDatabase: true };
  const peers = await createPeers(settings, store);
  await peers.set('b', parsePeer(['http://b/', 'u', 'p']));
  const again = await createPeers(settings, store);
  assert.deepEqual(again.names(), ['b']);
  assert.equal(again.get('b')?.password, 'p');
});

test('changes of configured modalities are forgotten', async () => {
  const store = propertyStore();
  const settings = { DicomModalities: { a: ['A', 'h', 1] }, DicomModalitiesInDatabase: false };
  const modalities = await createModalities(settings, store);
  assert.equal(await modalities.remove('a'), true);
  assert.equal(await modalities.remove('a'), false);
  assert.deepEqual((await createModalities(settings, store)).names(), ['a']);
});

test('names have letters, digits, dashes and underscores', async () => {
  const modalities = await createModalities({ DicomModalities: {}, DicomModalitiesInDatabase: false }, propertyStore());
  await assert.rejects(modalities.set('a b', parseModality(['A', 'h', 1])), { code: 'BadFileFormat' });
});

test('a wrong modality or peer of the configuration is told by its name, without its secrets', async () => {
  const modalities = { DicomModalities: { scanner: ['A'] }, DicomModalitiesInDatabase: false };
  await assert.rejects(createModalities(modalities, propertyStore()), {
    details: /^DicomModalities\.scanner: A modality/,
  });
  const peers = { OrthancPeers: { far: ['http://h', 'user', 'hidden', 1] }, OrthancPeersInDatabase: false };
  await assert.rejects(createPeers(peers, propertyStore()), (error: Error) => {
    assert.match(error.message, /OrthancPeers\.far: A peer is/);
    assert.doesNotMatch(error.message, /hidden/);
    return true;
  });
});
