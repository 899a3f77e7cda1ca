import type { Json } from '../contracts/json.ts';
import type { JsonPath } from '../contracts/origin.ts';
import { toFailure } from '../contracts/failures.ts';

/**
 * The place that a text such as `series[nonfarm].values[3]` or `rates["eu.west"]` names in a value; an element of a list
 * by its position or its `id`. Throws `Artifact.NoSuchPlace` with what is there.
 */
export function findPath(value: Json, text: string, artifact: string): JsonPath {
  const path: (string | number)[] = [];
  let at = value;
  for (const step of stepsOf(text, artifact)) {
    const found = stepInto(at, step);
    if (found === undefined) {
      const place = `${artifact}${formatPath(value, path)}`;
      throw toFailure('Artifact.NoSuchPlace', `${place} has no ${step}; it ${describePlace(at)}.`, {
        name: `${artifact}${text}`,
      });
    }
    path.push(found);
    at = (at as { [step: string | number]: Json })[found]!;
  }
  return path;
}

/** What stands there; undefined where the value has no such place. */
export function valueAt(value: Json, path: JsonPath): Json | undefined {
  let at: Json | undefined = value;
  for (const step of path) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, step)) return undefined;
    at = (at as { [step: string | number]: Json })[step];
  }
  return at;
}

/** The path as `findPath` reads it. */
export function formatPath(value: Json | undefined, path: JsonPath): string {
  let at: Json | undefined = value;
  return path
    .map((step) => {
      const inside: Json | undefined = at === undefined ? undefined : valueAt(at, [step]);
      const id = Array.isArray(at) && inside !== undefined ? idOf(inside) : undefined;
      const isNamed = id !== undefined && stepInto(at!, id) === step;
      at = inside;
      if (typeof step === 'number') return `[${isNamed && isPlain(id) ? id : step}]`;
      return isPlain(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
    })
    .join('');
}

const isPlain = (step: string): boolean => /^[^\s.[\]"]+$/.test(step);

function stepsOf(text: string, artifact: string): string[] {
  const steps: string[] = [];
  const step = /\.([^.[\]"]+)|\[(?:("(?:[^"\\]|\\.)*")|([^\][]+))\]/y;
  while (step.lastIndex < text.length) {
    const from = step.lastIndex;
    const [, member, quoted, element] = step.exec(text) ?? [];
    const found = member ?? element ?? unquote(quoted);
    if (found === undefined)
      throw toFailure(
        'Artifact.NoSuchPlace',
        `${artifact}${text} can't be read from ${text.slice(from)} on: a place is written .member, [3], [id] or ["any name"].`,
        { name: `${artifact}${text}` },
      );
    steps.push(found);
  }
  return steps;
}

function unquote(quoted: string | undefined): string | undefined {
  try {
    return quoted === undefined ? undefined : (JSON.parse(quoted) as string);
  } catch {
    return undefined;
  }
}

function stepInto(at: Json, step: string): string | number | undefined {
  if (!Array.isArray(at)) {
    return at !== null && typeof at === 'object' && Object.hasOwn(at, step) ? step : undefined;
  }
  if (/^\d+$/.test(step) && Number(step) < at.length) return Number(step);
  const named = at.findIndex((one) => idOf(one) === step);
  return named < 0 ? undefined : named;
}

function idOf(value: Json): string | undefined {
  const id = valueAt(value, ['id']);
  return typeof id === 'string' ? id : undefined;
}

function describePlace(value: Json): string {
  if (value === null || typeof value !== 'object') return 'is a single value';
  if (!Array.isArray(value)) return `has ${listSome(Object.keys(value)) || 'nothing'}`;
  const ids = value.flatMap((one) => idOf(one) ?? []);
  if (value.length === 0) return 'is an empty list';
  return `is a list of ${value.length}, from 0${ids.length > 0 ? `: ${listSome(ids)}` : ''}`;
}

function listSome(names: string[]): string {
  const first = names.slice(0, 12).map((name) => (name.length > 40 ? `${name.slice(0, 40)}…` : name));
  return `${first.join(', ')}${names.length > first.length ? ` and ${names.length - first.length} more` : ''}`;
}
