import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import pino from 'pino';
import type { AgentImplementation, GraphPorts } from '../agents/implement-agent.ts';
import { makeArtifact, referTo, versionOf } from '../activities/make-artifact.ts';
import { openWork } from '../activities/open-work.ts';
import { readArtifact } from '../activities/read-artifacts.ts';
import { toAgentFailure } from '../activities/run-agent.ts';
import type { Version } from '../contracts/artifact.ts';
import type { Made } from '../contracts/collection.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import type { Outcome, OutcomeOf, TaskEnd, TaskFailure } from '../contracts/outcome.ts';
import type { Connector, ConnectorCall } from '../contracts/ports.ts';
import { ConnectorRefused } from '../contracts/ports.ts';
import type { EffectStart, Next, State, TaskStart } from '../contracts/state.ts';
import { contentsOf } from '../contracts/collection.ts';
import { toFailure } from '../contracts/failures.ts';
import { isEndless } from './break-agent.ts';
import type { MemoryContents } from './memory-contents.ts';
import { baseOf, splitName } from '../contracts/element-names.ts';

export interface SimulatedWorkOptions {
  agents: readonly AgentImplementation[];
  connectors: { readonly [name: string]: Connector };
  contents: MemoryContents;
  models?: { readonly [route: string]: BaseChatModel };
  state: () => State;
  happen: (outcome: Outcome) => void;
}

/** What reaches outside in a simulated run: the agents' own code, in this process, and connectors. */
export interface SimulatedWork {
  runTask(start: TaskStart): Promise<void>;
  applyEdit(edit: Next['applyEdit'][number]): Promise<void>;
  perform(effect: EffectStart): Promise<void>;
  readonly performed: readonly ConnectorCall[];
}

const logger = pino({ level: 'silent' });

export function createSimulatedWork(options: SimulatedWorkOptions): SimulatedWork {
  const { contents, state, happen } = options;
  const agents = new Map(options.agents.map((one) => [one.agent.name, one]));
  const snapshots = new Map<string, Uint8Array>();
  const performed: ConnectorCall[] = [];

  const find = (name: string): AgentImplementation => {
    const found = agents.get(name);
    if (found) return found;
    throw toFailure('Agent.Unknown', `This simulation has no agent ${name}: add it to \`agents\`.`, { name });
  };
  const keep = (made: Made[]) => referTo(made, contents.put(contentsOf(made)));
  const readAll = async (needs: TaskStart['needs']): Promise<JsonObject> => {
    const values = Object.entries(needs).map(async ([name, version]): Promise<[string, Json][]> =>
      version ? [[name, await contents.value(name, version)]] : [],
    );
    return Object.fromEntries((await Promise.all(values)).flat());
  };

  const attempt = async (start: TaskStart, implementation: AgentImplementation): Promise<TaskEnd> => {
    const { agent, task, key, needs, changes, answers, element } = start;
    if (isEndless(implementation))
      throw toFailure('Agent.TimedOut', `${agent} took too long.`, { name: agent });
    const place = `${task} ${key}`;
    const work = openWork(implementation, {
      ports: portsOf(implementation, options.models),
      logger,
      thread: place,
      save: async (content) => void snapshots.set(place, content),
      saved: snapshots.get(place),
    });
    const { adjust } = implementation.agent;
    const input: JsonObject = {
      ...(await readAll(needs)),
      adjust: adjust ? (adjust.parse(changes.fields) as JsonObject) : changes.fields,
      ...(changes.words !== undefined && { words: changes.words }),
      ...(element !== undefined && { element }),
    };
    const end = await work.run({ input: async () => input, answers, signal: new AbortController().signal });
    if (end.kind === 'asks') return end;
    // Only who asks for single steps is handed one.
    if (end.kind === 'stepped') throw new Error(`${task} stopped after a step.`);
    const produces = state().manifest.tasks[agent]!.produces;
    const made = Object.entries(produces).map(([name, declared]) =>
      makeArtifact(implementation, name, end.values[name], declared, element),
    );
    const artifacts = keep(made).map((reference): [string, Version] => [
      reference.name,
      versionOf(reference),
    ]);
    return { kind: 'done', artifacts: Object.fromEntries(artifacts) };
  };

  /** As Temporal does: what is worth trying again is tried as often as the agent says. */
  const attemptAll = async (start: TaskStart): Promise<TaskEnd> => {
    const implementation = find(start.agent);
    const { tries } = state().manifest.tasks[start.agent]!;
    for (let tried = 1; ; tried++) {
      try {
        return await attempt(start, implementation);
      } catch (error) {
        const failure = toAgentFailure(error, start.task);
        if (!failure.nonRetryable && tried < tries) continue;
        return {
          kind: 'failed',
          failure: { type: failure.type ?? 'Agent.Failed', message: failure.message },
        };
      }
    }
  };

  const callOf = async (one: EffectStart): Promise<ConnectorCall> => {
    const { run, manifest } = state();
    const { slot, effect, n, verb, subjects, digest, former } = one;
    const declared = manifest.effects[effect]!;
    const read = Object.entries(subjects).map(
      async ([name, version]) => [name, await readArtifact(contents, name, version)] as const,
    );
    return {
      idempotencyKey: `${run}/${slot}/${n}/${verb}`,
      run,
      slot,
      n,
      verb,
      destination: declared.destination as Json,
      arguments: declared.arguments as Json,
      subjects: Object.fromEntries(await Promise.all(read)),
      digest,
      former: former ?? null,
      credentials: {},
      abortSignal: new AbortController().signal,
    };
  };

  return {
    performed,
    async runTask(start) {
      const { task, attempt: number, key } = start;
      happen({ type: 'started', task, attempt: number, key });
      const end = await attemptAll(start);
      happen({ type: 'result', task, attempt: number, epoch: state().epoch, end });
    },
    async applyEdit({ cell, task, base, version, delta }) {
      const { base: agent, element } = splitName(task);
      const artifact = baseOf(cell);
      const implementation = find(agent);
      const end = await (async (): Promise<OutcomeOf<'editApplied'>['end']> => {
        const { applyEdit: apply } = implementation;
        const name = { name: artifact };
        try {
          if (!apply)
            throw toFailure('Agent.EditFailed', `${agent} does not say how ${artifact} is edited.`, name);
          const edited = await apply(
            artifact as never,
            (await contents.value(artifact, version)) as never,
            delta,
          );
          const declared = state().manifest.tasks[agent]!.produces[artifact]!;
          const [reference] = keep([makeArtifact(implementation, artifact, edited, declared, element)]);
          return { result: versionOf(reference!) };
        } catch (error) {
          return { failure: { type: 'Agent.EditFailed', message: messageOf(error) } };
        }
      })();
      happen({ type: 'editApplied', cell, base, delta, end });
    },
    async perform(one) {
      const { slot, n, verb, digest, tries, effect } = one;
      if (state().slots[slot]?.status !== 'reserved') happen({ type: 'reserved', slot, n, verb, digest });
      const { connector: name, receipt: artifact } = state().manifest.effects[effect]!;
      const connector = options.connectors[name]!;
      const call = await callOf(one);
      const ended = await callOnce(connector, call);
      performed.push(call);
      const receipt =
        ended.kind === 'success' && artifact !== undefined && verb !== 'undo'
          ? keep([receiptOf(artifact, ended.receipt)])[0]
          : undefined;
      const end =
        ended.kind === 'success'
          ? { kind: ended.kind, ...(receipt && { receipt: versionOf(receipt) }) }
          : ended;
      happen({ type: 'effectEnded', slot, n, verb, tries, end });
    },
  };
}

