// Command sets: group 0000 in implicit VR little endian, never anything else (PS3.7 6.3.1, E.1).
import { unpaddedText, writeText } from '../pdu/index.ts';

type Kind = 'UI' | 'US' | 'AE' | 'LO' | 'AT';

/** Every command element that is not retired (PS3.7 Table E.1-1), but the group length, which is computed; element number and VR. */
const elements = {
  AffectedSOPClassUID: [0x0002, 'UI'],
  RequestedSOPClassUID: [0x0003, 'UI'],
  CommandField: [0x0100, 'US'],
  MessageID: [0x0110, 'US'],
  MessageIDBeingRespondedTo: [0x0120, 'US'],
  MoveDestination: [0x0600, 'AE'],
  Priority: [0x0700, 'US'],
  CommandDataSetType: [0x0800, 'US'],
  Status: [0x0900, 'US'],
  OffendingElement: [0x0901, 'AT'],
  ErrorComment: [0x0902, 'LO'],
  ErrorID: [0x0903, 'US'],
  AffectedSOPInstanceUID: [0x1000, 'UI'],
  RequestedSOPInstanceUID: [0x1001, 'UI'],
  EventTypeID: [0x1002, 'US'],
  AttributeIdentifierList: [0x1005, 'AT'],
  ActionTypeID: [0x1008, 'US'],
  NumberOfRemainingSuboperations: [0x1020, 'US'],
  NumberOfCompletedSuboperations: [0x1021, 'US'],
  NumberOfFailedSuboperations: [0x1022, 'US'],
  NumberOfWarningSuboperations: [0x1023, 'US'],
  MoveOriginatorApplicationEntityTitle: [0x1030, 'AE'],
  MoveOriginatorMessageID: [0x1031, 'US'],
} as const satisfies Record<string, readonly [number, Kind]>;

type Elements = typeof elements;
type ValueOf<K extends Kind> = K extends 'US' ? number : K extends 'AT' ? readonly number[] : string;

/** The elements of a command by keyword. Texts are without padding; attribute tags are 32-bit numbers. */
export type CommandElements = { readonly [K in keyof Elements]?: ValueOf<Elements[K][1]> };

/** A command: its elements, at least the command field. */
export type CommandSet = CommandElements & { readonly CommandField: number };

/** Value of CommandDataSetType where no data set follows; anything else says that one does. */
export const noDataSet = 0x0101;
export const withDataSet = 0x0001;

/** More than the longest command takes. */
export const maximumCommandBytes = 1 << 16;

const byNumber = new Map<number, readonly [string, Kind]>(
  Object.entries(elements).map(([keyword, [number, kind]]) => [number, [keyword, kind]]),
);
const inOrder = Object.keys(elements)
  .filter(isKeyword)
  .map((keyword) => ({ keyword, number: elements[keyword][0], padding: elements[keyword][1] === 'UI' ? 0 : 0x20 }));
const elementHeaderLength = 8;
/** The group length, an element of four bytes. */
const groupLengthLength = 12;

/** Reads a command set; undefined where it is none: a broken length, no command field. What follows group 0000 is passed over: some
 * peers put the list of failed instances of a C-GET there, which belongs into a data set (PS3.4 C.4.3.1.3.2). */
export function decodeCommandSet(bytes: Uint8Array): CommandSet | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values: Record<string, string | number | readonly number[]> = {};
  let at = 0;
  while (at < bytes.length) {
    if (bytes.length - at < 8) return undefined;
    if (view.getUint16(at, true) !== 0) break;
    const element = byNumber.get(view.getUint16(at + 2, true));
    const length = view.getUint32(at + 4, true);
    at += 8;
    if (length > bytes.length - at) return undefined;
    if (element) {
      const value = decodeValue(element[1], bytes.subarray(at, at + length), view, at);
      if (value !== undefined) values[element[0]] = value;
    }
    at += length;
  }
  return isCommandSet(values) ? values : undefined;
}

/** Writes a command set with its group length. Texts are padded to an even length. */
export function encodeCommandSet(command: CommandSet): Uint8Array {
  let total = 0;
  for (const { keyword } of inOrder) {
    const value = command[keyword];
    if (value !== undefined) total += elementHeaderLength + valueLength(value);
  }
  const bytes = new Uint8Array(groupLengthLength + total);
  const view = new DataView(bytes.buffer);
  view.setUint32(4, 4, true);
  view.setUint32(8, total, true);
  let at = groupLengthLength;
  for (const { keyword, number, padding } of inOrder) {
    const value = command[keyword];
    if (value === undefined) continue;
    const length = valueLength(value);
    view.setUint16(at + 2, number, true);
    view.setUint32(at + 4, length, true);
    at += elementHeaderLength;
    if (typeof value === 'number') view.setUint16(at, value, true);
    else if (typeof value === 'string') writePadded(bytes, at, value, padding);
    else for (const [index, tag] of value.entries()) writeTag(view, at + index * 4, tag);
    at += length;
  }
  return bytes;
}

/** Says whether a data set follows the command. */
export function hasDataSet(command: CommandSet): boolean {
  return command.CommandDataSetType !== undefined && command.CommandDataSetType !== noDataSet;
}

type Value = string | number | readonly number[];

function decodeValue(kind: Kind, bytes: Uint8Array, view: DataView, at: number): Value | undefined {
  if (kind === 'US') return bytes.length >= 2 ? view.getUint16(at, true) : undefined;
  if (kind === 'AT') return tagsOf(bytes.length, view, at);
  const text = unpaddedText(bytes.subarray(0, 256));
  return kind === 'AE' ? text.trimStart() : text;
}

function tagsOf(length: number, view: DataView, at: number): readonly number[] {
  return Array.from({ length: length >>> 2 }, (_, index) => {
    const group = view.getUint16(at + index * 4, true);
    return ((group << 16) | view.getUint16(at + index * 4 + 2, true)) >>> 0;
  });
}

function valueLength(value: Value): number {
  if (typeof value === 'number') return 2;
  return typeof value === 'string' ? value.length + (value.length % 2) : value.length * 4;
}

function writePadded(bytes: Uint8Array, at: number, text: string, padding: number): void {
  writeText(bytes, at, text);
  if (text.length % 2 === 1) bytes[at + text.length] = padding;
}

function writeTag(view: DataView, at: number, tag: number): void {
  view.setUint16(at, tag >>> 16, true);
  view.setUint16(at + 2, tag & 0xffff, true);
}

function isCommandSet(values: CommandElements): values is CommandSet {
  return values.CommandField !== undefined;
}

function isKeyword(keyword: string): keyword is keyof Elements {
  return Object.hasOwn(elements, keyword);
}
