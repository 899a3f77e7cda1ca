import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

const Order = z.object({
  verb: z.enum(['do', 'amend', 'undo']),
  subjects: z.object({ claim: z.object({ employee: z.string(), amount: z.number() }).optional() }),
});

interface Payment {
  employee: string;
  amount: number;
}

/**
 * A made-up payments service on loopback. It acts once on each `Idempotency-Key`: the same order again gets the same
 * answer, another order under the key gets 422. `GET /payments` lists what is paid, by slot.
 */
export function createPayments(): ReturnType<typeof createServer> {
  const paid = new Map<string, Payment>();
  const answers = new Map<string, { body: string; status: number; answer: string }>();

  const settle = (slot: string, body: string): { status: number; answer: object } => {
    const order = Order.safeParse(JSON.parse(body));
    if (!order.success) return { status: 400, answer: { error: 'This is no order of a payment.' } };
    const { verb, subjects } = order.data;
    const before = paid.get(slot);
    if (verb === 'undo') {
      paid.delete(slot);
      return { status: 200, answer: { reference: slot, tookBack: before?.amount ?? 0 } };
    }
    const { claim } = subjects;
    if (!claim || claim.amount <= 0) return { status: 422, answer: { error: 'There is nothing to pay.' } };
    if (verb === 'do' && before) return { status: 422, answer: { error: 'This is paid already.' } };
    if (verb === 'amend' && !before) return { status: 422, answer: { error: 'Nothing was paid yet.' } };
    paid.set(slot, { employee: claim.employee, amount: claim.amount });
    return {
      status: 200,
      answer: { reference: slot, paid: claim.amount, moved: claim.amount - (before?.amount ?? 0) },
    };
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const reply = (status: number, answer: string): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(answer);
    if (request.url !== '/payments') return reply(404, '{"error":"There is nothing here."}');
    if (request.method === 'GET') return reply(200, JSON.stringify(Object.fromEntries(paid)));
    const key = String(request.headers['idempotency-key'] ?? '');
    // A key is slot, number and verb.
    const slot = key.split('/').slice(0, -2).join('/');
    if (slot === '') return reply(400, '{"error":"A payment needs an Idempotency-Key."}');
    const body = await text(request);
    const before = answers.get(key);
    if (before && before.body !== body) return reply(422, '{"error":"This key bears another order."}');
    if (before) return reply(before.status, before.answer);
    const { status, answer } = settle(slot, body);
    // What was refused may be tried again.
    if (status === 200) answers.set(key, { body, status, answer: JSON.stringify(answer) });
    reply(status, JSON.stringify(answer));
  };
  return createServer((request, response) => {
    handle(request, response).catch(() => response.writeHead(400).end('{"error":"This is no JSON."}'));
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const server = createPayments();
  server.listen(Number(process.argv[2] ?? 4710), '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    process.send?.(port);
    console.log(`Payments (made up) at http://127.0.0.1:${port}/payments`);
  });
  // Started by a test: it ends with it.
  if (process.send) process.on('disconnect', () => process.exit());
}
