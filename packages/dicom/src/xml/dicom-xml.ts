// The Native DICOM Model in XML (PS3.19 A.1): what DICOMweb answers with `application/dicom+xml`.
import type { DataSet, Element } from '../data-set/index.ts';
import { type Content, componentGroups, contentOf, type ModelOptions, toBase64 } from '../json/index.ts';
import { isPrivateTag } from '../tag.ts';
import type { Vr } from '../vr.ts';
import { escapeXml } from './escape-xml.ts';

const namespace = 'http://dicom.nema.org/PS3.19/models/NativeDICOM';
const nameComponents = ['FamilyName', 'GivenName', 'MiddleName', 'NamePrefix', 'NameSuffix'];

/** The whole document, in UTF-8. Group lengths are left out. */
export function toDicomXml(dataSet: DataSet, options: ModelOptions): string {
  const parts = [
    '<?xml version="1.0" encoding="utf-8"?>\n',
    `<NativeDicomModel xmlns="${namespace}" xml:space="preserve">`,
  ];
  writeDataSet(parts, dataSet, options, '');
  parts.push('</NativeDicomModel>');
  return parts.join('');
}

function writeDataSet(parts: string[], dataSet: DataSet, options: ModelOptions, parentPath: string): void {
  for (const element of dataSet.elements()) {
    const tagPath = parentPath + element.tag.toString(16).padStart(8, '0');
    const shown = contentOf(dataSet, element, tagPath, options);
    if (!shown) continue;
    parts.push(`<DicomAttribute${attributesOf(dataSet, element, shown.vr, options)}>`);
    writeContent(parts, shown.content, shown.vr, options, tagPath);
    parts.push('</DicomAttribute>');
  }
}

/** Private attributes are named by their creator and the element within its block, whatever block that is. */
function attributesOf(dataSet: DataSet, { tag }: Element, vr: Vr, { dictionary }: ModelOptions): string {
  const creator = dataSet.privateCreatorOf(tag);
  const shownTag = creator === undefined ? tag : tag & 0xffff00ff;
  const hex = (shownTag >>> 0).toString(16).padStart(8, '0').toUpperCase();
  const keyword = isPrivateTag(tag) ? undefined : dictionary.entry(tag)?.keyword;
  const attributes = [` tag="${hex}" vr="${vr}"`];
  if (keyword !== undefined) attributes.push(` keyword="${escapeXml(keyword)}"`);
  if (creator !== undefined) attributes.push(` privateCreator="${escapeXml(creator)}"`);
  return attributes.join('');
}

function writeContent(parts: string[], content: Content, vr: Vr, options: ModelOptions, tagPath: string): void {
  switch (content.kind) {
    case 'items':
      for (const [at, item] of content.items.entries()) {
        parts.push(`<Item number="${at + 1}">`);
        writeDataSet(parts, item, options, `${tagPath}/${at + 1}/`);
        parts.push('</Item>');
      }
      return;
    case 'texts':
      if (vr === 'PN') writeNames(parts, content.texts);
      else writeValues(parts, content.texts);
      return;
    case 'numbers':
      writeValues(parts, content.texts());
      return;
    case 'tags':
      writeValues(
        parts,
        content.tags.map((tag) => tag.toString(16).padStart(8, '0').toUpperCase()),
      );
      return;
    case 'uri':
      parts.push(`<BulkData uri="${escapeXml(content.uri)}"/>`);
      return;
    case 'bytes':
      parts.push(`<InlineBinary>${toBase64(content.bytes)}</InlineBinary>`);
      return;
    case 'empty':
      return;
  }
}

/** An empty value keeps its number, and has no element. */
function writeValues(parts: string[], texts: readonly string[]): void {
  for (const [at, text] of texts.entries()) {
    if (text !== '') parts.push(`<Value number="${at + 1}">${escapeXml(text)}</Value>`);
  }
}

function writeNames(parts: string[], names: readonly string[]): void {
  for (const [at, name] of names.entries()) {
    if (name === '') continue;
    parts.push(`<PersonName number="${at + 1}">`);
    for (const [group, text] of componentGroups(name)) {
      parts.push(`<${group}>`, ...componentsOf(text), `</${group}>`);
    }
    parts.push('</PersonName>');
  }
}

function componentsOf(group: string): string[] {
  return group
    .split('^', nameComponents.length)
    .map((text, at) => (text === '' ? '' : `<${nameComponents[at]}>${escapeXml(text)}</${nameComponents[at]}>`));
}
