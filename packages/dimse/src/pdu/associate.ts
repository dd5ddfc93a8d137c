// A-ASSOCIATE-RQ and -AC PDUs (PS3.8 9.3.2, 9.3.3), with the user information items of PS3.7 D.3.3. Items that Pharos does not
// negotiate (asynchronous operations, extended negotiation, user identity) are read over.
import { type Item, ItemType, itemOf, splitItems, uint16At, uint32At } from './items.ts';
import {
  AbortReason,
  type AnsweredContext,
  type AssociateAc,
  type AssociateRq,
  type Malformed,
  malformed,
  maximumContexts,
  type ProposedContext,
  type RoleSelection,
  type UserInformation,
} from './pdu.ts';
import { aetField, aetOf, bytesOfText, unpaddedText } from './text.ts';

const fixedLength = 68;

/** Body of an A-ASSOCIATE-RQ. */
export function decodeAssociateRq(body: Uint8Array): AssociateRq | Malformed {
  const common = decodeCommon(body);
  if ('kind' in common) return common;
  const contexts = decodeContexts(common.items, ItemType.proposedContext, proposedContextOf);
  if (!contexts) return invalid('a presentation context');
  return { kind: 'A-ASSOCIATE-RQ', ...common.head, contexts, user: common.user };
}

/** Body of an A-ASSOCIATE-AC. */
export function decodeAssociateAc(body: Uint8Array): AssociateAc | Malformed {
  const common = decodeCommon(body);
  if ('kind' in common) return common;
  const contexts = decodeContexts(common.items, ItemType.answeredContext, answeredContextOf);
  if (!contexts) return invalid('a presentation context');
  return { kind: 'A-ASSOCIATE-AC', ...common.head, contexts, user: common.user };
}

/** Body of an A-ASSOCIATE-RQ or -AC, in parts. */
export function encodeAssociate(pdu: AssociateRq | AssociateAc): readonly Uint8Array[] {
  const fixed = new Uint8Array(fixedLength);
  fixed[0] = pdu.protocolVersion >>> 8;
  fixed[1] = pdu.protocolVersion & 0xff;
  fixed.set(aetField(pdu.calledAet), 4);
  fixed.set(aetField(pdu.callingAet), 20);
  const contexts = pdu.kind === 'A-ASSOCIATE-RQ' ? pdu.contexts.map(proposedItem) : pdu.contexts.map(answeredItem);
  return [
    fixed,
    itemOf(ItemType.applicationContext, bytesOfText(pdu.applicationContext)),
    ...contexts,
    userInformationItem(pdu.user),
  ];
}

interface Common {
  readonly head: Pick<AssociateRq, 'protocolVersion' | 'calledAet' | 'callingAet' | 'applicationContext'>;
  readonly items: readonly Item[];
  readonly user: UserInformation;
}

function decodeCommon(body: Uint8Array): Common | Malformed {
  if (body.length < fixedLength) return invalid('its length');
  const items = splitItems(body.subarray(fixedLength));
  if (!items) return invalid('the length of an item');
  const user = userInformationOf(items);
  if (!user) return invalid('its user information');
  const context = items.find((item) => item.type === ItemType.applicationContext);
  const head = {
    protocolVersion: uint16At(body, 0),
    calledAet: aetOf(body.subarray(4, 20)),
    callingAet: aetOf(body.subarray(20, 36)),
    applicationContext: context ? unpaddedText(context.body) : '',
  };
  return { head, items, user };
}

function decodeContexts<T extends { readonly id: number }>(
  items: readonly Item[],
  type: number,
  decode: (body: Uint8Array) => T | undefined,
): readonly T[] | undefined {
  const contexts = new Map<number, T>();
  for (const item of items) {
    if (item.type !== type) continue;
    const context = decode(item.body);
    if (!context || context.id % 2 === 0 || contexts.has(context.id) || contexts.size >= maximumContexts)
      return undefined;
    contexts.set(context.id, context);
  }
  return [...contexts.values()];
}