type CallEnd = { kind: 'success'; receipt: Json } | { kind: 'refused' | 'uncertain'; failure: TaskFailure };

/** One call; where its answer is missing, what the connector can tell of it. */
async function callOnce(connector: Connector, call: ConnectorCall): Promise<CallEnd> {
  try {
    return { kind: 'success', receipt: await connector.call(call) };
  } catch (error) {
    const message = messageOf(error);
    if (error instanceof ConnectorRefused)
      return { kind: 'refused', failure: { type: 'Effect.Refused', message } };
    const found = await connector.lookup?.(call).catch(() => undefined);
    if (found?.holds === 'wanted') return { kind: 'success', receipt: found.receipt ?? null };
    if (found?.forGood && (found.holds === 'none' || found.holds === 'former'))
      return { kind: 'refused', failure: { type: 'Effect.Refused', message } };
    return { kind: 'uncertain', failure: { type: 'Effect.Uncertain', message } };
  }
}

function receiptOf(name: string, value: Json): Made {
  const content = new Uint8Array(Buffer.from(JSON.stringify(value)));
  return { name, content: { name, mediaType: 'application/json', content, facts: {} } };
}

function portsOf(
  { jobs, agent }: AgentImplementation,
  models: SimulatedWorkOptions['models'] = {},
): GraphPorts {
  const without = (what: string) => async (): Promise<never> => {
    throw toFailure(
      'Data.NotFound',
      `A simulated run has no ${what}: give ${agent.name} a stand-in, or run it on a server.`,
      { name: agent.name },
    );
  };
  return {
    compute: (async (job: string, ...given: unknown[]) => {
      const module =
        jobs && ((await import(jobs.href)) as { [job: string]: (...given: unknown[]) => unknown });
      if (!module?.[job])
        throw toFailure('Agent.Failed', `${agent.name} has no job ${job}.`, { name: agent.name });
      return module[job](...given);
    }) as GraphPorts['compute'],
    readData: without('data sets'),
    locateData: without('data sets'),
    model: (route = 'default') => {
      const model = models[route];
      if (model) return model;
      throw toFailure('Agent.NoModel', `This simulation has no language model for the route ${route}.`, {
        name: route,
      });
    },
    log: () => {},
    progress: () => {},
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
