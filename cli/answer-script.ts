import { assertMeets } from '../client/keep-artifact.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import type { Question } from '../contracts/outcome.ts';
import { toFailure } from '../contracts/failures.ts';
import { UsageError } from './exit-codes.ts';

/** Answers that were stated beforehand, by a question's kind if it names one, by its id, or by its number from 0. */
export interface AnswerScript {
  /** Undefined where none was stated. Throws `Agent.BadAnswer` where it is not one that the question takes. */
  answer(question: Question, index: number): Json | undefined;
  /** Throws where an answer was stated that nothing was asked for. */
  assertAllAsked(): void;
}

export function createAnswerScript(stated: JsonObject): AnswerScript {
  const asked = new Set<string>();
  return {
    answer(question, index) {
      const names = [kindOf(question.prompt), question.id, String(index)].filter(
        (name) => name !== undefined,
      );
      for (const name of names) asked.add(name);
      const name = names.find((one) => Object.hasOwn(stated, one));
      if (name === undefined) return undefined;
      assertOffered(stated[name]!, question.answer ?? {}, `--answers, ${name}`);
      return stated[name]!;
    },
    assertAllAsked() {
      const idle = Object.keys(stated).filter((name) => !asked.has(name));
      if (idle.length === 0) return;
      const known = [...asked].filter((name) => name.length < 24).join(', ');
      throw new UsageError(
        `--answers: there was no question ${idle.join(', ')}; ${known ? `what was asked goes by ${known}` : 'nothing was asked'}.`,
      );
    },
  };
}

function assertOffered(answer: Json, schema: JsonObject, name: string): void {
  const { enum: choices } = schema;
  if (Array.isArray(choices) && !choices.some((one) => JSON.stringify(one) === JSON.stringify(answer)))
    throw toFailure(
      'Agent.BadAnswer',
      `${name}: ${JSON.stringify(answer)} is not offered; ${choices.map((one) => JSON.stringify(one)).join(', ')} are.`,
      { name },
    );
  assertMeets(answer, schema, 'Agent.BadAnswer', name);
}

function kindOf(prompt: Json): string | undefined {
  return prompt && typeof prompt === 'object' && !Array.isArray(prompt) && typeof prompt['kind'] === 'string'
    ? prompt['kind']
    : undefined;
}
