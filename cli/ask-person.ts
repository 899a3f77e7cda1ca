import { createInterface } from 'node:readline/promises';
import { asText } from './output.ts';

/** One question at the terminal: the line typed, trimmed. */
export type Ask = (question: string) => Promise<string>;

/** The person left: Ctrl+C, Ctrl+D, or the end of the input. */
export class PersonLeft extends Error {
  override name = 'PersonLeft';
}

/** Asks at this terminal while `work` runs. What is asked after the person left throws `PersonLeft`. */
export async function withTerminal<T>(work: (ask: Ask) => Promise<T>): Promise<T> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const left = new AbortController();
  terminal.once('SIGINT', () => terminal.close());
  terminal.once('close', () => left.abort());
  try {
    return await work(async (question) => {
      if (left.signal.aborted) throw new PersonLeft();
      try {
        return (await terminal.question(asText(question), { signal: left.signal })).trim();
      } catch (error) {
        throw left.signal.aborted ? new PersonLeft() : error;
      }
    });
  } finally {
    terminal.close();
  }
}

/** Whether a person sits at both ends of this terminal. */
export function isAtTerminal(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}
