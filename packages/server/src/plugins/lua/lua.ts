// Lua scripts: what they are told, what they are asked, and when.
import { type Dictionary, parseTag } from '@pharos/dicom';
import type { Screen } from '../../http/index.ts';
import type { MainDicomTagRegistry, NumberRegistry, OrthancId, Settings } from '../../model/index.ts';
import type { Filters, IndexStore, Log, MetadataValues, Resource, ResourceRef } from '../../ports/index.ts';
import type { StoredInstance } from '../../services/ingest/index.ts';
import type { JobEvent } from '../../services/jobs/index.ts';
import type { Operations } from '../../services/operations/index.ts';
import { events } from './callbacks.ts';
import { createEngine } from './engine.ts';
import { createEventQueue } from './event-queue.ts';
import { createFilters, originTable } from './filters.ts';
import { type HostRequest, type Limits, usualLimits } from './messages.ts';
import { createOwnWrites } from './own-writes.ts';
import { createAnswer, type ScriptHost } from './script-host.ts';
import { type OperationWords, readOperations } from './wanted-operations.ts';

export interface LuaOptions {
  readonly settings: Pick<Settings, 'LuaScripts' | 'LuaHeartBeatPeriod'>;
  readonly log: Log;
  readonly dictionary: Dictionary;
  readonly mainTags: Pick<MainDicomTagRegistry, 'tags'>;
  readonly metadataTypes: Pick<NumberRegistry, 'nameOf'>;
  readonly limits?: Limits;
}

/** What scripts work with, once it is there. */
export interface LuaSurroundings extends ScriptHost, OperationWords {
  readonly index: Pick<IndexStore, 'get'>;
  readonly operations: Operations;
  /** JSON of the tags of a stored instance, as `InstanceView`; undefined: it is not there any more. */
  readonly viewTags: (id: OrthancId) => Promise<string | undefined>;
}

export interface Lua {
  readonly filters: Filters & Screen;
  /** To be told of what happens. */
  readonly listeners: {
    readonly stored: (stored: StoredInstance) => void;
    readonly wantsView: () => boolean;
    readonly stable: (resource: ResourceRef) => void;
    readonly deleted: (resource: ResourceRef) => void;
    readonly updated: (resource: ResourceRef) => void;
    readonly job: (event: JobEvent, id: string) => void;
  };
  /** Runs a script of a client. @throws PharosError CannotExecuteLua */
  runScript(script: string): Promise<string>;
  /** Loads the scripts. @throws PharosError InexistentFile, CannotExecuteLua that say which and why */
  load(surroundings: LuaSurroundings): Promise<void>;
  /** The server is up. */
  begin(): void;
  /** Whether scripts are told of anything, and so may have jobs done. */
  isListening(): boolean;
  /** The server is about to end: resolves when scripts know all, and that, or when it takes too long. */
  finish(): Promise<void>;
  /** Resolves when they know what came after that, too, as far as there is time left. */
  stop(): Promise<void>;
}

/** Characters of tags that are held for events; of further ones, files are read again when it is their turn. */
const heldTags = 64 * 1024 * 1024;

/** What timers of Node can hold. */
const longestTimer = 2 ** 31 - 1;
/** Milliseconds that the end of the server waits for scripts. */
const lastWords = 30_000;
/** As `lastWords`, and at least this for the very last of them, where events have used up that time. */
const lastWord = 10_000;
/** Milliseconds that a client who looks at what it has sent waits for scripts. */
const patience = 10_000;

/** As `patience`, while a script runs a program: that may be the one who looks, or have nothing to do with it. */
const patienceWithPrograms = 1000;

/** Where the server itself asks others. */
const asksOthers = /^\/*(modalities|peers|queries)\//;

/** Milliseconds that a client waits for scripts while they wait for this, if that may in turn wait for the client. */
function waitMeanwhile(request: HostRequest): number | undefined {
  switch (request.kind) {
    case 'http':
      return 0;
    case 'rest':
      return asksOthers.test(request.uri) ? 0 : undefined;
    case 'command':
      return patienceWithPrograms;
    default:
      return undefined;
  }
}

