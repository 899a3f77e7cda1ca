import type { Act } from '../../contracts/act.ts';
import type { Json } from '../../contracts/json.ts';
import { isWellFormed } from '../../contracts/well-formed.ts';

type Shape = 'string' | 'number' | 'boolean' | 'strings' | 'object' | 'json';

const signed: { [member: string]: Shape } = {
  id: 'string',
  kind: 'string',
  run: 'string',
  epoch: 'number',
  person: 'string',
  roles: 'strings',
  at: 'string',
  expiresAt: 'string',
  nonce: 'string',
};

// The door checked the act against its zod schema before it signed; this guards the fold against a door that did not.
const required: { [K in Act['kind']]: { [member: string]: Shape } } = {
  decide: { checkpoint: 'string', digest: 'string', verb: 'string' },
  amend: { field: 'string', replaces: 'string', version: 'object' },
  supply: { task: 'string', key: 'string', artifacts: 'object' },
  invalidate: { task: 'string' },
  recall: { slot: 'string' },
  cancel: { undo: 'boolean' },
  brake: { set: 'object' },
  trust: { add: 'strings', retire: 'strings' },
};
const optional: { [K in Act['kind']]?: { [member: string]: Shape } } = {
  decide: {
    delta: 'json',
    changes: 'object',
    answer: 'json',
    artifacts: 'object',
    undo: 'boolean',
    reason: 'string',
  },
  brake: { reason: 'string' },
};

function fits(value: unknown, shape: Shape): boolean {
  if (shape === 'json') return value !== undefined;
  if (shape === 'strings') return Array.isArray(value) && value.every((one) => typeof one === 'string');
  if (shape === 'object') return isObject(value);
  return typeof value === shape;
}

function isObject(value: unknown): value is { [member: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isVersion = (value: unknown): boolean =>
  isObject(value) && typeof value['digest'] === 'string' && isObject(value['facts']);

const areVersions = (value: unknown): boolean =>
  value === undefined || (isObject(value) && Object.values(value).every(isVersion));

function areChanges(value: unknown): boolean {
  if (value === undefined) return true;
  return (
    isObject(value) &&
    typeof value['task'] === 'string' &&
    isObject(value['fields']) &&
    areVersions(value['inputs']) &&
    (value['words'] === undefined || typeof value['words'] === 'string')
  );
}

const isSwitch = (value: unknown): boolean => value === undefined || typeof value === 'boolean';

const areSwitches = (value: unknown): boolean =>
  value === undefined || (isObject(value) && Object.values(value).every((one) => typeof one === 'boolean'));

function isBrakeSet(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { pause, askAlways, agents, connectors, ...rest } = value;
  return (
    Object.keys(rest).length === 0 &&
    [pause, askAlways].every(isSwitch) &&
    [agents, connectors].every(areSwitches)
  );
}

/** The act, if it has the form of one; else null. */
export function readAct(value: unknown): Act | null {
  // What can't be hashed would have every task of the workflow fail from then on.
  if (!isObject(value) || !isWellFormed(value)) return null;
  const kind = value['kind'];
  if (typeof kind !== 'string' || !Object.hasOwn(required, kind)) return null;
  const must = { ...signed, ...required[kind as Act['kind']] };
  const may = optional[kind as Act['kind']] ?? {};
  for (const [member, shape] of Object.entries(must)) {
    if (!Object.hasOwn(value, member) || !fits(value[member], shape)) return null;
  }
  for (const [member, content] of Object.entries(value)) {
    if (Object.hasOwn(must, member)) continue;
    if (!Object.hasOwn(may, member) || !fits(content, may[member]!)) return null;
  }
  if (Number.isNaN(Date.parse(value['expiresAt'] as string))) return null;
  if (kind === 'brake' && !isBrakeSet(value['set'])) return null;
  if (!areVersions(value['artifacts']) || !areChanges(value['changes'])) return null;
  if (value['version'] !== undefined && !isVersion(value['version'])) return null;
  return value as unknown as Act;
}
