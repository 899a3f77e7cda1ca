import type { RunnableConfig } from '@langchain/core/runnables';
import {
  BaseCheckpointSaver,
  INTERRUPT,
  WRITES_IDX_MAP,
  compareWritesSortKeys,
  copyCheckpoint,
  writesSortKey,
} from '@langchain/langgraph-checkpoint';
import type {
  Checkpoint,
  CheckpointListOptions,
  CheckpointMetadata,
  CheckpointTuple,
  PendingWrite,
} from '@langchain/langgraph-checkpoint';
import { SnapshotSerializer, encodeTyped } from './snapshot-serializer.ts';
import type { Encoded } from './snapshot-serializer.ts';

interface SavedWrite {
  task: string;
  path: string;
  index: number;
  channel: string;
  value: Encoded;
}

interface Namespace {
  id: string;
  parent?: string;
  checkpoint: Encoded;
  metadata: Encoded;
  writes: { [write: string]: SavedWrite };
}

interface Saved {
  version: 1;
  scheduled?: number | undefined;
  /** What a function saved, before its agent became a graph, has none. */
  namespaces?: { [namespace: string]: Namespace };
}

export interface SnapshotSaverOptions {
  save(content: Uint8Array): Promise<void>;
  /** When this attempt was scheduled, in milliseconds by the server's clock; kept with what it saves. */
  scheduled?: number;
  /** As `save` was handed it. */
  saved?: Uint8Array;
  /** Whether a graph that stands so has ended: then its last snapshot waits for `flush`. */
  isLast?(checkpoint: Checkpoint): boolean;
}

/**
 * LangGraph's saver for one thread: keeps the newest snapshot of each namespace, so that what is stored does not grow
 * with a graph's steps, and hands it to `save` after each superstep of the outermost graph or of one within it.
 */
export class SnapshotSaver extends BaseCheckpointSaver {
  readonly #namespaces = new Map<string, Namespace>();
  // Writes may arrive before the snapshot they belong to.
  readonly #early = new Map<string, Namespace['writes']>();
  readonly #options: SnapshotSaverOptions;
  /** `scheduled` of the attempt that saved what this one goes on from. */
  readonly before: number | undefined;
  #dirty = false;

  constructor(options: SnapshotSaverOptions) {
    super(new SnapshotSerializer());
    this.#options = options;
    if (!options.saved) return;
    const saved = JSON.parse(Buffer.from(options.saved).toString()) as Saved;
    this.before = saved.scheduled;
    for (const [name, namespace] of Object.entries(saved.namespaces ?? {}))
      this.#namespaces.set(name, namespace);
  }

  /** Whether the outermost graph has begun. */
  get begun(): boolean {
    return this.#namespaces.has('');
  }

