import type { Version } from '../../../contracts/artifact.ts';
import type { JsonObject, JsonSchema } from '../../../contracts/json.ts';
import type {
  Condition,
  Manifest,
  ManifestAuthorise,
  ManifestCheckpoint,
  ManifestEffect,
  ManifestInput,
  ManifestReview,
  ManifestTask,
  Planner,
  Who,
} from '../../../contracts/manifest.ts';
import { digestOf } from '../../../contracts/json.ts';

/** A manifest in few words; `needs` are names: `name`, `name?` (optional), `name*` (the whole collection), `name?*`. */
export interface Terse {
  name?: string;
  inputs?: string[] | { [field: string]: Partial<ManifestInput> };
  tasks: { [agent: string]: TerseTask };
  /** `name` or `name?` where the output may be absent. */
  outputs?: string[];
  checkpoints?: { [name: string]: ManifestCheckpoint };
  effects?: { [name: string]: Partial<ManifestEffect> & { subjects: string[] } };
  planner?: Planner;
  speculative?: boolean;
  owner?: Who;
}

export interface TerseTask {
  needs?: string[];
  produces: string[];
  maker?: ManifestTask['maker'];
  adjust?: JsonSchema;
  when?: Condition;
  each?: string | { over: string; atOnce: number };
  by?: Who;
}

export function manifest(terse: Terse): Manifest {
  const fields = Array.isArray(terse.inputs)
    ? Object.fromEntries(terse.inputs.map((field) => [field, {}]))
    : (terse.inputs ?? {});
  const body: Omit<Manifest, 'digest'> = {
    rules: 1,
    name: terse.name ?? 'example',
    inputs: mapValues(fields, (input: Partial<ManifestInput>) => ({
      schema: {},
      optional: false,
      amendable: true,
      personal: false,
      ...input,
    })),
    tasks: mapValues(terse.tasks, expandTask),
    outputs: Object.fromEntries(
      (terse.outputs ?? []).map((text) => [
        text.replace('?', ''),
        { schema: {}, optional: text.endsWith('?') },
      ]),
    ),
    checkpoints: terse.checkpoints ?? {},
    effects: mapValues(terse.effects ?? {}, (effect) => ({
      connector: 'file',
      destination: { path: 'out' },
      arguments: {},
      consequences: 'A file is written.',
      amendable: true,
      undoable: true,
      timeout: 10_000,
      each: false,
      recall: 0,
      ...effect,
    })),
    planner: terse.planner ?? { kind: 'derived' },
    speculative: terse.speculative ?? false,
    owner: terse.owner ?? { role: 'owner' },
  };
  return { ...body, digest: digestOf(body) };
}

export function review(
  of: string,
  options: Partial<Omit<ManifestReview, 'kind' | 'of'>> = {},
): ManifestReview {
  return { kind: 'review', of, by: { role: 'analyst' }, fourEyes: false, onReject: 'close', ...options };
}

export function authorise(
  effect: string,
  options: Partial<Omit<ManifestAuthorise, 'kind' | 'effect'>> = {},
): ManifestAuthorise {
  return { kind: 'authorise', effect, by: { role: 'manager' }, fourEyes: false, ...options };
}

/** A version of an artifact, made up from a word: equal words give equal versions. */
export function version(content: string, facts: Version['facts'] = {}): Version {
  return { digest: digestOf(content), facts };
}

/** A collection's version: by element key, the word its content is made up from. */
export function collection(elements: { [key: string]: string }, facts: Version['facts'] = {}): Version {
  const made = mapValues(elements, (content) => ({ digest: digestOf(content), facts: {} }));
  return { digest: digestOf(made), facts, elements: made };
}

/** A condition on one fact: it must be present and equal. */
export function whenFact(artifact: string, fact: string, value: string | number | boolean): Condition {
  return {
    [artifact]: { type: 'object', properties: { [fact]: { const: value } }, required: [fact] } as JsonObject,
  };
}

/** The process of SEMANTICS section 5. */
export function marketOutlook(): Manifest {
  return manifest({
    name: 'market-outlook',
    inputs: { dataset: { amendable: false }, horizon: {} },
    tasks: {
      gather: { needs: ['dataset'], produces: ['series'] },
      forecasting: {
        needs: ['series', 'horizon'],
        produces: ['forecast'],
        adjust: {
          type: 'object',
          properties: { exclude: { type: 'array', items: { type: 'string' } } },
          additionalProperties: false,
        },
      },
      visualisation: { needs: ['series', 'forecast'], produces: ['report'] },
    },
    outputs: ['report'],
    checkpoints: {
      approveForecast: review('forecast', { editable: { type: 'object' } }),
      releaseReport: authorise('publishReport', { fourEyes: true }),
    },
    effects: { publishReport: { subjects: ['report'] } },
  });
}

function expandTask(task: TerseTask): ManifestTask {
  return {
    maker: task.maker ?? 'agent',
    version: '1',
    needs: Object.fromEntries(
      (task.needs ?? []).map((text) => [
        text.replace(/[?*]/g, ''),
        { schema: {}, optional: text.includes('?'), whole: text.includes('*') },
      ]),
    ),
    produces: Object.fromEntries(task.produces.map((artifact) => [artifact, { schema: {} }])),
    adjust: task.adjust ?? { type: 'object' },
    ...(task.when ? { when: task.when } : {}),
    ...(task.each
      ? { each: typeof task.each === 'string' ? { over: task.each, atOnce: 1_000 } : task.each }
      : {}),
    ...(task.by ? { by: task.by } : {}),
    durability: 'task',
    timeout: 60_000,
    heartbeat: 5_000,
    tries: 3,
    isolate: false,
  };
}

function mapValues<A, B>(from: { [key: string]: A }, change: (value: A) => B): { [key: string]: B } {
  return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, change(value)]));
}
