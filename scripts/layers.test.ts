// Who may import whom: every import of every source file against layers.json.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

interface Layer {
  readonly path: string;
  readonly layers: readonly string[];
  readonly packages: readonly string[];
  readonly node: boolean | readonly string[];
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const fewestFiles = 200;

function readLayers(): ReadonlyMap<string, Layer> {
  const table: Record<string, Layer | string> = JSON.parse(readFileSync(join(root, 'layers.json'), 'utf8'));
  const entries = Object.entries(table).filter((entry): entry is [string, Layer] => typeof entry[1] !== 'string');
  return new Map(entries);
}

const layers = readLayers();
const files = globSync('packages/*/src/**/*.ts', { cwd: root });

/** The layer with the longest path that holds this file. */
function layerOf(file: string): string | undefined {
  const holding = [...layers].filter(([, { path }]) => file === path || file.startsWith(`${path}/`));
  return holding.sort(([, a], [, b]) => b.path.length - a.path.length)[0]?.[0];
}

const specifier =
  /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

function importsOf(file: string): readonly string[] {
  const source = readFileSync(join(root, file), 'utf8');
  return [...source.matchAll(specifier)].map(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '');
}

/** `@pharos/dicom` and others of this repository by their layer. */
function workspaceLayer(name: string): string | undefined {
  const [, workspace] = /^@pharos\/([a-z]+)/.exec(name) ?? [];
  if (workspace === 'server') return 'app';
  return workspace && layers.has(workspace) ? workspace : undefined;
}

function packageName(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

const allows = (list: readonly string[], name: string) => list.includes('*') || list.includes(name);

function faultOfNode(name: string, layer: Layer): string | undefined {
  const allowed = layer.node === true || (Array.isArray(layer.node) && layer.node.includes(name));
  return allowed ? undefined : `may not import ${name}`;
}

function faultOfLayer(own: string, other: string, layer: Layer): string | undefined {
  return own === other || allows(layer.layers, other) ? undefined : `layer ${own} may not import layer ${other}`;
}

function faultOfRelative(file: string, own: string, layer: Layer, name: string): string | undefined {
  const target = relative(root, resolve(root, dirname(file), name));
  const other = layerOf(target);
  if (other === undefined) return `imports ${target}, which is in no layer`;
  // The door of a package shows what is inside its folder, also where that is a layer of its own.
  const isDoor = file === `${layer.path}/index.ts` && layers.get(other)?.path.startsWith(`${layer.path}/`);
  const fault = isDoor ? undefined : faultOfLayer(own, other, layer);
  if (fault) return fault;
  const entered = own === other || /\/index\.[jt]s$/.test(target);
  return entered ? undefined : `enters layer ${other} by ${target} instead of index.ts`;
}

/** What is wrong with one import; undefined where nothing is. */
function faultOf(file: string, own: string, layer: Layer, name: string): string | undefined {
  if (name.startsWith('node:')) return faultOfNode(name, layer);
  if (name.startsWith('.')) return faultOfRelative(file, own, layer, name);
  if (name.startsWith('@pharos/')) {
    const other = workspaceLayer(name);
    return other ? faultOfLayer(own, other, layer) : `imports ${name}, which is no layer`;
  }
  return allows(layer.packages, packageName(name)) ? undefined : `may not import package ${packageName(name)}`;
}

/** Tests and what they are set up with may use the test kit and Node, whatever their layer. */
const forTests: Layer = { path: '', layers: ['*'], packages: ['*'], node: true };

const isFixture = (file: string) => file.endsWith('-fixture.ts') || file.endsWith('-fixture.js');
const isTest = (file: string) => /\.(?:test|bench)\.ts$/.test(file) || isFixture(file);

function faultsOf(file: string): readonly string[] {
  const own = layerOf(file);
  const layer = own === undefined ? undefined : layers.get(own);
  if (own === undefined || !layer) return [`${file} is in no layer`];
  return importsOf(file)
    .map((name) => faultOf(file, own, isTest(file) ? forTests : layer, name))
    .filter((fault) => fault !== undefined)
    .filter((fault) => !(isTest(file) && fault.startsWith('enters layer')))
    .map((fault) => `${file} ${fault}`);
}

test('imports go only where layers.json lets them', () => {
  assert.deepEqual(files.flatMap(faultsOf), []);
});

test('what only tests are set up with is not part of the server', () => {
  const ofServer = files.filter((file) => !isTest(file) && layerOf(file) !== 'testkit');
  assert.deepEqual(
    ofServer.filter((file) => importsOf(file).some(isFixture)),
    [],
  );
});

test('the sources are all seen', () => {
  assert.ok(files.length >= fewestFiles, `only ${files.length} source files were found`);
  const imports = files.reduce((sum, file) => sum + importsOf(file).length, 0);
  assert.ok(imports > files.length, `only ${imports} imports were found in ${files.length} files`);
});

test('no layer reaches itself through others', () => {
  const seen = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    assert.ok(!path.includes(name), `cycle: ${[...path, name].join(' -> ')}`);
    if (seen.has(name)) return;
    const next = (layers.get(name)?.layers ?? []).filter((other) => other !== '*');
    for (const other of next) visit(other, [...path, name]);
    seen.add(name);
  };
  for (const name of layers.keys()) visit(name, []);
});
