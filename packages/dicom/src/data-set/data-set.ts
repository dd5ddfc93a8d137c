// The data set (PS3.5 7): elements by tag, values decoded when they are asked for. It never changes; a changed one is a new one.
import { createTextCodec, type TextCodec } from '../charset/index.ts';
import { vrOf } from '../dictionary/index.ts';
import { creatorTagOf, type Tag } from '../tag.ts';
import { numberTexts, readDecimal, readNumbers } from '../values/numbers.ts';
import { readText } from '../values/text.ts';
import { isSingleText, type Vr, valueKindOf } from '../vr.ts';
import { type Contents, longestCreator } from './contents.ts';
import { type Element, SlotElement } from './element.ts';

const specificCharacterSet: Tag = 0x00080005;
/** Bytes of Specific Character Set that are read: more than all defined terms together have, as codecs are remembered by it. */
const longestTerms = 1024;
const noNumbers: readonly number[] = [];
const noTexts: readonly string[] = [];
const noItems: readonly DataSet[] = [];

export class DataSet {
  /** For this package: how the elements are held. */
  readonly contents: Contents;
  readonly #parent: DataSet | undefined;
  /** Defined term for text where no character set is declared. */
  readonly fallbackCharset: string;
  #codec: TextCodec | undefined;

  /** Made by the parser or `createDataSet`. `outer`: the data set whose item this is, or the defined term for text of no declared charset. */
  constructor(contents: Contents, outer: DataSet | string) {
    this.contents = contents;
    this.#parent = typeof outer === 'string' ? undefined : outer;
    this.fallbackCharset = typeof outer === 'string' ? outer : outer.fallbackCharset;
  }

  /** The number of elements. */
  get size(): number {
    return this.contents.size;
  }

  has(tag: Tag): boolean {
    return this.contents.slotOf(tag) >= 0;
  }

  element(tag: Tag): Element | undefined {
    const slot = this.contents.slotOf(tag);
    return slot < 0 ? undefined : new SlotElement(this, this.contents, slot);
  }

  /** Ascending by tag. */
  *elements(): Generator<Element, void, undefined> {
    for (let slot = 0; slot < this.contents.size; slot++) yield new SlotElement(this, this.contents, slot);
  }

  /** Ascending. */
  *tags(): Generator<Tag, void, undefined> {
    for (let slot = 0; slot < this.contents.size; slot++) yield this.contents.tagAt(slot);
  }

  vr(tag: Tag): Vr | undefined {
    const slot = this.contents.slotOf(tag);
    return slot < 0 ? undefined : this.contents.vrAt(slot);
  }

  /**
   * The value as text: decoded by the character set in force, without spaces and NULs at its end, several values joined by a backslash, numbers as
   * decimal text, AT as `gggg,eeee`. UN of a tag that the dictionary knows as text is text (CP-246). Undefined where the element
   * is absent, a sequence, binary, or a number without value; '' where text is empty.
   */
  text(tag: Tag): string | undefined {
    const slot = this.contents.slotOf(tag);
    return slot < 0 ? undefined : this.#textAt(slot);
  }

  /** The values of `text`, each without padding; none where it is absent or empty. */
  texts(tag: Tag): readonly string[] {
    const slot = this.contents.slotOf(tag);
    const text = slot < 0 ? undefined : this.#textAt(slot);
    if (!text) return noTexts;
    if (isSingleText(this.contents.vrAt(slot))) return [text];
    return text.split('\\').map((value) => value.trim());
  }

