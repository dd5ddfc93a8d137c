// Scripts by themselves: what they may do, and what becomes of those that go wrong.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { PharosError } from '../../model/index.ts';
import { createEngine, type Engine, type EngineOptions } from './engine.ts';
import type { HostRequest } from './messages.ts';

interface World {
  readonly engine: Engine;
  /** Lines of the log, from warnings on. */
  readonly lines: string[];
  /** The value of an expression, printed. */
  evaluate(expression: string): Promise<string>;
}

const limits = { computing: 1000, memory: 48 * 1024 * 1024 };

async function open(t: TestContext, script: string, options: Partial<EngineOptions> = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'pharos-lua-'));
  const path = join(folder, 'script.lua');
  await writeFile(path, script);
  const lines: string[] = [];
  const log = {
    error: (line: string) => void lines.push(line),
    warn: (line: string) => void lines.push(line),
    info: () => {},
    trace: () => {},
  };
  const answer = () => Promise.reject(new Error('there is no server here'));
  const engine = createEngine({ scripts: [path], limits, log, answer, ...options });
  t.after(async () => {
    await engine.stop();
    await rm(folder, { recursive: true });
  });
  await engine.load();
  return { engine, lines, evaluate: async (expression) => (await engine.run(`print(${expression})`)).trimEnd() };
}

const isFailure =
  (pattern: RegExp, code = 'CannotExecuteLua') =>
  (error: unknown) =>
    error instanceof PharosError && error.code === code && pattern.test(error.message);

test('a script keeps its variables from one run to the next, and what it prints is given and logged', async (t) => {
  const { engine, lines } = await open(t, 'count = 1');
  assert.equal(await engine.run('count = count + 1; print("count", count, nil, true)'), 'count, 2, nil, true\n');
  assert.deepEqual(lines, ['Lua says: count, 2, nil, true']);
});

test('an error tells script and line', async (t) => {
  const { engine, evaluate } = await open(t, 'function OnStoredInstance()\n  local a\n  return a.b\nend');
  await assert.rejects(
    engine.call('OnStoredInstance', [], false),
    isFailure(/script\.lua:3: attempt to index a nil value/),
  );
  await assert.rejects(engine.run('\nx = = 1'), isFailure(/script:2: unexpected symbol near '='/));
  await assert.rejects(engine.run('error({})'), isFailure(/table: /));
  assert.equal(await evaluate('1 + 1'), '2');
});

test('a script that cannot be loaded is named', async (t) => {
  await assert.rejects(open(t, 'x = = 1'), isFailure(/script\.lua.*script\.lua:1: unexpected symbol/));
  await assert.rejects(
    open(t, '', { scripts: ['/nowhere/at-all.lua'] }),
    isFailure(/"\/nowhere\/at-all\.lua" \(LuaScripts\)/, 'InexistentFile'),
  );
});

test('only what is a function now is a callback', async (t) => {
  const { engine } = await open(t, 'function OnHeartBeat() end\nOnStableStudy = 3');
  assert.ok(engine.isDefined('OnHeartBeat'));
  assert.ok(!engine.isDefined('OnStableStudy'));
  await engine.run('OnHeartBeat = nil\nfunction OnStableStudy() end');
  assert.ok(!engine.isDefined('OnHeartBeat'));
  assert.ok(engine.isDefined('OnStableStudy'));
});

test('an endless loop is stopped where it is, and nothing else is lost', async (t) => {
  const { engine, evaluate } = await open(t, 'kept = "kept"\nfunction OnHeartBeat()\n  while true do end\nend');
  await assert.rejects(engine.call('OnHeartBeat', [], false), isFailure(/script\.lua:3: .*more than 1 seconds/));
  await assert.rejects(
    engine.run('coroutine.wrap(function() while true do end end)()'),
    isFailure(/more than 1 seconds/),
  );
  assert.equal(await evaluate('kept'), 'kept');
});

test('where a script cannot be stopped from inside, all is begun anew', { timeout: 60_000 }, async (t) => {
  const { engine, evaluate, lines } = await open(t, 'kept = "kept"\nfunction OnHeartBeat() end');
  await engine.run('function OnStableStudy() end\nkept = "changed"');
  const endless = engine.run('string.find(string.rep("a", 40), string.rep("a?", 40) .. string.rep("a", 40) .. "b")');
  const behind = evaluate('kept');
  await assert.rejects(endless, isFailure(/computed for more than 1 seconds/));
  assert.equal(await behind, 'kept');
  assert.deepEqual([engine.isDefined('OnHeartBeat'), engine.isDefined('OnStableStudy')], [true, false]);
  assert.match(lines.join('\n'), /started again with the scripts of LuaScripts/);
  assert.match(lines.join('\n'), /came over REST are gone: OnStableStudy/);
});

