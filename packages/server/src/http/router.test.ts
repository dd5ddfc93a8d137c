// Which route answers which path.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { text } from './reply.ts';
import { type Method, routeFor } from './route.ts';
import { createRouter, segmentsOf } from './router.ts';

const route = routeFor<undefined>();
const make = (method: Method, path: string) =>
  route({ method, path, summary: '', tag: '', reply: 'text/plain', handler: () => text(path) });

const router = createRouter([
  make('GET', '/'),
  make('GET', '/plugins/explorer.js'),
  make('GET', '/plugins/:id'),
  make('DELETE', '/instances/:id'),
  make('GET', '/instances/:id'),
  make('GET', '/instances/:id/frames/:frame/raw'),
  make('GET', '/instances/:id/content/*'),
  make('PUT', '/instances/:name/content/special'),
]);

const pathOf = (method: Method, path: string) => {
  const match = router.match(method, segmentsOf(path));
  return match.kind === 'found' ? [match.route.path, match.params] : match;
};

test('a literal is preferred to a wildcard', () => {
  assert.deepEqual(pathOf('GET', '/plugins/explorer.js'), ['/plugins/explorer.js', {}]);
  assert.deepEqual(pathOf('GET', '/plugins/other'), ['/plugins/:id', { id: 'other' }]);
});

test('slashes that say nothing do not count', () => {
  assert.deepEqual(pathOf('GET', '//instances///a/'), ['/instances/:id', { id: 'a' }]);
  assert.deepEqual(pathOf('GET', ''), ['/', {}]);
});

test('a route may take the rest of the path, also an empty one', () => {
  assert.deepEqual(pathOf('GET', '/instances/a/content/x/0/y'), [
    '/instances/:id/content/*',
    { id: 'a', rest: 'x/0/y' },
  ]);
  assert.deepEqual(pathOf('GET', '/instances/a/content'), ['/instances/:id/content/*', { id: 'a', rest: '' }]);
});

test('a known path without the method tells which methods it has, in their order', () => {
  assert.deepEqual(pathOf('PUT', '/instances/a'), { kind: 'other-methods', allowed: ['GET', 'DELETE'] });
});

test('a path that no route has is unknown, also where routes go on from it', () => {
  assert.deepEqual(pathOf('GET', '/instances/a/frames'), { kind: 'unknown' });
  assert.deepEqual(pathOf('GET', '/nothing'), { kind: 'unknown' });
});

test('names below a path can be listed', () => {
  assert.deepEqual(router.children(['instances', 'a']), ['content', 'frames']);
  assert.deepEqual(router.children(['plugins']), ['explorer.js']);
});

test('the same route twice is a mistake of the program', () => {
  assert.throws(() => createRouter([make('GET', '/a/:x'), make('GET', '/a/:y')]), /Two routes/);
});
