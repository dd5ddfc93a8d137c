// All that a data set may hold is shown, however deep: what is nested too deep is refused when it is read or made.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDataSet, defaultLimits, type ElementInit } from '../data-set/index.ts';
import { standardDictionary as dictionary, Tag } from '../dictionary/index.ts';
import { toOrthancJson } from '../tag-formats/index.ts';
import { toDicomXml } from '../xml/index.ts';
import { dicomJsonText } from './index.ts';

test('the innermost item of the deepest data set is shown', () => {
  let entries: ElementInit[] = [{ tag: Tag.PatientID, value: 'INNERMOST' }];
  for (let depth = 0; depth < defaultLimits.depth; depth++) {
    entries = [{ tag: Tag.ReferencedSeriesSequence, value: [entries] }];
  }
  const dataSet = createDataSet(entries);
  for (const text of [
    dicomJsonText(dataSet, { dictionary }),
    toDicomXml(dataSet, { dictionary }),
    JSON.stringify(toOrthancJson(dataSet, { dictionary, format: 'short' })),
  ]) {
    assert.ok(text.includes('INNERMOST'), text.slice(0, 100));
  }
});
