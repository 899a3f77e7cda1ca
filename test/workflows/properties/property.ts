import { isDeepStrictEqual } from 'node:util';
import type { Rules } from './rules.ts';
import type { Scenario, Scope } from './scenario.ts';
import type { World } from './world.ts';

/** Something that must hold for every scenario. */
export interface Property {
  /** Its number in the list of properties, or the rule that it checks. */
  id: string;
  promise: string;
  scope: Scope;
  /** How many times as many runs as others it gets: what it looks at is rare. */
  weight?: number;
  /** Throws `Violation` where it does not hold; true if the scenario said anything about it. */
  check(rules: Rules, scenario: Scenario): boolean;
}

export class Violation extends Error {
  readonly world: World;

  constructor(message: string, world: World) {
    super(`${message}\n${tell(world)}`);
    this.name = 'Violation';
    this.world = world;
  }
}

export function insist(holds: boolean, message: string, world: World): asserts holds {
  if (!holds) throw new Violation(message, world);
}

export function insistEqual(actual: unknown, expected: unknown, message: string, world: World): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Violation(`${message}\n${difference('', actual, expected).join('\n')}`, world);
}

/** The outcomes that led here, one a line. */
function tell(world: World): string {
  const { manifest } = world.scenario;
  const lines = world.steps.map(({ outcome, refused, late }, index) => {
    const notes = [refused ? `refused: ${refused}` : '', late ? 'late' : ''].filter(Boolean).join(', ');
    return `${index} ${JSON.stringify(outcome)}${notes ? ` (${notes})` : ''}`;
  });
  const { tasks, checkpoints, effects, outputs, speculative } = manifest;
  return [
    `manifest ${JSON.stringify({ tasks: mapValues(tasks, brief), checkpoints, effects, outputs: Object.keys(outputs), speculative })}`,
    `behaviours ${JSON.stringify(world.scenario.behaviours)} inputs ${JSON.stringify(world.scenario.inputs)}`,
    ...lines.slice(-60),
  ].join('\n');
}

function brief(task: World['scenario']['manifest']['tasks'][string]): unknown {
  const needs = Object.entries(task.needs).map(
    ([name, { optional, whole }]) => `${name}${optional ? '?' : ''}${whole ? '*' : ''}`,
  );
  return {
    maker: task.maker,
    needs,
    produces: Object.keys(task.produces),
    ...(task.when ? { when: task.when } : {}),
    ...(task.each ? { each: task.each } : {}),
  };
}

function mapValues<A, B>(from: { [key: string]: A }, change: (value: A) => B): { [key: string]: B } {
  return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, change(value)]));
}

function difference(path: string, actual: unknown, expected: unknown): string[] {
  if (isDeepStrictEqual(actual, expected)) return [];
  if (!isRecord(actual) || !isRecord(expected)) {
    return [`${path}: ${JSON.stringify(actual)} but expected ${JSON.stringify(expected)}`];
  }
  return [...new Set([...Object.keys(actual), ...Object.keys(expected)])].flatMap((key) =>
    difference(`${path}.${key}`, actual[key], expected[key]),
  );
}

function isRecord(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null;
}
