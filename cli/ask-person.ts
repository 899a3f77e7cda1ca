import { createInterface } from 'node:readline/promises';
import { exitCodes } from './exit-codes.ts';
import { asText } from './output.ts';

/** One question at the terminal: the line typed, trimmed. */
export type Ask = (question: string) => Promise<string>;

/** The person left: Ctrl+C, Ctrl+D, or the end of the input. */
export class PersonLeft extends Error {
  override name = 'PersonLeft';

  constructor() {
    super('It was left unanswered.');
  }
}

/** Asks at this terminal while `work` runs. What is asked after the person left, or the signal came, throws `PersonLeft`; Ctrl+C also sets the exit code. */
export async function withTerminal<T>(
  work: (ask: Ask) => Promise<T>,
  signal: AbortSignal = new AbortController().signal,
): Promise<T> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const left = new AbortController();
  terminal.once('SIGINT', () => {
    process.exitCode = exitCodes.interrupted;
    terminal.close();
  });
  terminal.once('close', () => left.abort());
  // Typed just before this terminal was listened to, Ctrl+C comes as a signal.
  const leave = (): void => terminal.close();
  signal.addEventListener('abort', leave);
  if (signal.aborted) leave();
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
    signal.removeEventListener('abort', leave);
    terminal.close();
  }
}

/** Whether a person sits at both ends of this terminal. */
export function isAtTerminal(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}
