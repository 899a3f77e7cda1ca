import { dereference, validate } from '@cfworker/json-schema';
import type { ApplicationFailure } from '@temporalio/common';
import type { Json, JsonSchema } from '../contracts/json.ts';
import { canonicalJson } from '../contracts/json.ts';
import type { Question } from '../contracts/outcome.ts';
import { toFailure } from '../contracts/failures.ts';
import { isWellFormed } from '../contracts/well-formed.ts';

/** Bytes that a question's prompt and answer schema may have in all: they travel with the state of the run. */
const questionAtMost = 256_000;

/** Throws `Agent.InvalidOutput` for a question that can't be put on record, or that nothing could answer. */
export function makeQuestion(
  task: string,
  question: { id: string; prompt: unknown; answer?: unknown },
): Question {
  const fail = (what: string, cause?: unknown): ApplicationFailure =>
    toFailure('Agent.InvalidOutput', `A question of ${task} ${what}`, { name: task, cause });
  const { id, prompt, answer } = question;
  const text = toText({ prompt: prompt ?? null, ...(answer !== undefined && { answer }) }, (cause) =>
    fail('has no JSON form (a NaN, a BigInt, a cycle, half a surrogate pair?).', cause),
  );
  const bytes = Buffer.byteLength(text);
  if (bytes > questionAtMost)
    throw fail(`has ${bytes} bytes with its answer's schema, and may have ${questionAtMost}.`);
  const read = JSON.parse(text) as { prompt?: Json; answer?: JsonSchema };
  if (!isWellFormed(read)) throw fail('is nested too deep.');
  if (read.answer) checkSchema(read.answer, fail);
  return { id, prompt: read.prompt ?? null, ...(read.answer && { answer: read.answer }) };
}

function toText(value: unknown, fail: (cause: unknown) => ApplicationFailure): string {
  try {
    return canonicalJson(value);
  } catch (cause) {
    throw fail(cause);
  }
}

/** A value of each type: between them they have a validator read every keyword that it would ever read. */
const trials: Json[] = [null, true, 1, 'x', ['x'], { x: 'x' }];

/** Has the validator that judges answers read each part of the schema: it says of what it can't read only then. */
function checkSchema(schema: JsonSchema, fail: (what: string, cause?: unknown) => ApplicationFailure): void {
  try {
    // A copy: the validator leaves its notes in what it reads.
    const parts = dereference(structuredClone(schema));
    for (const part of Object.values(parts))
      for (const trial of trials) validate(trial, part, '2020-12', parts, false);
  } catch (cause) {
    const why = (cause instanceof Error ? cause.message : String(cause))
      .replaceAll(/\s+/g, ' ')
      .slice(0, 200);
    throw fail(`can't be answered: its answer's schema can't be read (${why}).`, cause);
  }
}