  /** The values of numeric elements, of DS and IS (NaN where one is no number), of OD, OF, OL, OV, OW as words; UN as the dictionary says, little endian (PS3.5 6.2.2). */
  numbers(tag: Tag): readonly number[] {
    const slot = this.contents.slotOf(tag);
    if (slot < 0) return noNumbers;
    const vr = this.#meantVr(slot);
    if (vr === 'DS' || vr === 'IS') return this.texts(tag).map(readDecimal);
    if (this.contents.isNestedAt(slot)) return noNumbers;
    return readNumbers(this.#bytesAt(slot), vr, this.contents.littleEndian || this.contents.vrAt(slot) === 'UN');
  }

  /** The first of `numbers`; undefined where there is none or it is no number. */
  number(tag: Tag): number | undefined {
    const first = this.numbers(tag)[0];
    return first === undefined || Number.isNaN(first) ? undefined : first;
  }

  /** The items of a sequence; none where it is absent, empty or no sequence.
   * @throws DicomError TooManyElements */
  items(tag: Tag): readonly DataSet[] {
    const slot = this.contents.slotOf(tag);
    return (slot < 0 ? undefined : this.contents.itemsAt(slot, this)) ?? noItems;
  }

  /** The raw value with its padding, a view; undefined where it is absent, a sequence or encapsulated. */
  bytes(tag: Tag): Uint8Array | undefined {
    const slot = this.contents.slotOf(tag);
    return slot < 0 || this.contents.isNestedAt(slot) ? undefined : this.#bytesAt(slot);
  }

  /** The creator of a private tag's block (PS3.5 7.8.1); undefined for standard tags, creators, blocks without one or with one too long for LO. */
  privateCreatorOf(tag: Tag): string | undefined {
    const creatorTag = creatorTagOf(tag);
    const slot = creatorTag === undefined ? -1 : this.contents.slotOf(creatorTag);
    if (slot < 0 || this.contents.lengthAt(slot) > longestCreator) return undefined;
    return this.#textAt(slot)?.trimEnd() || undefined;
  }

  /** By Specific Character Set (0008,0005) here, else in the data set whose item this is, else by the parser's fallback. */
  get codec(): TextCodec {
    this.#codec ??= this.#findCodec();
    return this.#codec;
  }

  #findCodec(): TextCodec {
    const slot = this.contents.slotOf(specificCharacterSet);
    if (slot < 0) return this.#parent?.codec ?? createTextCodec(undefined, this.fallbackCharset);
    const terms = readText(
      this.contents.dataAt(slot),
      this.contents.offsetAt(slot),
      Math.min(this.contents.lengthAt(slot), longestTerms),
      'CS',
      () => createTextCodec(undefined, 'ISO_IR 100'),
    );
    return createTextCodec(terms === '' ? undefined : terms, this.fallbackCharset);
  }

  #bytesAt(slot: number): Uint8Array {
    const offset = this.contents.offsetAt(slot);
    return this.contents.dataAt(slot).subarray(offset, offset + this.contents.lengthAt(slot));
  }

  #textAt(slot: number): string | undefined {
    const { contents } = this;
    const vr = contents.vrAt(slot);
    const kind = valueKindOf(vr);
    if (kind === 'text') return this.#readTextAt(slot, vr);
    if (kind === 'number' && contents.lengthAt(slot) === 0) return undefined;
    if (kind === 'number' || kind === 'tag') {
      return numberTexts(this.#bytesAt(slot), vr, contents.littleEndian).join('\\');
    }
    return vr === 'UN' && !contents.isNestedAt(slot) ? this.#unknownText(slot) : undefined;
  }

  #readTextAt(slot: number, vr: Vr, keepsPadding = false): string {
    const { contents } = this;
    const codec = (): TextCodec => this.codec;
    return readText(contents.dataAt(slot), contents.offsetAt(slot), contents.lengthAt(slot), vr, codec, keepsPadding);
  }

  /** The VR, for UN that of the dictionary. */
  #meantVr(slot: number): Vr {
    const vr = this.contents.vrAt(slot);
    if (vr !== 'UN') return vr;
    const tag = this.contents.tagAt(slot);
    return vrOf(tag, this.privateCreatorOf(tag));
  }

  #unknownText(slot: number): string | undefined {
    const vr = this.#meantVr(slot);
    if (vr === 'UN' || valueKindOf(vr) !== 'text') return undefined;
    return this.#readTextAt(slot, vr, true);
  }
}
