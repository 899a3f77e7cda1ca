import { interrupt } from '@langchain/langgraph';
import { z } from 'zod';
import type { Json, JsonSchema } from '../contracts/json.ts';

/** The value of an `interrupt()` that Baton turns into a question; any other value is shown as the prompt itself. */
export interface Asked {
  prompt: Json;
  /** JSON Schema of the answer. */
  answer: JsonSchema;
}

/**
 * Asks a person from within a node, which runs again from its top once they have answered.
 * `question.prompt` is text, or JSON with the figures that the person needs; the answer is parsed by the schema.
 */
export function askPerson<S extends z.ZodType>(question: { prompt: Json; answer: S }): z.output<S> {
  const asked: Asked = {
    prompt: question.prompt,
    answer: z.toJSONSchema(question.answer, { io: 'input' }) as JsonSchema,
  };
  return question.answer.parse(interrupt(asked));
}