function proposedContextOf(body: Uint8Array): ProposedContext | undefined {
  if (body.length < 4) return undefined;
  const items = splitItems(body.subarray(4));
  const abstract = items?.find((item) => item.type === ItemType.abstractSyntax);
  if (!items || !abstract) return undefined;
  return { id: body[0] ?? 0, abstractSyntax: unpaddedText(abstract.body), transferSyntaxes: transferSyntaxesOf(items) };
}

function answeredContextOf(body: Uint8Array): AnsweredContext | undefined {
  if (body.length < 4) return undefined;
  const items = splitItems(body.subarray(4));
  if (!items) return undefined;
  return { id: body[0] ?? 0, result: body[2] ?? 0, transferSyntax: transferSyntaxesOf(items)[0] ?? '' };
}

function transferSyntaxesOf(items: readonly Item[]): readonly string[] {
  return items.filter((item) => item.type === ItemType.transferSyntax).map((item) => unpaddedText(item.body));
}

function userInformationOf(items: readonly Item[]): UserInformation | undefined {
  const item = items.find(({ type }) => type === ItemType.userInformation);
  if (!item) return { maximumPduLength: 0, roles: [] };
  const parts = splitItems(item.body);
  if (!parts) return undefined;
  const named = (type: number): string | undefined => {
    const part = parts.find((candidate) => candidate.type === type);
    return part && unpaddedText(part.body);
  };
  const length = parts.find(({ type }) => type === ItemType.maximumLength);
  const roles = parts.filter(({ type }) => type === ItemType.roleSelection).map(({ body }) => roleSelectionOf(body));
  if (length && length.body.length !== 4) return undefined;
  if (!roles.every((role) => role !== undefined)) return undefined;
  return {
    maximumPduLength: length ? uint32At(length.body, 0) : 0,
    implementationClassUid: named(ItemType.implementationClassUid),
    implementationVersionName: named(ItemType.implementationVersionName),
    roles,
  };
}

function roleSelectionOf(body: Uint8Array): RoleSelection | undefined {
  const length = uint16At(body, 0);
  if (body.length < length + 4) return undefined;
  return {
    sopClassUid: unpaddedText(body.subarray(2, 2 + length)),
    scu: body[2 + length] === 1,
    scp: body[3 + length] === 1,
  };
}

function proposedItem(context: ProposedContext): Uint8Array {
  const syntaxes = context.transferSyntaxes.map((uid) => itemOf(ItemType.transferSyntax, bytesOfText(uid)));
  const abstract = itemOf(ItemType.abstractSyntax, bytesOfText(context.abstractSyntax));
  return itemOf(ItemType.proposedContext, Uint8Array.of(context.id, 0, 0, 0), abstract, ...syntaxes);
}

function answeredItem(context: AnsweredContext): Uint8Array {
  const syntax = itemOf(ItemType.transferSyntax, bytesOfText(context.transferSyntax));
  return itemOf(ItemType.answeredContext, Uint8Array.of(context.id, 0, context.result, 0), syntax);
}

function userInformationItem(user: UserInformation): Uint8Array {
  const length = user.maximumPduLength;
  const parts = [
    itemOf(ItemType.maximumLength, Uint8Array.of(length >>> 24, length >>> 16, length >>> 8, length)),
    ...optionalItem(ItemType.implementationClassUid, user.implementationClassUid),
    ...user.roles.map(roleSelectionItem),
    ...optionalItem(ItemType.implementationVersionName, user.implementationVersionName),
  ];
  return itemOf(ItemType.userInformation, ...parts);
}

function optionalItem(type: number, text: string | undefined): readonly Uint8Array[] {
  return text === undefined || text === '' ? [] : [itemOf(type, bytesOfText(text))];
}

function roleSelectionItem(role: RoleSelection): Uint8Array {
  const uid = bytesOfText(role.sopClassUid);
  const roles = Uint8Array.of(role.scu ? 1 : 0, role.scp ? 1 : 0);
  return itemOf(ItemType.roleSelection, Uint8Array.of(uid.length >>> 8, uid.length), uid, roles);
}

function invalid(what: string): Malformed {
  return malformed(AbortReason.invalidParameter, `A-ASSOCIATE PDU: ${what} is not valid`);
}
