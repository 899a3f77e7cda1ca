import fc from 'fast-check';
import { z } from 'zod';
import { implementAgent } from '../../../agents/implement-agent.ts';
import type { AgentImplementation } from '../../../agents/implement-agent.ts';
import { defineAgent } from '../../../contracts/define-agent.ts';
import { toFailure } from '../../../contracts/failures.ts';
import { digestOf } from '../../../contracts/json.ts';
import type { Json } from '../../../contracts/json.ts';
import type { Manifest, ManifestTask } from '../../../contracts/manifest.ts';
import { ConnectorRefused } from '../../../contracts/ports.ts';
import type { Connector, ConnectorCall } from '../../../contracts/ports.ts';
import type { Process } from '../../../contracts/process-types.ts';
import { hash } from '../../workflows/properties/behaviour.ts';
import { scenarios } from '../../workflows/properties/scenario.ts';
import type { Behaviour, Scenario } from '../../workflows/properties/scenario.ts';

/** A process made up by chance, whose agents and outside are made afresh for each time it is run. */
export interface MadeUp {
  process: Process;
  input: { i0: number; i1: number };
  agents: () => AgentImplementation[];
}

/** So many of them, always the same ones for a seed. */
export function makeUp(count: number, seed: number): MadeUp[] {
  return fc.sample(scenarios({ length: 0 }), { numRuns: count, seed }).map(toProcess);
}

function toProcess({ manifest, behaviours, inputs }: Scenario, index: number): MadeUp {
  const name = `random-${index}`;
  // All are served by one worker: no two agents may share a name.
  const renamed = (agent: string): string => `r${index}-${agent}`;
  const { digest: _, ...plain } = manifest;
  const body: Omit<Manifest, 'digest'> = {
    ...plain,
    name,
    inputs: Object.fromEntries(
      Object.entries(plain.inputs).map(([field, one]) => [field, { ...one, schema: { type: 'integer' } }]),
    ),
    tasks: Object.fromEntries(
      Object.entries(plain.tasks).map(([agent, task]) => [renamed(agent), settled(task, behaviours[agent]!)]),
    ),
    effects: Object.fromEntries(
      Object.entries(plain.effects).map(([effect, one]) => [
        effect,
        { ...one, recall: Math.min(one.recall, 1) },
      ]),
    ),
    planner:
      plain.planner.kind === 'fixed'
        ? { kind: 'fixed', order: plain.planner.order.map(renamed) }
        : plain.planner,
  };
  const process: Process = {
    name,
    manifest: { ...body, digest: digestOf(body) },
    inputSchema: z.object({ i0: z.int(), i1: z.int() }),
    outputs: {},
    team: [],
    checkpoints: {},
    effects: {},
  };
  const agents = (): AgentImplementation[] =>
    Object.entries(plain.tasks).map(([agent, task]) => implement(renamed(agent), task, behaviours[agent]!));
  return { process, input: { i0: inputs['i0'] ?? 0, i1: inputs['i1'] ?? 0 }, agents };
}

/** What is from outside comes from an agent here; a collection is declared as one. */
function settled(task: ManifestTask, { collection }: Behaviour): ManifestTask {
  const produces = collection
    ? Object.fromEntries(
        Object.keys(task.produces).map((artifact) => [
          artifact,
          { schema: { type: 'object', additionalProperties: {} }, collection: true as const },
        ]),
      )
    : task.produces;
  return { ...task, maker: task.maker === 'outside' ? 'agent' : task.maker, produces };
}

function implement(name: string, task: ManifestTask, behaviour: Behaviour): AgentImplementation {
  const produces = Object.fromEntries(Object.keys(task.produces).map((artifact) => [artifact, z.json()]));
  const failed = new Set<number>();
  return implementAgent(defineAgent({ name, needs: {}, produces }), {
    make: (input: object) => {
      const seed = hash(JSON.parse(JSON.stringify(input)));
      if (behaviour.fails && !failed.has(seed)) {
        failed.add(seed);
        throw toFailure('Agent.BadAnswer', 'Made up.', { name });
      }
      const coarse = behaviour.content === 'coarse' ? seed % 2 : seed;
      return Object.fromEntries(
        Object.keys(produces).map((artifact) => {
          const content = hash([artifact, coarse]);
          return [artifact, behaviour.collection ? elements(content) : { n: content % 3, content }];
        }),
      );
    },
    applyEdit: (_artifact, base, delta) => ({ ...(base as object), edited: delta }) as Json,
    ...({
      facts: Object.fromEntries(Object.keys(produces).map((artifact) => [artifact, factsOf])),
    } as object),
  }) as AgentImplementation;
}

function elements(seed: number): Json {
  const keys = ['a', 'b/b', 'constructor'].filter((_, index) => (seed >>> (index + 4)) % 4 !== 0);
  return Object.fromEntries(keys.map((key) => [key, { n: (seed >>> (8 + (key.length % 4))) % 2 }]));
}

function factsOf(value: unknown): { n: number } {
  return { n: (value as { n?: number } | null)?.n ?? 0 };
}

/** An outside that refuses some calls, and loses the answers of others: which ones hangs on the call alone. */
export function makeUpOutside(): Connector & { landed: Map<string, string[]> } {
  const landed = new Map<string, string[]>();
  const called = new Set<string>();
  return {
    landed,
    repeatable: false,
    undoes: true,
    async call({ idempotencyKey: key, run, slot, n, verb, digest }: ConnectorCall) {
      const fate = hash([slot, n, verb, digest]) % 6;
      const isFirst = !called.has(key);
      called.add(key);
      if (isFirst && fate === 0) throw new ConnectorRefused('Made up.');
      landed.set(run, [...(landed.get(run) ?? []), `${verb} ${slot} ${n}`]);
      if (isFirst && fate === 1) throw new Error('Made up.');
      return { n };
    },
  };
}