test('memory is bounded, at once and bit by bit', async (t) => {
  const { engine, evaluate } = await open(t, '');
  await assert.rejects(engine.run('x = string.rep("x", 100 * 1024 * 1024)'), isFailure(/not enough memory/));
  await assert.rejects(
    engine.run('local t = {} for i = 1, 1e9 do t[i] = string.rep("x", 100000) .. i end'),
    isFailure(/not enough memory/),
  );
  assert.equal(await evaluate('#string.rep("x", 1024 * 1024)'), '1048576');
});

test('tables go to callbacks and come back, strings as they are', async (t) => {
  const { engine } = await open(
    t,
    `function IncomingFindRequestFilter(query, origin)
       query.name = query.name .. origin.list[2] .. tostring(origin.nothing) .. #origin.list
       query.number = 12
       query.code = '007'
       query.gone = nil
       return query
     end
     function ReceivedInstanceFilter(value) return value end
     function ReceivedCStoreInstanceFilter() return '261.9' end`,
  );
  const args = [
    { name: 'é', gone: 'x' },
    { list: [1, 2.5], nothing: null },
  ];
  assert.deepEqual(await engine.ask('IncomingFindRequestFilter', args, 'table'), {
    name: 'é2.5nil2',
    number: '12',
    code: '007',
  });
  assert.equal(await engine.ask('ReceivedInstanceFilter', [true], 'predicate'), true);
  await assert.rejects(
    engine.ask('ReceivedInstanceFilter', ['yes'], 'predicate'),
    isFailure(/must return true or false/, 'NotLuaPredicate'),
  );
  await assert.rejects(
    engine.ask('ReceivedInstanceFilter', [1], 'table'),
    isFailure(/must return a table/, 'LuaBadOutput'),
  );
  assert.equal(await engine.ask('ReceivedCStoreInstanceFilter', [], 'integer'), 261);
});

test('JSON is read and written as Orthanc does', async (t) => {
  const { evaluate } = await open(t, '');
  const written: readonly (readonly [string, string])[] = [
    ['{}', '[]'],
    ['{1, "a", {b = true}}', '[1,"a",{"b":true}]'],
    ['{z = "12", a = "1.50", c = "x"}', '{"a":1.5,"c":"x","z":12}'],
    ['{[1] = 1, [3] = 3}', '{"1":1,"3":3}'],
    ['"\\"é\\n"', '"\\"é\\n"'],
    ['print', 'null'],
  ];
  for (const [value, json] of written) assert.equal(await evaluate(`DumpJson(${value})`), json);
  assert.equal(await evaluate('DumpJson({a = "12", b = true}, true)'), '{"a":"12","b":true}');
  assert.equal(await evaluate('DumpJson({1}, "no flag")'), 'nil');
  assert.equal(await evaluate(`ParseJson('{"a": [1, null, 2.0, "x"]}').a[3]`), '2');
  assert.equal(await evaluate(`ParseJson('{"a"')`), 'nil');
  assert.match(await evaluate('(function() local t = {} t[1] = t; return DumpJson(t) end)()'), /nil/);
});

test('files of the machine are read and written, byte for byte', async (t) => {
  const { engine, evaluate } = await open(t, '');
  const output = await engine.run(`
    local path = os.tmpname()
    local file = assert(io.open(path, 'wb'))
    assert(file:write('a\\0\\255', 'line\\n', 12, '\\n')); file:close()
    file = io.open(path, 'r+b')
    print(#file:read(3), file:read('l', 'n', 'a'))
    print(file:seek('set', 1), string.byte(file:read(1)), file:seek('end'))
    file:write('more'); file:close()
    for line in io.lines(path) do print(#line) end
    file = io.open(path, 'a'); file:write('!'); file:close()
    print(io.open(path):read('a'):sub(-5), io.type(file), io.type(3))
    print(os.rename(path, path .. '2'), os.remove(path .. '2'), (select(2, os.remove(path))):match('no such file'))
    print(pcall(file.read, file))`);
  assert.deepEqual(output.split('\n'), [
    '3, line, 12, ',
    '',
    '1, 0, 11',
    '7',
    '2',
    '4',
    'more!, closed file, nil',
    'true, true, no such file',
    'false, attempt to use a closed file',
    '',
  ]);
  assert.match(await evaluate('io.open("/nowhere/at-all")'), /^nil, \/nowhere\/at-all: no such file or directory, 2$/);
  await assert.rejects(engine.run('os.exit()'), isFailure(/a script cannot end the server/));
});

test('modules are found on package.path', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'pharos-lua-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'words.lua'), 'return { hello = function() return "hello" end }');
  const { engine, evaluate } = await open(t, '');
  await engine.run(`package.path = '${folder}/?.lua'`);
  assert.equal(await evaluate('require("words").hello()'), 'hello');
  assert.equal(await evaluate(`dofile('${folder}/words.lua').hello()`), 'hello');
  await assert.rejects(engine.run('require("nothing")'), isFailure(/module 'nothing' not found/));
});

