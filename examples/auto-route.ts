// Follows the log of changes, and sends what arrives to modalities by rules.
import { parseArgs } from 'node:util';
import { type Change, type PharosClient, PharosClientError, PharosJobError, pause } from '@pharos/client';
import { firstInstance, levelNamed, type RoutedLevel, routedLevels } from './shared/routed-level.ts';
import { destinationsOf, type RoutingRule, routingRule } from './shared/routing-rule.ts';
import { lastChangeOf, readState, writeState } from './shared/routing-state.ts';
import { countOption, type ExampleInput, explained, runExample, UsageError } from './shared/run-example.ts';
import { connect, ifThere, urlOf } from './shared/server.ts';

const help = `
Usage: node examples/auto-route.ts --route=RULE --state=FILE [options] [SERVER]

Follows the log of changes of a server, and lets the server send what arrives to its modalities.

SERVER is a URL, http://localhost:8042/ unless told otherwise; it may hold user:password@

  --route=RULE     where to send what; as often as needed. A rule is the name of a modality, or
                   "pacs: Modality=CT|MR, StationName=ROOM*": all conditions must be met, by the
                   tags of one instance, with * and ? as wildcards
  --state=FILE     how far it has come; with it the next start goes on. Without such a file it
                   begins with all that is there
  --from-now       without such a file, begin with what arrives from now on
  --level=LEVEL    what is sent at a time: instance as soon as it arrives; series, study or patient
                   once nothing has come for the server's StableAge (series)
  --once           end once the log has been worked off, instead of waiting for more
  --attempts=N     how often to try before giving up; the pauses grow from 1 to 30 s (5)
  --skip-failed    go on after what could not be sent, instead of ending
  --poll=MS        milliseconds between two looks at the log (1000)
  --help

Ends with 0 where all was sent, 1 where something failed.
`;

const pauses = { firstMs: 1_000, longestMs: 30_000 };

interface Router {
  readonly server: PharosClient;
  readonly level: RoutedLevel;
  readonly rules: readonly RoutingRule[];
  readonly attempts: number;
  readonly input: ExampleInput;
}

async function send({ server, input }: Router, id: string, modality: string): Promise<void> {
  const { signal } = input;
  const body = { Resources: [id], Asynchronous: true };
  const submitted = await server.post('/modalities/{id}/store', { params: { id: modality }, body, signal });
  const { Content: content } = await server.waitForJob(submitted, { signal });
  input.say(`${id} went to ${modality}: ${content.InstancesCount} instances`);
}

/** Another attempt may help, unless the server has said that it knows no such thing or does not understand. */
function isWorthAnotherAttempt(error: unknown): boolean {
  if (error instanceof PharosJobError) return true;
  if (!(error instanceof PharosClientError)) return false;
  return error.status === undefined || error.status >= 500;
}

/** @throws the failure of the last attempt */
async function sendWithPatience(router: Router, id: string, modality: string): Promise<void> {
  const { attempts, input } = router;
  for (let attempt = 1, wait = pauses.firstMs; ; attempt++, wait = Math.min(wait * 2, pauses.longestMs)) {
    try {
      return await send(router, id, modality);
    } catch (error) {
      if (attempt >= attempts || !isWorthAnotherAttempt(error)) throw error;
      input.complain(
        `Attempt ${attempt} of ${attempts} failed, the next one follows in ${wait / 1000} s: ${explained(error)}`,
      );
      await pause(wait, input.signal);
    }
  }
}

/** Sends a resource to where the rules want it. What has gone meanwhile is passed over. */
async function route(router: Router, id: string): Promise<void> {
  const { server, level, rules, input } = router;
  const { signal } = input;
  const instance = await firstInstance(server, level, id, signal);
  const tags =
    instance && (await ifThere(server.get('/instances/{id}/simplified-tags', { params: { id: instance }, signal })));
  if (!tags) return input.say(`${id} is there no more`);
  for (const modality of destinationsOf(rules, tags)) await sendWithPatience(router, id, modality);
}

/** Where to begin. @throws UsageError where the state is of another server */
async function beginning(server: PharosClient, state: string, fromNow: boolean, signal: AbortSignal): Promise<number> {
  const [kept, last] = [await readState(state), await lastChangeOf(server, signal)];
  if (kept === undefined) return fromNow ? last : 0;
  if (kept > last && last > 0)
    throw new UsageError(`${state} is ahead of the log of ${server.url}: is it of another server?`);
  return kept;
}

/** False where the resource could not be sent. */
async function tryRoute(router: Router, change: Change, skipsFailed: boolean): Promise<boolean> {
  try {
    await route(router, change.ID);
    return true;
  } catch (error) {
    router.input.signal.throwIfAborted();
    if (!skipsFailed) throw error;
    router.input.complain(`${change.ID} was not sent: ${explained(error)}`);
    return false;
  }
}

function optionsOf(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      route: { type: 'string', multiple: true, default: [] },
      state: { type: 'string' },
      level: { type: 'string', default: 'series' },
      attempts: { type: 'string', default: '5' },
      poll: { type: 'string', default: '1000' },
      'from-now': { type: 'boolean', default: false },
      once: { type: 'boolean', default: false },
      'skip-failed': { type: 'boolean', default: false },
    },
  });
  const { state } = values;
  if (values.route.length === 0) throw new UsageError('--route is needed');
  if (state === undefined) throw new UsageError('--state is needed');
  return {
    url: urlOf(positionals),
    rules: values.route.map(routingRule),
    state,
    level: levelNamed(values.level),
    attempts: countOption('attempts', values.attempts),
    pauseMs: countOption('poll', values.poll),
    fromNow: values['from-now'],
    once: values.once,
    skipsFailed: values['skip-failed'],
  };
}

async function follow(input: ExampleInput): Promise<boolean> {
  const { signal } = input;
  const { url, rules, state, level, attempts, pauseMs, fromNow, once, skipsFailed } = optionsOf(input.args);
  const server = await connect(url, signal);
  const router: Router = { server, level, rules, attempts, input };
  let last = await beginning(server, state, fromNow, signal);
  let failed = 0;
  await writeState(state, last);
  input.say(`Following ${server.url} after change ${last}`);
  try {
    for await (const change of server.changes(last, { follow: !once, pauseMs, signal })) {
      const isMeant = change.ChangeType === routedLevels[level].changeType;
      if (isMeant && !(await tryRoute(router, change, skipsFailed))) failed += 1;
      last = change.Seq;
      if (isMeant) await writeState(state, last);
    }
  } finally {
    await writeState(state, last);
  }
  input.say(`Done with change ${last}; ${failed} resources failed`);
  return failed === 0;
}

await runExample(help, follow);
