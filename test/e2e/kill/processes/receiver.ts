import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What a worker reports: that a node runs, or that an operation begins or has ended. */
export type Event = { trial: string; process: number } & (
  | { kind: 'node'; agent: string; node: string }
  | { kind: 'operation'; operation: string; nth: number; moment: 'before' | 'after' }
);

export interface Fill {
  key: string;
  body: string;
}

/** What is known of a run: calls as they arrived, and those that were acted on. */
export interface Received {
  calls: Fill[];
  fills: Fill[];
}

const events: Event[] = [];
const calls: Fill[] = [];
const fills: Fill[] = [];
/** Keys of calls whose answer is still owed. */
const owed: string[] = [];
const held: ServerResponse[] = [];

// Whoever started it is gone.
process.on('disconnect', () => process.exit());

/**
 * The outside: `/letters/once` acts on a key once, `/letters/each` on every call. `?answer=late` acts and then holds
 * its answer back until `/release`, `?answer=broken` acts and breaks off: the first time that it sees a key.
 */
async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url!, 'http://127.0.0.1');
  const [place, ...rest] = url.pathname.slice(1).split('/');
  const answer = (body: unknown): void => void response.end(JSON.stringify(body));
  if (place === 'events' && request.method === 'POST') {
    events.push(JSON.parse(await text(request)) as Event);
    answer(true);
  } else if (place === 'events') {
    answer(events.filter(({ trial }) => trial === rest[0]));
  } else if (place === 'received') {
    const ofRun = ({ key }: Fill): boolean => key.startsWith(`${rest[0]}/`);
    answer({ calls: calls.filter(ofRun), fills: fills.filter(ofRun) } satisfies Received);
  } else if (place === 'fills') {
    const key = decodeURIComponent(rest[0]!);
    const holds = fills.some((fill) => fill.key === key) ? 'wanted' : 'none';
    answer({ holds, forGood: holds === 'wanted' || !owed.includes(key), receipt: { found: key } });
  } else if (place === 'release') {
    for (const waiting of held.splice(0)) waiting.end('{"status":"accepted"}');
    answer(true);
  } else {
    await takeLetter(request, response, rest[0] === 'once', url.searchParams.get('answer'));
  }
}

async function takeLetter(
  request: IncomingMessage,
  response: ServerResponse,
  once: boolean,
  manner: string | null,
): Promise<void> {
  const key = String(request.headers['idempotency-key']);
  owed.push(key);
  response.on('close', () => owed.splice(owed.indexOf(key), 1));
  const body = await text(request);
  calls.push({ key, body });
  const before = fills.find((fill) => fill.key === key);
  if (once && before && before.body !== body) return void response.writeHead(422).end();
  if (!once || !before) fills.push({ key, body });
  if (manner === 'broken' && !before) return void response.destroy();
  if (manner === 'late' && !before) return void held.push(response);
  response.end('{"status":"accepted"}');
}

const server = createServer((request, response) => {
  handle(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
});
// A worker that was stopped for a while must not find its connection gone.
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.send!((server.address() as AddressInfo).port);
