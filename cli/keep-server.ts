import { setTimeout as sleep } from 'node:timers/promises';
import { connectTo } from '../server/connect.ts';
import { startTemporalServer } from '../server/start-server.ts';
import type { StartOptions, TemporalServer } from '../server/start-server.ts';
import { aborted } from './interrupt.ts';
import { say } from './output.ts';

/** Milliseconds between looks at a server that was not started here: nobody tells when it ends. */
const interval = 3000;
/** Milliseconds before a server that could not be had is tried again; doubled each time, up to the most. */
const pause = { first: 500, most: 10_000 };

export interface KeptServer extends AsyncDisposable {
  /** As it was first. */
  server: TemporalServer;
  /** Its address; waits while it is gone. */
  address(): Promise<string>;
  /** Settles with its address when it is there again after it was gone the next time. */
  restored(): Promise<string>;
}

/**
 * A server that is started again where it ends: on the same ports, with the same data. One that is named by its
 * address is waited for. Says so. Throws as `startTemporalServer` where it can't be had at first.
 */
export async function keepServer(options: StartOptions): Promise<KeptServer> {
  const ending = new AbortController();
  const { signal } = ending;
  const first = await startTemporalServer(options);
  const again: StartOptions = {
    ...options,
    port: portOf(first.address),
    ...(first.uiUrl !== undefined && { uiPort: portOf(first.uiUrl) }),
  };
  let current: TemporalServer | undefined = first;
  let back = Promise.withResolvers<string>();
  const keep = async (): Promise<void> => {
    while (!signal.aborted) {
      if (current) {
        const how = await untilGone(current, signal);
        if (how === null) return;
        say(`The Temporal server at ${current.address} is gone (${how}).`);
        current = undefined;
      }
      current = await regain(again, signal);
      if (!current) return;
      say(
        `The Temporal server at ${current.address} is ${current.owned ? 'started' : 'there'} again; runs go on.`,
      );
      back.resolve(current.address);
      back = Promise.withResolvers();
    }
  };
  const kept = keep();
  return {
    server: first,
    async address() {
      while (!current) await back.promise;
      return current.address;
    },
    restored: async () => back.promise,
    async [Symbol.asyncDispose]() {
      ending.abort();
      await kept;
      await current?.stop();
    },
  };
}

/** How it ended; null where nobody wants to know any more. */
async function untilGone(server: TemporalServer, signal: AbortSignal): Promise<string | null> {
  if (server.ended) return Promise.race([server.ended, aborted(signal).then(() => null)]);
  while (await passed(interval, signal)) {
    try {
      await (await connectTo(server.address)).close();
    } catch {
      return 'it does not answer';
    }
  }
  return null;
}

async function regain(options: StartOptions, signal: AbortSignal): Promise<TemporalServer | undefined> {
  let told = '';
  let rest = pause.first;
  do {
    try {
      return await startTemporalServer(options);
    } catch (error) {
      const { message } = error as Error;
      if (message !== told) for (const line of message.split('\n')) say(line);
      if (told === '') say('It is tried again until it is there.');
      told = message;
    }
    rest = Math.min(rest * 2, pause.most);
  } while (await passed(rest, signal));
  return undefined;
}

/** False where nobody waits any more. */
async function passed(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  await sleep(milliseconds, undefined, { signal }).catch(() => {});
  return !signal.aborted;
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}