export function createLua(options: LuaOptions): Lua {
  const { settings, dictionary, mainTags, metadataTypes, limits = usualLimits } = options;
  const log = options.log.of('lua');
  let surroundings: LuaSurroundings | undefined;
  let heartBeat: NodeJS.Timeout | undefined;
  let held = 0;
  let end: number | undefined;

  /** Milliseconds that scripts have, once the server ends. */
  const left = (): number => {
    end ??= performance.now() + lastWords;
    return Math.max(0, end - performance.now());
  };

  const whole = (): LuaSurroundings => {
    if (surroundings) return surroundings;
    throw new Error('Scripts run before the server is there');
  };
  const ownWrites = createOwnWrites(patience);
  const engine = createEngine({
    scripts: settings.LuaScripts,
    limits,
    log,
    async answer(request) {
      const work = () => createAnswer(whole())(request);
      const longest = waitMeanwhile(request);
      return longest === undefined ? work() : ownWrites.aside(longest, work);
    },
  });
  const queue = createEventQueue({
    engine,
    log,
    submit: (operations) => whole().operations.submit(readOperations(operations, whole())),
  });

  const metadataTable = (metadata: MetadataValues): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(metadata).map(([type, value]) => [metadataTypes.nameOf(Number(type)), value]));

  const stored = ({ result, origin, metadata, view }: StoredInstance): void => {
    if (result.status !== 'Success' || !engine.isDefined('OnStoredInstance')) return;
    const { instance } = result.ids;
    const size = view?.tags.length ?? 0;
    const isHeld = view !== undefined && held + size <= heldTags;
    const tags = isHeld ? view.tags : undefined;
    if (isHeld) held += size;
    const settle = origin.remoteIp === undefined ? undefined : ownWrites.begin(origin.remoteIp);
    queue.push({
      callback: 'OnStoredInstance',
      hasOperations: true,
      async args() {
        const text = tags ?? (await whole().viewTags(instance)) ?? '{}';
        return [instance, JSON.parse(text), metadataTable(metadata), originTable(origin)];
      },
      over() {
        if (isHeld) held -= size;
        settle?.();
      },
    });
  };

  /** Main DICOM tags by name; of a study those of its own level. */
  const tagTable = ({ level, tags }: Resource): Readonly<Record<string, string>> => {
    const entries = Object.entries(tags).flatMap(([key, value]): [string, string][] => {
      const tag = parseTag(key);
      return tag !== undefined && mainTags.tags[level].has(tag) ? [[dictionary.nameOf(tag), value]] : [];
    });
    return Object.fromEntries(entries);
  };

  const stable = ({ level, id }: ResourceRef): void => {
    if (level === 'Instance') return;
    queue.push({
      callback: `OnStable${level}`,
      hasOperations: true,
      async args() {
        const resource = await whole().index.get(id, { tags: true, metadata: true });
        if (!resource) return undefined;
        const metadata = Object.fromEntries(resource.metadata.map(({ type, value }) => [type, value]));
        return [id, tagTable(resource), metadataTable(metadata)];
      },
    });
  };

  /** One beat at a time: those that scripts have no time for are left out. */
  const beat = (): void => {
    let isWaiting = false;
    heartBeat = setInterval(
      () => {
        if (isWaiting || !engine.isDefined('OnHeartBeat')) return;
        isWaiting = true;
        queue.push({
          callback: 'OnHeartBeat',
          args: () => [],
          over: () => {
            isWaiting = false;
          },
        });
      },
      Math.min(settings.LuaHeartBeatPeriod * 1000, longestTimer),
    );
    heartBeat.unref();
  };

  return {
    filters: createFilters({ engine, dictionary, ownWrites }),
    listeners: {
      stored,
      wantsView: () => engine.isDefined('OnStoredInstance'),
      stable,
      deleted: ({ level, id }) => queue.push({ callback: `OnDeleted${level}`, args: () => [id] }),
      updated: ({ level, id }) => queue.push({ callback: `OnUpdated${level}`, args: () => [id] }),
      job: (event, id) => queue.push({ callback: `OnJob${event}`, args: () => [id] }),
    },
    runScript: (script) => engine.run(script),
    async load(given) {
      surroundings = given;
      await engine.load();
    },
    begin() {
      queue.push({ callback: 'Initialize', args: () => [] });
      if (settings.LuaHeartBeatPeriod > 0) beat();
    },
    isListening: () => events.some((callback) => engine.isDefined(callback)),
    async finish() {
      clearInterval(heartBeat);
      surroundings?.operations.hurry();
      await queue.drain(left());
      surroundings?.operations.hurry();
      await queue.finalize(Math.max(left(), lastWord));
    },
    async stop() {
      await queue.drain(left());
      await engine.stop();
    },
  };
}
