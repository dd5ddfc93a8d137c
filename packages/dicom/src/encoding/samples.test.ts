// Real files: each is read, written back byte for byte, and DCMTK sees the same elements.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inflateRawSync, constants as zlib } from 'node:zlib';
import { type DataSet, DicomError } from '../data-set/index.ts';
import { formatTag } from '../tag.ts';
import { createPart10Parser, encodeDataSet, type ParsedFile, parsePart10 } from './index.ts';

const folder = fileURLToPath(new URL('../../../../../shared/samples', import.meta.url));
const skip = existsSync(folder) ? false : 'the sample files (../shared/samples) are not here';
const hasDcmdump = spawnSync('dcmdump', ['--version']).status === 0;
const explicitLittleEndian = '1.2.840.10008.1.2.1';
const everyNth = 11;
const options = {
  stopAt: 'end' as const,
  inflateRaw: (bytes: Uint8Array, maximum: number) =>
    inflateRawSync(bytes, { maxOutputLength: maximum, finishFlush: zlib.Z_SYNC_FLUSH }),
};

function* filesIn(path: string): Generator<string> {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) yield* filesIn(inner);
    else yield inner;
  }
}

const files = skip ? [] : [...filesIn(folder)].sort();

function read(bytes: Uint8Array): ParsedFile | undefined {
  try {
    return parsePart10(bytes, options);
  } catch (error) {
    assert.ok(error instanceof DicomError);
    return undefined;
  }
}

function visit(dataSet: DataSet): unknown[] {
  return [...dataSet.elements()].map((element) => [
    element.tag,
    element.vr,
    dataSet.text(element.tag) ?? element.fragments?.length ?? element.bytes.length,
    element.items?.map(visit),
  ]);
}

const notDicom = /\.(txt|dump|json|gz)$|README$|no_meta\.dcm$/;

test('every sample that is DICOM is read, nothing else is', { skip }, () => {
  const refused = files.filter((path) => !read(readFileSync(path)));
  assert.deepEqual(
    refused,
    files.filter((path) => notDicom.test(path)),
  );
  assert.ok(files.length > 150);
});

test('chunks give what the whole gives', { skip }, () => {
  for (const path of files.filter((name) => !notDicom.test(name))) {
    const bytes = readFileSync(path);
    const parser = createPart10Parser(options);
    for (let at = 0; at < bytes.length && !parser.push(bytes.subarray(at, at + 1000)); at += 1000);
    assert.deepEqual(visit(parser.finish().dataSet), visit(parsePart10(bytes, options).dataSet), path);
  }
});

test('explicit little endian files are written as they came', { skip }, () => {
  let count = 0;
  for (const path of files) {
    const bytes = readFileSync(path);
    const parsed = read(bytes);
    if (parsed?.transferSyntax !== explicitLittleEndian || !parsed.hasMeta || parsed.problems.length > 0) continue;
    const written = encodeDataSet(parsed.dataSet, explicitLittleEndian);
    assert.ok(Buffer.from(written).equals(bytes.subarray(bytes.length - written.length)), path);
    count++;
  }
  assert.ok(count > 50, `${count} files`);
});

/** Tags at top level as dcmdump prints them. */
function dumpedTags(path: string): string[] | undefined {
  const { status, stdout } = spawnSync('dcmdump', ['-q', path], { maxBuffer: 1 << 26 });
  if (status !== 0) return undefined;
  const lines = stdout.toString('latin1').split('# Dicom-Data-Set')[1]?.split('\n') ?? [];
  return lines
    .flatMap((line) => /^\(([0-9a-f]{4},[0-9a-f]{4})\)/.exec(line)?.[1] ?? [])
    .filter((tag) => !tag.startsWith('fffe'));
}

test('dcmdump shows the same elements', { skip: skip || (hasDcmdump ? false : 'dcmdump is not installed') }, () => {
  let count = 0;
  for (const path of files.filter((_, at) => at % everyNth === 0)) {
    const parsed = read(readFileSync(path));
    const dumped = parsed && dumpedTags(path);
    if (!parsed || !dumped) continue;
    assert.deepEqual([...parsed.dataSet.tags()].map(formatTag), dumped, path);
    count++;
  }
  assert.ok(count > 8, `${count} files`);
});
