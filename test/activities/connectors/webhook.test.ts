import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { webhookConnector } from '../../../activities/connectors/webhook.ts';
import type { Json } from '../../../contracts/json.ts';
import { ConnectorRefused } from '../../../contracts/ports.ts';
import { giveCredentials } from '../../../worker/give-credentials.ts';
import { attempt, makeDependencies, openTestStore, putJson, run } from '../harness.ts';
import { callOf } from './call.ts';

const secret = `whsec_${randomBytes(32).toString('base64')}`;

/** A receiver that keeps what arrived, and answers with the statuses in order, then 204. */
interface Arrival {
  headers: IncomingHttpHeaders;
  body: string;
}
const arrivals: Arrival[] = [];
const statuses: number[] = [];
const receiver = createServer((request, response) => {
  void (async () => {
    arrivals.push({ headers: request.headers, body: await text(request) });
    response.writeHead(statuses.shift() ?? 204).end();
  })();
});
let origin = '';
beforeAll(async () => {
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  origin = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
});
afterAll(() => receiver.close());
beforeEach(() => {
  arrivals.splice(0);
  statuses.splice(0);
});

const connector = () =>
  webhookConnector({ allow: [{ origin, internal: true }], credential: 'WEBHOOK_SECRET' });

/** What Standard Webhooks' own library makes of an arrival; throws where its signature is not right. */
function verified({ headers, body }: Arrival): unknown {
  return new Webhook(secret).verify(body, headers as Record<string, string>);
}

async function call(parts: Parameters<typeof callOf>[0] = {}, given = secret): Promise<Json> {
  return connector().call(
    callOf({
      destination: { url: `${origin}/events` },
      arguments: { type: 'expense.paid' },
      subjects: { claim: { total: 12, for: '計程車' } },
      credentials: { WEBHOOK_SECRET: given },
      ...parts,
    }),
  );
}

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const failure: unknown = await work.catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ConnectorRefused);
  expect((failure as Error).message).not.toContain(secret.slice(6));
  return (failure as Error).message;
}

test("the receiver's own library takes it for genuine, with its type and subjects", async () => {
  expect(await call()).toMatchObject({ status: 204 });
  expect(verified(arrivals[0]!)).toEqual({
    type: 'expense.paid',
    data: { verb: 'do', subjects: { claim: { total: 12, for: '計程車' } } },
  });
  const altered = { ...arrivals[0]!, body: arrivals[0]!.body.replace('12', '13') };
  expect(() => verified(altered)).toThrow(/signature/i);
});

test('one call has one id and one body however often it is made, another slot has another', async () => {
  await call();
  await call();
  await call({ slot: 'publish/計.程' });
  const [first, second, third] = arrivals.map(({ headers, body }) => [headers['webhook-id'], body]);
  expect(second).toEqual(first);
  expect(third![0]).not.toBe(first![0]);
  for (const arrival of arrivals) {
    expect(arrival.headers['webhook-id']).toMatch(/^msg_[\w-]{43}$/);
    verified(arrival);
  }
});

test('an answer that leaves it open is followed by the same id again: receivers count it once', async () => {
  const store = await openTestStore();
  const claim = await putJson(store, 'claim', { total: 12 });
  const connectors = { ...giveCredentials({ hook: connector() }, { WEBHOOK_SECRET: secret }) };
  statuses.push(503, 500);
  const { outcome } = await attempt(makeDependencies(store, { connectors }), 'performEffect', {
    run,
    epoch: 1,
    process: 'tested',
    slot: 'tell',
    effect: 'tell',
    n: 0,
    verb: 'do',
    digest: claim.digest,
    tries: 0,
    subjects: { claim },
    connector: 'hook',
    destination: { url: `${origin}/events` },
    arguments: { type: 'expense.paid' },
    timeout: 10_000,
  });
  expect(outcome.end.kind).toBe('success');
  expect(arrivals).toHaveLength(3);
  expect(new Set(arrivals.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  arrivals.forEach(verified);
});

test.for([400, 401, 404, 410, 422])('%i is a refusal', async (status) => {
  statuses.push(status);
  expect(await refusalOf(call())).toContain(`answered ${status}`);
});

test('that it is replaced or taken back is told as an event of its own, where one is declared', async () => {
  const types = { type: 'expense.paid', amendType: 'expense.corrected', undoType: 'expense.withdrawn' };
  await call({ verb: 'amend', arguments: types });
  await call({ verb: 'undo', arguments: types, subjects: {} });
  expect(arrivals.map(verified)).toEqual([
    expect.objectContaining({ type: 'expense.corrected' }),
    { type: 'expense.withdrawn', data: { verb: 'undo', subjects: {} } },
  ]);
  expect(await refusalOf(call({ verb: 'undo' }))).toContain('`undoType`');
  expect(arrivals).toHaveLength(2);
});

test.for([
  'rosebud',
  '',
  'whsec_',
  `whsec_${Buffer.alloc(23).toString('base64')}`,
  `whsec_${Buffer.alloc(65).toString('base64')}`,
  `whsec_${'*'.repeat(40)}`,
])('%s is no secret, and nothing is sent', async (given) => {
  const told = await refusalOf(call({}, given));
  expect(told).toMatch(/^WEBHOOK_SECRET is no secret/);
  if (given.length > 8) expect(told).not.toContain(given);
  expect(arrivals).toEqual([]);
});

test.for([
  [{ arguments: {} }, /arguments: type/],
  [{ arguments: { type: 'two words' } }, /event type such as/],
  [{ arguments: { type: 'a', headers: {} } }, /headers/],
  [{ destination: {} }, /destination: url/],
  [{ destination: { url: 'file:///etc/passwd' } }, /destination: url/],
  [{ destination: { url: 'http://books.example.org/' } }, /not among the origins/],
] as const)('%j is refused, and nothing is sent', async ([parts, words]) => {
  expect(await refusalOf(call(parts as Parameters<typeof callOf>[0]))).toMatch(words);
  expect(arrivals).toEqual([]);
});