  /** Saves what is not saved yet: questions, siblings of a node that failed, the last snapshot. */
  async flush(): Promise<void> {
    if (!this.#dirty) return;
    this.#dirty = false;
    try {
      await this.#options.save(this.content());
    } catch (error) {
      this.#dirty = true;
      throw error;
    }
  }

  /** All that is to be saved. */
  content(): Uint8Array {
    const namespaces = Object.fromEntries(this.#namespaces);
    const saved: Saved = { version: 1, scheduled: this.#options.scheduled, namespaces };
    return new Uint8Array(Buffer.from(JSON.stringify(saved)));
  }

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const { thread_id, checkpoint_ns = '', checkpoint_id } = config.configurable ?? {};
    const found = this.#namespaces.get(checkpoint_ns);
    if (!found || (checkpoint_id && checkpoint_id !== found.id)) return undefined;
    const configOf = (id: string): RunnableConfig => ({
      configurable: { thread_id, checkpoint_ns, checkpoint_id: id },
    });
    return {
      config: configOf(found.id),
      checkpoint: (await this.#decode(found.checkpoint)) as Checkpoint,
      metadata: (await this.#decode(found.metadata)) as CheckpointMetadata,
      ...(found.parent !== undefined && { parentConfig: configOf(found.parent) }),
      pendingWrites: await this.#readWrites(found),
    };
  }

  override async *list(
    config: RunnableConfig,
    options: CheckpointListOptions = {},
  ): AsyncGenerator<CheckpointTuple> {
    const { thread_id, checkpoint_ns, checkpoint_id } = config.configurable ?? {};
    const before = options.before?.configurable?.['checkpoint_id'] as string | undefined;
    let left = options.limit ?? Number.POSITIVE_INFINITY;
    for (const [namespace, { id }] of this.#namespaces) {
      if (left <= 0) return;
      if (checkpoint_ns !== undefined && checkpoint_ns !== namespace) continue;
      if (before !== undefined && id >= before) continue;
      const tuple = await this.getTuple({
        configurable: { thread_id, checkpoint_ns: namespace, checkpoint_id },
      });
      if (!tuple) continue;
      const metadata = (tuple.metadata ?? {}) as { [key: string]: unknown };
      if (Object.entries(options.filter ?? {}).some(([key, value]) => metadata[key] !== value)) continue;
      left--;
      yield tuple;
    }
  }

  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
  ): Promise<RunnableConfig> {
    const { thread_id, checkpoint_ns = '', checkpoint_id: parent } = config.configurable ?? {};
    if (!thread_id)
      throw new TypeError('A snapshot belongs to a thread: `configurable.thread_id` is missing.');
    const [body, about] = await Promise.all([
      this.serde.dumpsTyped(copyCheckpoint(checkpoint)),
      this.serde.dumpsTyped(metadata),
    ]);
    const before = this.#namespaces.get(checkpoint_ns);
    const early = `${checkpoint_ns} ${checkpoint.id}`;
    this.#namespaces.set(checkpoint_ns, {
      id: checkpoint.id,
      ...(parent !== undefined && { parent }),
      checkpoint: encodeTyped(body),
      metadata: encodeTyped(about),
      writes: before?.id === checkpoint.id ? before.writes : (this.#early.get(early) ?? {}),
    });
    this.#early.delete(early);
    this.#dirty = true;
    if (metadata.source !== 'input') this.#forgetFinished(checkpoint_ns);
    const waits = isUnpaid(checkpoint) || (checkpoint_ns === '' && this.#options.isLast?.(checkpoint));
    if (!waits) await this.flush();
    return { configurable: { thread_id, checkpoint_ns, checkpoint_id: checkpoint.id } };
  }

  override async putWrites(
    config: RunnableConfig,
    writes: PendingWrite[],
    task: string,
    path = '',
  ): Promise<void> {
    const { thread_id, checkpoint_ns = '', checkpoint_id } = config.configurable ?? {};
    if (!thread_id || !checkpoint_id)
      throw new TypeError('Writes belong to a snapshot: `configurable` lacks thread_id or checkpoint_id.');
    const current = this.#namespaces.get(checkpoint_ns);
    // Writes of a superstep that a newer snapshot has taken in are history.
    if (current && checkpoint_id < current.id) return;
    const into =
      current && checkpoint_id === current.id
        ? current.writes
        : this.#earlyWrites(checkpoint_ns, checkpoint_id);
    for (const [place, [channel, value]] of writes.entries()) {
      const special = WRITES_IDX_MAP[channel as string];
      const index = special ?? place;
      const key = `${task},${index}`;
      if (special === undefined && key in into) continue;
      into[key] = {
        task,
        path,
        index,
        channel: channel as string,
        value: encodeTyped(await this.serde.dumpsTyped(value)),
      };
    }
    // A task that has written its result asks no more; what it asked would be shown as open otherwise.
    if (writes.some(([channel]) => !(channel in WRITES_IDX_MAP)))
      delete into[`${task},${WRITES_IDX_MAP[INTERRUPT]}`];
    this.#dirty = true;
  }

  override async deleteThread(): Promise<void> {
    this.#namespaces.clear();
    this.#early.clear();
    this.#dirty = true;
    await this.flush();
  }

  #earlyWrites(namespace: string, id: string): Namespace['writes'] {
    const key = `${namespace} ${id}`;
    const writes = this.#early.get(key) ?? {};
    this.#early.set(key, writes);
    return writes;
  }

  /**
   * A superstep is over, so the graphs that ran within it are too, and will not be asked again; but one that keeps its
   * own history (`checkpointer: true`) has no task's id in its namespace, and stays.
   */
  #forgetFinished(namespace: string): void {
    const prefix = namespace === '' ? '' : `${namespace}|`;
    for (const inner of this.#namespaces.keys()) {
      if (inner === namespace || !inner.startsWith(prefix)) continue;
      if (inner.slice(prefix.length).includes(':')) this.#namespaces.delete(inner);
    }
  }

  async #readWrites({ writes }: Namespace): Promise<[string, string, unknown][]> {
    const sorted = Object.values(writes).toSorted((a, b) =>
      compareWritesSortKeys(writesSortKey(a.path, a.task, a.index), writesSortKey(b.path, b.task, b.index)),
    );
    return Promise.all(
      sorted.map(async ({ task, channel, value }) => [task, channel, await this.#decode(value)] as const),
    ) as Promise<[string, string, unknown][]>;
  }

  async #decode([type, text]: Encoded): Promise<unknown> {
    return type === 'j'
      ? this.serde.loadsTyped('json', text)
      : this.serde.loadsTyped('bytes', new Uint8Array(Buffer.from(text, 'base64')));
  }
}

/** No node has run but LangGraph's own, which reads the input. */
function isUnpaid({ versions_seen: seen }: Checkpoint): boolean {
  return Object.keys(seen).every((node) => node.startsWith('__'));
}
