import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import pino from 'pino';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineProcess } from '../../contracts/define-process.ts';
import { outside } from '../../contracts/define-supplier.ts';
import { defineTrigger } from '../../contracts/define-trigger.ts';
import { createHooks, serveHooks } from '../../desk/hooks.ts';
import { startTestProject } from '../../testing/start-test-project.ts';
import type { TestProject } from '../../testing/start-test-project.ts';
import { temporalAddress } from '../temporal-server.ts';

const address = await temporalAddress();
const prices = z.object({ tea: z.number() });
const order = defineProcess({
  name: 'ordered-by-message',
  input: z.object({ cups: z.int().min(1) }),
  output: { prices },
  team: [outside({ name: 'feed', produces: { prices } })],
});
const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
const environment = { ORDERS_SECRET: newSecret(), ORDERS_FORMER: newSecret() };
const triggers = {
  orders: defineTrigger({
    process: order,
    secret: ['ORDERS_SECRET', 'ORDERS_FORMER'],
    input: { cups: '/data/cups' },
    supplied: { prices: '/data/price~1list' },
  }),
  mapped: defineTrigger({
    process: order,
    secret: 'ORDERS_SECRET',
    input: (message) => ({ cups: (message as { dozens: { count: number } }).dozens.count * 12 }),
  }),
};

let baton: TestProject;
let hooks: Awaited<ReturnType<typeof serveHooks>>;
let log = '';
const sink = new Writable({
  write(chunk, _encoding, done) {
    log += String(chunk);
    done();
  },
});
beforeAll(async () => {
  baton = await startTestProject({ processes: [order], agents: [] }, { address });
  const { client } = baton;
  hooks = await serveHooks(createHooks({ triggers, client, logger: pino(sink), environment }), 0);
});
afterAll(async () => {
  await hooks.close();
  await baton.stop();
});

interface Sent {
  id?: string;
  body?: string;
  secret?: string;
  at?: Date;
  trigger?: string;
  signature?: (signed: string) => string;
}

async function send(given: Sent = {}): Promise<{ status: number; type: string | null; answer: object }> {
  const { id = `msg_${randomUUID()}`, body = '{"data": {"cups": 3}}', at = new Date() } = given;
  const { secret = environment.ORDERS_SECRET, trigger = 'orders', signature = (signed) => signed } = given;
  const response = await fetch(`${hooks.url}/${trigger}`, {
    method: 'POST',
    headers: {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': signature(new Webhook(secret).sign(id, at, body)),
    },
    body,
  });
  const type = response.headers.get('content-type');
  return { status: response.status, type, answer: (await response.json()) as object };
}

const runs = async () => baton.store.runs.list({ process: 'ordered-by-message' });
const minutesAgo = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);

describe('a signed message', () => {
  it('starts a run with what it says, on record as the trigger', async () => {
    const { status, answer } = await send({ id: 'msg_first' });
    const [run] = await runs();
    expect([status, answer]).toEqual([202, { run: run!.run }]);
    expect(run).toMatchObject({ key: 'orders:msg_first', startedBy: 'trigger:orders', status: 'open' });
    const { state } = await baton.client.state(run!.run);
    expect(await baton.client.read(state.inputs['cups']!)).toBe(3);
  });

  it('that comes again is the same run, answered with 200, however often at once', async () => {
    const id = `msg_${randomUUID()}`;
    const answers = await Promise.all([1, 2, 3, 4].map(async () => send({ id })));
    expect(new Set(answers.map(({ answer }) => JSON.stringify(answer))).size).toBe(1);
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect((await runs()).filter(({ key }) => key === `orders:${id}`)).toHaveLength(1);
    const [{ run }] = [answers[0]!.answer as { run: string }];
    await baton.client.provide(run, { prices: { tea: 2 } }, { id: 'a-feed', roles: [] });
    await baton.client.result(run);
    expect(await send({ id })).toMatchObject({ status: 200, answer: { run } });
  });

  it('may hand an artifact in, which then is not asked of anybody', async () => {
    const body = JSON.stringify({ data: { cups: 2, 'price/list': { tea: 7 } } });
    const { answer } = await send({ body });
    const { outputs, status } = await baton.client.result((answer as { run: string }).run);
    expect(status).toBe('finished');
    expect(await baton.client.read(outputs['prices']!)).toEqual({ tea: 7 });
  });

  it('may be read by a function', async () => {
    const { answer } = await send({ trigger: 'mapped', body: '{"dozens": {"count": 2}}' });
    const { state } = await baton.client.state((answer as { run: string }).run);
    expect(await baton.client.read(state.inputs['cups']!)).toBe(24);
  });

  it('counts while its secret is being replaced, whichever of the two signed it', async () => {
    expect((await send({ secret: environment.ORDERS_FORMER })).status).toBe(202);
    const both = await send({ signature: (signed) => `v1,AAAA v2,nothing ${signed}` });
    expect(both.status).toBe(202);
  });
});

