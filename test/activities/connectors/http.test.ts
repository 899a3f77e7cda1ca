import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { httpConnector } from '../../../activities/connectors/http.ts';
import type { HttpConnectorOptions } from '../../../activities/connectors/http.ts';
import type { Json } from '../../../contracts/json.ts';
import { ConnectorRefused } from '../../../contracts/ports.ts';
import { attempt, makeDependencies, openTestStore, putJson, run } from '../harness.ts';
import { callOf } from './call.ts';

const receiver = fork(fileURLToPath(new URL('processes/receiver.ts', import.meta.url)));
let origin = '';

beforeAll(async () => {
  const [port] = (await once(receiver, 'message')) as [number];
  origin = `http://127.0.0.1:${port}`;
});
afterAll(() => receiver.disconnect());

async function call(
  path: string,
  options: Partial<HttpConnectorOptions> = {},
  parts: Parameters<typeof callOf>[0] = {},
): Promise<Json> {
  const connector = httpConnector({ allow: [{ origin, internal: true }], ...options });
  return connector.call(callOf({ destination: { url: `${origin}${path}` }, ...parts }));
}

async function failureOf(path: string, parts: Parameters<typeof callOf>[0] = {}): Promise<Error> {
  return call(path, {}, parts).then(
    () => Promise.reject(new Error('It did not fail.')),
    (error: unknown) => error as Error,
  );
}

async function arrivals(): Promise<{ arrivals: { [field: string]: string }[]; filled: string[] }> {
  return (await (await fetch(`${origin}/arrivals`)).json()) as Awaited<ReturnType<typeof arrivals>>;
}

test('sends what there is to send, under its key, with the credentials of the worker', async () => {
  const receipt = await call(
    '/status?status=201',
    {
      headers: { Authorization: { credential: 'TOKEN', before: 'Bearer ' }, 'Idempotency-Key': 'forged' },
    },
    {
      credentials: { TOKEN: 'secret' },
      slot: 'pay/7',
      arguments: { currency: 'EUR' },
      subjects: { invoice: { total: 12 } },
    },
  );
  expect(receipt).toEqual({ status: 201, answer: 'status 201', complete: true });
  const arrived = (await arrivals()).arrivals.find(({ key }) => key === 'run-1/pay/7/0/do');
  expect(arrived).toMatchObject({ method: 'POST', authorization: 'Bearer secret' });
  expect(JSON.parse(arrived!['body']!)).toEqual({
    verb: 'do',
    arguments: { currency: 'EUR' },
    subjects: { invoice: { total: 12 } },
  });
});

test('a key with letters that no header can hold arrives in a form of its own', async () => {
  await call('/status?status=200', {}, { slot: 'pay/計 1%' });
  const keys = (await arrivals()).arrivals.map(({ key }) => key);
  expect(keys).toContain('run-1/pay/%E8%A8%88%201%25/0/do');
});

test.for([400, 401, 403, 404, 410, 422, 307, 308])('%i is a refusal', async (status) => {
  const failure = await failureOf(`${status < 400 ? '/elsewhere' : '/status'}?status=${status}`);
  expect(failure).toBeInstanceOf(ConnectorRefused);
  expect(failure.message).toContain(String(status));
});

// After a 301 to 303 the request may well have been acted on: that is how a form says where its result lies.
test.for([408, 409, 425, 429, 500, 502, 503, 504, 301, 302, 303])('%i leaves it unknown', async (status) => {
  const failure = await failureOf(`${status < 400 ? '/elsewhere' : '/status'}?status=${status}`);
  expect(failure).not.toBeInstanceOf(ConnectorRefused);
  expect(failure.message).toContain(String(status));
});

test('no redirect is followed', async () => {
  const before = (await arrivals()).arrivals.length;
  await failureOf('/elsewhere?status=307');
  expect((await arrivals()).arrivals).toHaveLength(before + 1);
});

test('a connection that breaks, or hangs until the deadline, leaves it unknown', async () => {
  expect(await failureOf('/reset')).not.toBeInstanceOf(ConnectorRefused);
  expect(await failureOf('/hang', { abortSignal: AbortSignal.timeout(200) })).not.toBeInstanceOf(
    ConnectorRefused,
  );
});

test('an answer that breaks off or hangs is a success all the same: its status had come', async () => {
  const partly = { status: 200, answer: 'the first part', complete: false };
  expect(await call('/reset-in-answer')).toEqual(partly);
  expect(await call('/hang-in-answer', {}, { abortSignal: AbortSignal.timeout(500) })).toEqual(partly);
});

test('of a long answer no more is read than is kept', async () => {
  const before = process.memoryUsage().rss;
  const receipt = (await call('/long')) as { answer: string; complete: boolean };
  expect([receipt.answer.length, receipt.complete]).toEqual([64 * 1024, false]);
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
});