/** A server that answers when it is told to. */
function slowServer() {
  const asked: { readonly request: HostRequest; readonly give: (value: string) => void }[] = [];
  const answer = (request: HostRequest): Promise<Uint8Array> =>
    new Promise((resolve) => asked.push({ request, give: (value) => resolve(Buffer.from(value)) }));
  const next = async (): Promise<(typeof asked)[number]> => {
    for (;;) {
      const found = asked.shift();
      if (found) return found;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { answer, next };
}

test('filters are asked while another callback waits for the server, and may wait themselves', async (t) => {
  const { answer, next } = slowServer();
  const { engine } = await open(
    t,
    `function OnHeartBeat() print(RestApiGet('/outer')) end
     function ReceivedInstanceFilter(uri) return uri == nil or RestApiGet(uri) == 'yes' end`,
    { answer },
  );
  const outer = engine.call('OnHeartBeat', [], false);
  const first = await next();
  assert.deepEqual(first.request, { kind: 'rest', method: 'GET', uri: '/outer', headers: {}, body: undefined });
  assert.equal(await engine.ask('ReceivedInstanceFilter', [], 'predicate'), true);
  const inner = engine.ask('ReceivedInstanceFilter', ['/inner'], 'predicate');
  const second = await next();
  first.give('outer answer');
  second.give('yes');
  assert.equal(await inner, true);
  assert.equal((await outer).output, 'outer answer\n');
});

test('who waits within a call whose answer is there already computes nothing either', {
  timeout: 60_000,
}, async (t) => {
  const { answer, next } = slowServer();
  const { engine, lines } = await open(
    t,
    `function OnHeartBeat() print(RestApiGet('/outer')) end
     function ReceivedInstanceFilter() return HttpGet('/inner') == 'yes' end`,
    { answer, limits: { ...limits, computing: 1 } },
  );
  const outer = engine.call('OnHeartBeat', [], false);
  const first = await next();
  const inner = engine.ask('ReceivedInstanceFilter', [], 'predicate');
  const second = await next();
  first.give('outer answer');
  const begun = performance.now();
  while (performance.now() - begun < 5500) await new Promise((resolve) => setTimeout(resolve, 50));
  second.give('yes');
  assert.equal(await inner, true);
  assert.equal((await outer).output, 'outer answer\n');
  assert.deepEqual(lines, ['Lua says: outer answer']);
});

test('scripts are loaded before there is a REST API to call', async (t) => {
  const answer = () => Promise.resolve(Buffer.from('here'));
  const { evaluate, lines } = await open(t, `early = RestApiGet('/system')`, { answer });
  assert.equal(await evaluate('early, RestApiGet("/system")'), 'nil, here');
  assert.match(lines[0] ?? '', /call it from Initialize\(\)/);
});

test('what a script waits for does not count as its time', async (t) => {
  const { answer, next } = slowServer();
  const { engine } = await open(t, `function OnHeartBeat() print(RestApiGet('/slow')) end`, { answer });
  const call = engine.call('OnHeartBeat', [], false);
  const { give } = await next();
  const begun = performance.now();
  while (performance.now() - begun < limits.computing * 1.2) await new Promise((resolve) => setTimeout(resolve, 50));
  give('late');
  assert.equal((await call).output, 'late\n');
});

test('what the server cannot do is nil, and logged', async (t) => {
  const { evaluate, lines } = await open(t, '');
  assert.equal(await evaluate('RestApiGet("/system"), RestApiPost(3), HttpGet()'), 'nil, nil, nil');
  assert.deepEqual(lines.slice(0, 3), [
    'Error in RestApiGet(): there is no server here',
    'Bad parameters to RestApiPost(): argument 2 must be a string',
    'Bad parameters to HttpGet(): argument 1 must be a string',
  ]);
});

test('operations on instances are told of the callbacks that may ask for them', async (t) => {
  const { engine } = await open(
    t,
    `function OnStoredInstance(id)
       Delete(SendToModality(ModifyInstance(id, { PatientID = '0042' }, { 'StationName' }, true), 'archive', 'US'))
       CallSystem(SendToPeer(id, 'peer'), 'touch', { '/tmp/x' })
     end
     function OnHeartBeat() Delete('x') end`,
  );
  const { operations } = await engine.call('OnStoredInstance', ['one'], true);
  const modified = { Replace: { PatientID: '0042' }, Remove: ['StationName'], RemovePrivateTags: true };
  assert.deepEqual(JSON.parse(operations), [
    { Operation: 'modify', Resource: 'one', ...modified },
    { Operation: 'store-scu', Resource: '', Modality: 'archive', LocalAet: 'US' },
    { Operation: 'delete', Resource: '' },
    { Operation: 'store-peer', Resource: 'one', Peer: 'peer' },
    { Operation: 'call-system', Resource: 'one', Command: 'touch', Arguments: ['/tmp/x'] },
  ]);
  assert.deepEqual(JSON.parse((await engine.call('OnStoredInstance', ['two'], true)).operations)[0].Resource, 'two');
});
