import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { Info } from '@temporalio/activity';
import pino from 'pino';
import type { Logger } from 'pino';
import { onTestFinished } from 'vitest';
import { createActivities } from '../../activities/create-activities.ts';
import type { Dependencies } from '../../activities/dependencies.ts';
import type { AgentImplementation, GraphPorts } from '../../agents/implement-agent.ts';
import { canonicalJson } from '../../contracts/json.ts';
import type { Activities, RunAgentInput } from '../../contracts/messages.ts';
import type { Version } from '../../contracts/artifact.ts';
import { convertSchema } from '../../contracts/json-schema.ts';
import { readNeed } from '../../contracts/define-agent.ts';
import type { Connector, Store } from '../../contracts/ports.ts';
import { openStore } from '../../store/open-store.ts';

export const run = 'run-1';

export function makeFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'baton-activities-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A real store in a folder, which knows the run. */
export async function openRunStore(folder: string, now = Date.now): Promise<Store> {
  const store = await openStore({ folder, now });
  await store.runs.reserve({
    run,
    process: 'tested',
    key: null,
    epoch: 1,
    startedBy: 'starter',
    manifestDigest: 'none',
    start: {},
  });
  return store;
}

export async function openTestStore(): Promise<Store> {
  const store = await openRunStore(makeFolder());
  onTestFinished(async () => store.close());
  return store;
}

const noPorts: Omit<GraphPorts, 'progress'> = {
  compute: async () => Promise.reject(new Error('This test computes nothing.')),
  readData: async () => Promise.reject(new Error('This test reads no data.')),
  locateData: async () => Promise.reject(new Error('This test reads no data.')),
  model: () => {
    throw new Error('This test has no model.');
  },
  log: () => {},
};

export function makeDependencies(
  store: Store,
  parts: {
    agents?: AgentImplementation[];
    connectors?: { [name: string]: Connector };
    logger?: Logger;
    /** Milliseconds for a store that is away; none unless given. */
    patience?: number;
  },
): Dependencies {
  return {
    store,
    agents: new Map((parts.agents ?? []).map((one) => [one.agent.name, one])),
    connectors: parts.connectors ?? {},
    portsOf: () => noPorts,
    reserveNested: () => Promise.reject(new Error('Nothing here reserves runs.')),
    reserve: () => Promise.reject(new Error('Nothing here reserves runs.')),
    logger: parts.logger ?? pino({ level: 'silent' }),
    patience: parts.patience ?? 0,
  };
}

/** One attempt of an activity, as Temporal would run it. */
export async function attempt<Name extends keyof Activities>(
  dependencies: Dependencies,
  name: Name,
  input: Parameters<Activities[Name]>[0],
  {
    retry = 1,
    environment = environmentOf(retry),
  }: { retry?: number; environment?: MockActivityEnvironment } = {},
): Promise<Awaited<ReturnType<Activities[Name]>>> {
  type Output = Awaited<ReturnType<Activities[Name]>>;
  const activity = createActivities(dependencies)[name] as unknown as (
    given: typeof input,
  ) => Promise<Output>;
  return environment.run<[typeof input], Output, typeof activity>(activity, input);
}

export function environmentOf(retry: number, info: Partial<Info> = {}): MockActivityEnvironment {
  return new MockActivityEnvironment({ attempt: retry, ...info }, { logger: new DefaultLogger('ERROR') });
}

/** What the workflow would ask of an agent. */
export function inputFor(
  { agent }: AgentImplementation,
  parts: Partial<RunAgentInput> & { values?: { [need: string]: Version | null } } = {},
): RunAgentInput {
  const { values = {}, ...rest } = parts;
  return {
    run,
    epoch: 1,
    process: 'tested',
    task: agent.name,
    agent: agent.name,
    attempt: 1,
    key: 'key-1',
    needs: values,
    changes: { fields: {} },
    needSchemas: Object.fromEntries(
      Object.entries(agent.needs).map(([name, need]) => {
        const { schema, optional, whole } = readNeed(need);
        return [name, { schema: convertSchema(schema, 'input').schema, optional, whole }];
      }),
    ),
    produces: Object.fromEntries(
      Object.entries(agent.produces).map(([name, schema]) => {
        const facts = agent.facts[name];
        return [
          name,
          {
            schema: convertSchema(schema, 'output').schema,
            ...(facts && { facts: convertSchema(facts, 'output').schema }),
          },
        ];
      }),
    ),
    durability: 'task',
    ...rest,
  };
}

export async function putJson(store: Store, name: string, value: unknown): Promise<Version> {
  const content = new Uint8Array(Buffer.from(canonicalJson(value)));
  const [reference] = await store.artifacts.put([
    { name, mediaType: 'application/json', content, facts: {} },
  ]);
  return { digest: reference!.digest, facts: {} };
}

export async function readJson(store: Store, version: Version | undefined): Promise<unknown> {
  const { content } = await store.artifacts.get(version!.digest);
  return JSON.parse(Buffer.from(content).toString());
}

/** How often each node ran, in whichever process: one line a call. */
export function counterIn(folder: string): {
  count: (node: string) => void;
  counts: () => { [node: string]: number };
} {
  const file = path.join(folder, 'calls.txt');
  return {
    count: (node) => appendFileSync(file, `${node}\n`),
    counts: () => {
      const counts: { [node: string]: number } = {};
      if (!existsSync(file)) return counts;
      for (const node of readFileSync(file, 'utf8').split('\n').filter(Boolean))
        counts[node] = (counts[node] ?? 0) + 1;
      return counts;
    },
  };
}
