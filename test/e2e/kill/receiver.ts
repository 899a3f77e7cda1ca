import { fileURLToPath } from 'node:url';
import { startProgram } from './child-process.ts';
import type { Event, Received } from './processes/receiver.ts';

/** The outside, in a process of its own: what arrived there is what happened. */
export interface Receiver extends AsyncDisposable {
  readonly url: string;
  events(trial: string): Promise<Event[]>;
  received(run: string): Promise<Received>;
  /** Answers all calls whose answer is held back. */
  release(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const program = startProgram('receiver', fileURLToPath(new URL('processes/receiver.ts', import.meta.url)));
  const url = `http://127.0.0.1:${String(await program.ready)}`;
  const read = async (path: string): Promise<unknown> => (await fetch(`${url}/${path}`)).json();
  return {
    url,
    events: async (trial) => (await read(`events/${trial}`)) as Event[],
    received: async (run) => (await read(`received/${run}`)) as Received,
    release: async () => void (await read('release')),
    [Symbol.asyncDispose]: async () => program.kill(),
  };
}
