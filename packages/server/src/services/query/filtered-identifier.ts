// Identifiers that filters may change.
import { type DataSet, DicomError, editDataSet, type Tag } from '@pharos/dicom';
import { PharosError } from '../../model/index.ts';
import type { KeyTexts } from '../../ports/index.ts';

function keysOf(identifier: DataSet): KeyTexts {
  const keys = new Map<Tag, string>();
  for (const { tag, vr } of identifier.elements()) {
    if (vr !== 'SQ') keys.set(tag, identifier.texts(tag).join('\\'));
  }
  return keys;
}

/** Sequences stay as they are. @throws PharosError BadRequest for a value that its VR cannot hold; what the filter throws */
export async function filteredIdentifier(
  identifier: DataSet,
  filter: (keys: KeyTexts) => Promise<KeyTexts>,
): Promise<DataSet> {
  const keys = keysOf(identifier);
  const wanted = await filter(keys);
  const changed = [...wanted].filter(([tag, value]) => keys.get(tag) !== value);
  try {
    return editDataSet(
      identifier,
      changed.map(([tag, value]) => ({ tag, value })),
      (tag) => !keys.has(tag) || wanted.has(tag),
    );
  } catch (cause) {
    if (!(cause instanceof DicomError)) throw cause;
    throw new PharosError('BadRequest', { details: cause.message, cause });
  }
}
