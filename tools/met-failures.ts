import { appendFileSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { failures, isFailureType } from '../contracts/failures.ts';
import type { FailureType } from '../contracts/failures.ts';

/** Failure types in what an assertion expects: a text, or whatever holds one. */
export function typesIn(expected: unknown, depth = 6): FailureType[] {
  if (typeof expected === 'string') {
    const words: string[] = expected.match(/\b[A-Z]\w+\.[A-Z]\w+\b/g) ?? [];
    return words.filter((word) => isFailureType(word));
  }
  if (typeof expected !== 'object' || expected === null || depth === 0) return [];
  if (expected instanceof RegExp) return typesIn(expected.source.replaceAll('\\', ''));
  return Object.values(expected).flatMap((one) => typesIn(one, depth - 1));
}

const noted = new Set<string>();

/** Puts on record that an assertion held which expects these. */
export function noteMet(folder: string, expected: unknown): void {
  const file = path.join(folder, `${process.pid}.txt`);
  for (const type of typesIn(expected)) {
    if (noted.has(`${file} ${type}`)) continue;
    noted.add(`${file} ${type}`);
    appendFileSync(file, `${type}\n`);
  }
}

/** Rows of the table that no assertion of this run met. */
export function findUnmet(folder: string): FailureType[] {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const met = new Set(files.flatMap((file) => readFileSync(path.join(folder, file), 'utf8').split('\n')));
  return (Object.keys(failures) as FailureType[]).filter((type) => !met.has(type));
}
