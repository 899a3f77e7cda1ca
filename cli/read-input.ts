import { readFileSync } from 'node:fs';
import type { Json, JsonObject } from '../contracts/json.ts';
import type { Process } from '../contracts/process-types.ts';
import type { Project } from '../worker/define-project.ts';
import { toFailure } from '../contracts/failures.ts';
import { UsageError } from './exit-codes.ts';

/** A JSON object: typed, from a file (`@input.json`), or from standard input (`-`). */
export function readJsonObject(given: string, what: string): JsonObject {
  const value = readJson(given, what);
  if (value && typeof value === 'object' && !Array.isArray(value)) return value as JsonObject;
  throw new UsageError(`${what} has to be a JSON object, such as '{"name": "value"}'.`);
}

export function readJson(given: string, what: string): unknown {
  const text = readText(given, what);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${what} is not JSON: ${(error as Error).message}`);
  }
}

/** Values by name: NAME=JSON, or NAME=@FILE. */
export function readNamedJson(given: string[], what: string): JsonObject {
  const pairs = given.map((one) => {
    const at = one.indexOf('=');
    if (at < 1) throw new UsageError(`${what} ${one}: write NAME=JSON or NAME=@FILE.`);
    const name = one.slice(0, at);
    return [name, readJson(one.slice(at + 1), `${what} ${name}`) as Json] as const;
  });
  return Object.fromEntries(pairs);
}

function readText(given: string, what: string): string {
  if (given !== '-' && !given.startsWith('@')) return given;
  const file = given === '-' ? 0 : given.slice(1);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${what}: ${(error as Error).message}`);
  }
}

export function findProcess(project: Project, name: string): Process {
  const found = project.processes.find((process) => process.name === name);
  if (found) return found;
  const known = project.processes.map((process) => process.name).join(', ') || 'none';
  throw toFailure('Process.Unknown', `There is no process ${name}; this project has ${known}.`, { name });
}
