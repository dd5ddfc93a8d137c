// Presentation contexts: what is accepted, in which transfer syntax, with which roles.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ContextResult, type RoleSelection } from '../pdu/index.ts';
import {
  type ContextRule,
  chooseByPreference,
  chooseFirstProposed,
  type Negotiated,
  negotiateContexts,
} from './index.ts';

const echo = '1.2.840.10008.1.1';
const ct = '1.2.840.10008.5.1.4.1.1.2';
const implicit = '1.2.840.10008.1.2';
const explicit = '1.2.840.10008.1.2.1';
const bigEndian = '1.2.840.10008.1.2.2';
const jpeg = '1.2.840.10008.1.2.4.50';
const rle = '1.2.840.10008.1.2.5';

const rules: readonly ContextRule[] = [
  { matches: (uid) => uid === echo, choose: chooseByPreference([explicit, bigEndian, implicit]), roles: 'default' },
  { matches: (uid) => uid === ct, choose: chooseFirstProposed((uid) => uid !== rle), roles: 'as-proposed' },
];

function negotiate(
  contexts: readonly (readonly [string, readonly string[]])[],
  roles: readonly RoleSelection[] = [],
): Negotiated {
  const proposed = contexts.map(([abstractSyntax, transferSyntaxes], index) => ({
    id: 2 * index + 1,
    abstractSyntax,
    transferSyntaxes,
  }));
  return negotiateContexts({ contexts: proposed, user: { maximumPduLength: 0, roles } }, rules);
}

function syntaxOf(negotiated: Negotiated, id: number): string | undefined {
  return negotiated.accepted.get(id)?.transferSyntax;
}

test('storage takes the first syntax in the order of the peer that is accepted', () => {
  assert.equal(syntaxOf(negotiate([[ct, [rle, jpeg, explicit]]]), 1), jpeg);
  assert.equal(syntaxOf(negotiate([[ct, [implicit, explicit]]]), 1), implicit);
});

test('other services prefer explicit little endian, then explicit big endian, then implicit little endian', () => {
  assert.equal(syntaxOf(negotiate([[echo, [implicit, bigEndian, explicit]]]), 1), explicit);
  assert.equal(syntaxOf(negotiate([[echo, [implicit, bigEndian]]]), 1), bigEndian);
  assert.equal(syntaxOf(negotiate([[echo, [implicit]]]), 1), implicit);
});

test('a refused context says why', () => {
  const { answers } = negotiate([
    ['1.2.3', [implicit]],
    [ct, [rle]],
    [ct, []],
    [ct, [jpeg]],
  ]);
  assert.deepEqual(
    answers.map(({ id, result }) => [id, result]),
    [
      [1, ContextResult.abstractSyntaxNotSupported],
      [3, ContextResult.transferSyntaxesNotSupported],
      [5, ContextResult.transferSyntaxesNotSupported],
      [7, ContextResult.acceptance],
    ],
  );
});

test('the roles that a peer proposes for storage are echoed, for other services they are not', () => {
  const storage = { sopClassUid: ct, scu: false, scp: true };
  const roles = [storage, { sopClassUid: echo, scu: true, scp: true }, { sopClassUid: '1.2.3', scu: true, scp: true }];
  const negotiated = negotiate(
    [
      [echo, [implicit]],
      [ct, [implicit]],
    ],
    roles,
  );
  assert.deepEqual(negotiated.roles, [storage]);
});

test('roles of a class without an accepted context are not answered', () => {
  assert.deepEqual(negotiate([[ct, [rle]]], [{ sopClassUid: ct, scu: true, scp: true }]).roles, []);
});