test('nobody there to connect to is a refusal', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port } = closed.address() as AddressInfo;
  closed.close();
  await once(closed, 'close');
  const connector = httpConnector({ allow: [{ origin: `http://127.0.0.1:${port}`, internal: true }] });
  const failure: unknown = await connector
    .call(callOf({ destination: { url: `http://127.0.0.1:${port}/` } }))
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ConnectorRefused);
  expect((failure as Error).message).toMatch(/ECONNREFUSED/);
});

test.for([
  ['its address', '127.0.0.1'],
  ['a name', 'localhost'],
  ['its address as one number', '2130706433'],
  ['its address in octal', '0177.0.0.1'],
  ['its address mapped into IPv6', '[::ffff:127.0.0.1]'],
])('an origin inside by %s is refused where it is only allowed, and nothing is sent', async ([, host]) => {
  const before = (await arrivals()).arrivals.length;
  const url = origin.replace('127.0.0.1', host!);
  const connector = httpConnector({ allow: [url] });
  const failure: unknown = await connector
    .call(callOf({ destination: { url } }))
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ConnectorRefused);
  expect((failure as Error).message).toMatch(/lies inside: .*internal: true/);
  expect((await arrivals()).arrivals).toHaveLength(before);
});

const unsendable: [string, (given: string) => Json, Partial<HttpConnectorOptions>][] = [
  ['an origin that is not allowed', () => ({ url: 'http://127.0.0.1:1/' }), {}],
  ['an origin that only looks allowed', (given) => ({ url: `${given}.example.org/` }), {}],
  ['another protocol', () => ({ url: 'file:///etc/passwd' }), {}],
  ['credentials in the address', (given) => ({ url: given.replace('//', '//user:secret@') }), {}],
  ['no address', () => ({}), {}],
  ['another method', (given) => ({ url: given, method: 'DELETE' }), {}],
  [
    'a header that can not be sent',
    (given) => ({ url: given }),
    { headers: { authorization: 'two\nlines' } },
  ],
];

test.for(unsendable)('%s is refused, and nothing is sent', async ([, destination, options]) => {
  const before = (await arrivals()).arrivals.length;
  const connector = httpConnector({ allow: [{ origin, internal: true }], ...options });
  const failure: unknown = await connector
    .call(callOf({ destination: destination(origin) }))
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ConnectorRefused);
  expect((failure as Error).message).not.toContain('secret');
  expect((await arrivals()).arrivals).toHaveLength(before);
});

test('a receiver that fills the slot and dies before it answers is filled once', async () => {
  const store = await openTestStore();
  const invoice = await putJson(store, 'invoice', { total: 12 });
  const connectors = { bank: httpConnector({ allow: [{ origin, internal: true }], repeatable: true }) };
  const { outcome } = await attempt(makeDependencies(store, { connectors }), 'performEffect', {
    run,
    epoch: 1,
    process: 'tested',
    slot: 'transfer',
    effect: 'transfer',
    n: 0,
    verb: 'do',
    digest: invoice.digest,
    tries: 0,
    subjects: { invoice },
    connector: 'bank',
    destination: { url: `${origin}/fill` },
    arguments: {},
    timeout: 10_000,
  });
  expect(outcome.end.kind).toBe('success');
  const { arrivals: all, filled } = await arrivals();
  expect(all.filter(({ key }) => key === 'run-1/transfer/0/do')).toHaveLength(2);
  expect(filled).toEqual(['run-1/transfer/0/do']);
});

test('takes back what it did by the method it was given, at the address of the slot, under a key of its own', async () => {
  const destination = { url: `${origin}/status/{slot}?status=204`, method: 'PUT' };
  const undo = {
    slot: 'post/Größe 7',
    n: 0,
    verb: 'undo',
    digest: null,
    former: 'digest-1',
    destination,
  } as const;
  await call('', { undo: 'DELETE' }, { ...undo, verb: 'do', subjects: { notice: { text: 'Tea' } } });
  expect(await call('', { undo: 'DELETE' }, undo)).toMatchObject({ status: 204 });
  const arrived = (await arrivals()).arrivals.filter(({ key }) => key?.startsWith('run-1/post/'));
  const path = `/status/${encodeURIComponent('run-1/post/Größe 7')}`;
  expect(arrived.map((one) => [one['method'], one['path'], one['body']])).toEqual([
    ['PUT', path, expect.stringContaining('Tea')],
    ['DELETE', path, ''],
  ]);
  await call('', { undo: 'POST' }, { ...undo, slot: 'post/8', arguments: { why: 'a mistake' } });
  const posted = (await arrivals()).arrivals.find(({ key }) => key === 'run-1/post/8/0/undo');
  expect(JSON.parse(posted!['body']!)).toEqual({
    verb: 'undo',
    arguments: { why: 'a mistake' },
    subjects: {},
  });
});

test('a connector that was not told how does not undo', async () => {
  const undo = { verb: 'undo', digest: null, former: 'digest-1' } as const;
  const failure = await failureOf('/status?status=200', undo);
  expect(failure).toBeInstanceOf(ConnectorRefused);
  expect(failure.message).toContain("can't undo");
});