describe('a message is refused as a problem, and starts nothing,', () => {
  const repeated = `msg_${randomUUID()}`;
  const text = 'told in confidence';
  it.each<[string, Sent, number, string]>([
    ['with another secret', { secret: newSecret() }, 401, 'Message.BadSignature'],
    ['with no signature', { signature: () => '' }, 401, 'Message.BadSignature'],
    ['with a signature cut short', { signature: (one) => one.slice(0, 20) }, 401, 'Message.BadSignature'],
    ['with an id without end', { id: 'm'.repeat(201) }, 401, 'Message.BadSignature'],
    ['from before', { at: minutesAgo(6) }, 401, 'Message.Expired'],
    ['from later', { at: minutesAgo(-6) }, 401, 'Message.Expired'],
    ['for no trigger', { trigger: 'constructor' }, 404, 'Trigger.Unknown'],
    ['that is not JSON', { body: `{"cups": ${text}` }, 400, 'Message.Malformed'],
    ['that its function can not read', { trigger: 'mapped', body: '{}' }, 400, 'Message.Malformed'],
    ['that does not fit the schema', { body: '{"data": {"cups": "many"}}' }, 422, 'Input.Invalid'],
    ['without what is needed', { body: `{"note": "${text}"}` }, 422, 'Input.Invalid'],
    [
      'with an artifact in another form',
      { body: '{"data": {"cups": 1, "price/list": {"tea": "dear"}}}' },
      422,
      'Input.Invalid',
    ],
    ['that is too large', { body: JSON.stringify('x'.repeat(1_000_001)) }, 413, 'Message.TooLarge'],
  ])('%s', async (_what, given, status, title) => {
    const before = (await runs()).length;
    const refused = await send(given);
    expect(refused).toMatchObject({ status, type: 'application/problem+json', answer: { status, title } });
    expect(await runs()).toHaveLength(before);
  });

  it('with other content under an id that was used', async () => {
    expect((await send({ id: repeated })).status).toBe(202);
    const other = await send({ id: repeated, body: '{"data": {"cups": 3}, "more": 1}' });
    expect(other).toMatchObject({ status: 409, answer: { title: 'Key.InUse' } });
  });

  it('where its body was altered on the way', async () => {
    const at = String(Math.floor(Date.now() / 1000));
    const key = Buffer.from(environment.ORDERS_SECRET.slice(6), 'base64');
    const signature = createHmac('sha256', key).update(`msg_1.${at}.{"data": {"cups": 1}}`).digest('base64');
    const response = await fetch(`${hooks.url}/orders`, {
      method: 'POST',
      headers: { 'webhook-id': 'msg_1', 'webhook-timestamp': at, 'webhook-signature': `v1,${signature}` },
      body: '{"data": {"cups": 9}}',
    });
    expect(response.status).toBe(401);
  });

  it('and what is logged of it names neither its body nor a secret', () => {
    expect(log).toContain('message refused');
    expect(log).toContain('message taken');
    for (const secret of [text, 'many', ...Object.values(environment).map((one) => one.slice(6))])
      expect(log).not.toContain(secret);
  });
});

describe('a trigger', () => {
  it('whose secret is missing or too short is refused when it is served, by name', () => {
    const options = { triggers, client: baton.client, logger: pino({ level: 'silent' }) };
    for (const wrong of [{}, { ...environment, ORDERS_FORMER: 'whsec_c2hvcnQ=' }])
      expect(() => createHooks({ ...options, environment: wrong })).toThrow(
        expect.objectContaining({
          type: 'Credential.Missing',
          message: expect.stringContaining('ORDERS_'),
        }),
      );
  });

  it('with what is no JSON pointer is refused where it is defined', () => {
    const define = () =>
      defineTrigger({ process: order, secret: 'ORDERS_SECRET', input: { cups: 'data.cups' } });
    expect(define).toThrow(expect.objectContaining({ type: 'Process.Invalid' }));
  });

  it('is served on a port that is free', async () => {
    const port = Number(new URL(hooks.url).port);
    const app = createHooks({ triggers: {}, client: baton.client, logger: pino(sink), environment });
    await expect(serveHooks(app, port)).rejects.toMatchObject({ type: 'Server.PortInUse' });
  });
});
