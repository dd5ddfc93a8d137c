// JSON answers as XML, as Orthanc writes them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wantsXml, writeXml } from './xml-text.ts';

test('members are elements, items of arrays are <item>, empty values are empty elements', () => {
  assert.equal(
    writeXml({ b: [1, 'x'], a: null, c: '', d: {}, e: '<&>' }),
    '<?xml version="1.0" encoding="utf-8"?>\n<root>\n  <a>null</a>\n  <b>\n    <item>1</item>\n    <item>x</item>\n  </b>\n  <c></c>\n  <d />\n  <e>&lt;&amp;&gt;</e>\n</root>\n',
  );
});

test('XML is for those who ask for exactly that', () => {
  assert.equal(wantsXml('application/xml'), true);
  assert.equal(wantsXml('text/html,application/xml;q=0.9'), false);
  assert.equal(wantsXml('application/xml;q=0.9'), true);
  assert.equal(wantsXml(undefined), false);
});

test('of JSON and XML in one Accept header, the last counts', () => {
  assert.equal(wantsXml('application/json;application/xml'), true);
  assert.equal(wantsXml('application/xml;application/json'), false);
  assert.equal(wantsXml('application/xml;application/json;application/xml'), true);
  assert.equal(wantsXml('application/json; application/xml'), false);
});
