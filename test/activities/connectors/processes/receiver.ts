import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A receiver in a process of its own: counts what arrives by Idempotency-Key, and answers as its path says. */
interface Arrival {
  key: string;
  method: string;
  authorization: string;
  path: string;
  body: string;
}
const arrivals: Arrival[] = [];
const filled = new Set<string>();

const answers: { [path: string]: (request: IncomingMessage, response: ServerResponse) => void } = {
  '/arrivals': (_request, response) => void response.end(JSON.stringify({ arrivals, filled: [...filled] })),
  '/hang': () => {},
  '/hang-in-answer': (_request, response) => void response.write('the first part'),
  '/reset': (request) => void request.socket.destroy(),
  '/reset-in-answer': (request, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('the first part', () => setTimeout(() => request.socket.destroy(), 50));
  },
  '/long': (_request, response) => {
    response.writeHead(200);
    const part = 'x'.repeat(64 * 1024);
    let sent = 0;
    const more = (): void => {
      // A gigabyte, were anybody to read it.
      while (sent++ < 16_384) if (!response.write(part)) return void response.once('drain', more);
      response.end();
    };
    more();
  },
  '/elsewhere': (request, response) => {
    const status = Number(new URL(request.url ?? '', 'http://receiver').searchParams.get('status'));
    response.writeHead(status, { location: '/2xx' }).end();
  },
  '/status': (request, response) => {
    const status = Number(new URL(request.url ?? '', 'http://receiver').searchParams.get('status'));
    response.writeHead(status).end(`status ${status}`);
  },
  '/fill': (request, response) => {
    const key = String(request.headers['idempotency-key']);
    const first = !filled.has(key);
    filled.add(key);
    if (first) return void request.socket.destroy();
    response.end(JSON.stringify({ filled: filled.size }));
  },
};

const server = createServer((request, response) => {
  void (async () => {
    const { pathname } = new URL(request.url ?? '', 'http://receiver');
    if (pathname !== '/arrivals')
      arrivals.push({
        key: String(request.headers['idempotency-key']),
        method: String(request.method),
        authorization: String(request.headers['authorization']),
        path: pathname,
        body: await text(request),
      });
    answers[`/${pathname.split('/')[1]}`]?.(request, response);
  })();
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
