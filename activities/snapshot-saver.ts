import type { RunnableConfig } from '@langchain/core/runnables';
import {
  BaseCheckpointSaver,
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

/** A serialised value: `j` JSON text, `b` base64 of bytes. */
type Encoded = ['j' | 'b', string];

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
  namespaces: { [namespace: string]: Namespace };
}

const encode = ([type, bytes]: [string, Uint8Array]): Encoded =>
  type === 'json' ? ['j', Buffer.from(bytes).toString()] : ['b', Buffer.from(bytes).toString('base64')];

/**
 * LangGraph's saver for one thread: keeps the newest snapshot of each namespace, so that what is stored does not grow
 * with a graph's steps, and hands it to `save` after each superstep.
 */
export class SnapshotSaver extends BaseCheckpointSaver {
  private namespaces: Saved['namespaces'] = {};
  // Writes may arrive before the snapshot they belong to.
  private early: { [namespaceAndId: string]: Namespace['writes'] } = {};
  private dirty = false;
  private readonly save: (content: Uint8Array) => Promise<void>;

  constructor(save: (content: Uint8Array) => Promise<void>, saved?: Uint8Array) {
    super();
    this.save = save;
    if (saved) this.namespaces = (JSON.parse(Buffer.from(saved).toString()) as Saved).namespaces;
  }

  /** Stores writes that no snapshot carries yet: answers asked for, and siblings of a node that failed. */
  async flush(): Promise<void> {
    if (!this.dirty) return;
    this.dirty = false;
    const saved: Saved = { version: 1, namespaces: this.namespaces };
    await this.save(new Uint8Array(Buffer.from(JSON.stringify(saved))));
  }

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const { thread_id, checkpoint_ns = '', checkpoint_id } = readConfigurable(config);
    const found = this.namespaces[checkpoint_ns];
    if (!found || (checkpoint_id && checkpoint_id !== found.id)) return undefined;
    const configOf = (id: string): RunnableConfig => ({
      configurable: { thread_id, checkpoint_ns, checkpoint_id: id },
    });
    return {
      config: configOf(found.id),
      checkpoint: (await this.decode(found.checkpoint)) as Checkpoint,
      metadata: (await this.decode(found.metadata)) as CheckpointMetadata,
      ...(found.parent !== undefined && { parentConfig: configOf(found.parent) }),
      pendingWrites: await Promise.all(
        Object.values(found.writes)
          .toSorted((a, b) =>
            compareWritesSortKeys(
              writesSortKey(a.path, a.task, a.index),
              writesSortKey(b.path, b.task, b.index),
            ),
          )
          .map(async ({ task, channel, value }): Promise<[string, string, unknown]> => [
            task,
            channel,
            await this.decode(value),
          ]),
      ),
    };
  }

  override async *list(
    config: RunnableConfig,
    options?: CheckpointListOptions,
  ): AsyncGenerator<CheckpointTuple> {
    const { thread_id, checkpoint_ns, checkpoint_id } = readConfigurable(config);
    let left = options?.limit ?? Number.POSITIVE_INFINITY;
    for (const namespace of Object.keys(this.namespaces)) {
      if (left <= 0) return;
      if (checkpoint_ns !== undefined && checkpoint_ns !== namespace) continue;
      const tuple = await this.getTuple({
        configurable: { thread_id, checkpoint_ns: namespace, ...(checkpoint_id && { checkpoint_id }) },
      });
      if (!tuple) continue;
      const metadata = (tuple.metadata ?? {}) as { [key: string]: unknown };
      if (Object.entries(options?.filter ?? {}).some(([key, value]) => metadata[key] !== value)) continue;
      left--;
      yield tuple;
    }
  }

  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
  ): Promise<RunnableConfig> {
    const { thread_id, checkpoint_ns = '', checkpoint_id: parent } = readConfigurable(config);
    const [body, about] = await Promise.all([
      this.serde.dumpsTyped(copyCheckpoint(checkpoint)),
      this.serde.dumpsTyped(metadata),
    ]);
    const before = this.namespaces[checkpoint_ns];
    const early = `${checkpoint_ns} ${checkpoint.id}`;
    this.namespaces[checkpoint_ns] = {
      id: checkpoint.id,
      ...(parent !== undefined && { parent }),
      checkpoint: encode(body),
      metadata: encode(about),
      writes: before?.id === checkpoint.id ? before.writes : (this.early[early] ?? {}),
    };
    delete this.early[early];
    this.dirty = true;
    // The input's own snapshot holds nothing that was paid for.
    if (metadata.source !== 'input') await this.flush();
    return { configurable: { thread_id, checkpoint_ns, checkpoint_id: checkpoint.id } };
  }

  override async putWrites(
    config: RunnableConfig,
    writes: PendingWrite[],
    task: string,
    path = '',
  ): Promise<void> {
    const { checkpoint_ns = '', checkpoint_id = '' } = readConfigurable(config);
    const current = this.namespaces[checkpoint_ns];
    // Writes of a superstep that a newer snapshot has taken in are history.
    if (current && checkpoint_id < current.id) return;
    const into =
      current?.id === checkpoint_id
        ? current.writes
        : (this.early[`${checkpoint_ns} ${checkpoint_id}`] ??= {});
    for (const [index, [channel, value]] of writes.entries()) {
      const special = WRITES_IDX_MAP[channel as string];
      const key = `${task},${special ?? index}`;
      if (special === undefined && key in into) continue;
      into[key] = {
        task,
        path,
        index: special ?? index,
        channel: channel as string,
        value: encode(await this.serde.dumpsTyped(value)),
      };
    }
    this.dirty = true;
  }

  override async deleteThread(): Promise<void> {
    this.namespaces = {};
    this.early = {};
    this.dirty = true;
    await this.flush();
  }

  private async decode([type, text]: Encoded): Promise<unknown> {
    return type === 'j'
      ? this.serde.loadsTyped('json', text)
      : this.serde.loadsTyped('bytes', new Uint8Array(Buffer.from(text, 'base64')));
  }
}

function readConfigurable(config: RunnableConfig): {
  thread_id?: string;
  checkpoint_ns?: string;
  checkpoint_id?: string;
} {
  return config.configurable ?? {};
}
