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

/** The server has been restarted, and does not keep its jobs. */
class ForgottenJobError extends PharosClientError {
  constructor() {
    super('The server has forgotten the job', { status: 404 });
  }
}

async function send({ server, input }: Router, id: string, modality: string): Promise<void> {
  const { signal } = input;
  const body = { Resources: [id], Asynchronous: true };
  const submitted = await server.post('/modalities/{id}/store', { params: { id: modality }, body, signal });
  const job = await ifThere(server.waitForJob(submitted, { signal }));
  if (!job) throw new ForgottenJobError();
  input.say(`${id} went to ${modality}: ${job.Content.InstancesCount} instances`);
}

/** Another attempt may help, unless the server has said that it knows no such thing or does not understand. */
function isWorthAnotherAttempt(error: unknown): boolean {
  if (error instanceof PharosJobError || error instanceof ForgottenJobError) return true;
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

const isUnreachable = (error: unknown) => error instanceof PharosClientError && error.status === undefined;

/** False where the resource could not be sent. @throws where that is not to be passed over, or the server is the trouble */
async function tryRoute(router: Router, change: Change, skipsFailed: boolean): Promise<boolean> {
  try {
    await route(router, change.ID);
    return true;
  } catch (error) {
    router.input.signal.throwIfAborted();
    if (!skipsFailed || isUnreachable(error)) throw error;
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

type Options = ReturnType<typeof optionsOf>;

interface Position {
  /** Number of the last change that is done with. */
  last: number;
  failed: number;
}

/** Works off the log from a position on, which it moves. */
async function workOff(router: Router, { state, once, pauseMs, skipsFailed }: Options, position: Position) {
  const { server, level, input } = router;
  const changes = server.changes(position.last, { follow: !once, pauseMs, signal: input.signal });
  for await (const change of changes) {
    const isMeant = change.ChangeType === routedLevels[level].changeType;
    if (isMeant && !(await tryRoute(router, change, skipsFailed))) position.failed += 1;
    position.last = change.Seq;
    if (isMeant) await writeState(state, position.last);
  }
}

/** Works off the log, and waits for a server that has gone away, such as one that is being restarted. */
async function workOn(router: Router, options: Options, position: Position): Promise<void> {
  const { signal, complain } = router.input;
  for (;;) {
    try {
      return await workOff(router, options, position);
    } catch (error) {
      if (options.once || signal.aborted || !isUnreachable(error)) throw error;
      complain(`Waiting for the server: ${explained(error)}`);
      await pause(pauses.firstMs, signal);
    }
  }
}

/** @throws UsageError where a rule names a modality that the server does not know */
async function checkModalities(server: PharosClient, rules: readonly RoutingRule[], signal: AbortSignal) {
  const known = new Set(await server.get('/modalities', { signal }));
  const unknown = rules.find(({ modality }) => !known.has(modality));
  if (unknown) throw new UsageError(`${server.url} knows no modality "${unknown.modality}"`);
}

async function follow(input: ExampleInput): Promise<boolean> {
  const options = optionsOf(input.args);
  const { rules, level, attempts, state } = options;
  const server = await connect(options.url, input.signal);
  await checkModalities(server, rules, input.signal);
  const position = { last: await beginning(server, state, options.fromNow, input.signal), failed: 0 };
  await writeState(state, position.last);
  input.say(`Following ${server.url} after change ${position.last}`);
  try {
    await workOn({ server, level, rules, attempts, input }, options, position);
  } finally {
    await writeState(state, position.last);
  }
  input.say(`Done with change ${position.last}; ${position.failed} resources failed`);
  return position.failed === 0;
}

await runExample(help, follow);
