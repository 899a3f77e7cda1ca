import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { httpConnector } from '../../activities/connectors/http.ts';
import { defineAgent } from '../../contracts/define-agent.ts';
import { defineEffect } from '../../contracts/define-effect.ts';
import { defineProcess } from '../../contracts/define-process.ts';
import { startTestProject } from '../../testing/start-test-project.ts';
import { defineProject } from '../../worker/define-project.ts';
import { createConcealer } from '../../worker/conceal.ts';
import { giveCredentials } from '../../worker/give-credentials.ts';
import { callOf } from '../activities/connectors/call.ts';
import { oneStep } from '../e2e/trace/one-step.ts';
import { openedAnew } from '../e2e/trace/wait.ts';
import { temporalAddress } from '../temporal-server.ts';

const secret = 'k9/"Zq+7 rosebud&%20x';
const login = Buffer.from(`baton:${secret}`).toString('base64');

/** A receiver that tells everything it was told, in every way: refuses first, then accepts. */
const arrivals: IncomingMessage[] = [];
const receiver = createServer((request, response) => {
  void (async () => {
    await text(request);
    arrivals.push(request);
    const told = [request.headers.authorization, encodeURIComponent(secret), login, { [secret]: secret }];
    response.writeHead(arrivals.length === 1 ? 422 : 200).end(JSON.stringify(told));
  })();
});
let origin = '';
beforeAll(async () => {
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  origin = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
});
afterAll(() => receiver.close());

const writer = defineAgent({
  name: 'writer',
  needs: { topic: z.string() },
  produces: { letter: z.object({ text: z.string() }) },
});

function projectOf() {
  const posted = defineProcess({
    name: 'posted',
    input: z.object({ topic: z.string() }),
    output: writer.produces,
    team: [writer],
    effects: {
      post: defineEffect({
        subject: 'letter',
        connector: 'post',
        destination: { url: `${origin}/letters` },
        consequences: 'The letter is out.',
        receipt: 'posted',
      }),
    },
  });
  const connector = httpConnector({
    allow: [{ origin, internal: true }],
    headers: { authorization: { credential: 'POST_TOKEN', before: 'Bearer ' } },
  });
  const project = defineProject({
    processes: [posted],
    agents: [oneStep(writer, ({ topic }) => ({ letter: { text: topic } }))],
    connectors: { post: connector },
  });
  return { posted, project };
}

/** Each way in which it could be told; all of them would be found. */
const forms = [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
  login.slice(12, -4),
  'rosebud',
];
const leaksIn = (told: string): string[] => forms.filter((form) => told.includes(form));

describe('a credential', () => {
  it('reaches the other side, and neither history, ledger, artifacts, logs nor errors, though the other side repeats it', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'baton-credentials-'));
    const lines: string[] = [];
    const logger = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
    const { posted, project } = projectOf();
    const baton = await startTestProject(project, {
      address: await temporalAddress(),
      folder,
      logger,
      environment: { POST_TOKEN: secret, OTHER: 'x' },
    });
    try {
      const { run } = await baton.client.start(posted, { topic: 'Rain' }, { by: 'a-starter' });
      const asked = await openedAnew(baton, run, 'post');
      expect(asked.checkpoint.shown.failure).toMatchObject({
        type: 'Effect.Refused',
        message: expect.stringContaining('422'),
      });
      const { result } = await baton.finish(run, { post: [{ verb: 'retry' }] });
      expect(result.status).toBe('finished');
      expect(arrivals.map(({ headers }) => headers.authorization)).toEqual(
        Array.from({ length: 2 }, () => `Bearer ${secret}`),
      );
      const history = await baton.client.temporal.workflow.getHandle(run).fetchHistory();
      const told = {
        history: JSON.stringify(historyToJSON(history)),
        ledger: JSON.stringify(await baton.store.ledger.read(run)),
        slots: JSON.stringify(await baton.store.slots.list(run)),
        logs: lines.join(''),
        failure: JSON.stringify(asked),
      };
      for (const [what, content] of Object.entries(told)) {
        expect(content.length).toBeGreaterThan(100);
        // Temporal's JSON has payloads in base64.
        const readable = content.replaceAll(/"data":"([^"]+)"/g, (_, data: string) => atob(data));
        expect({ what, leaks: leaksIn(readable) }).toEqual({ what, leaks: [] });
      }
      expect(told.slots).toContain('[POST_TOKEN]');
    } finally {
      await baton.stop();
    }
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    const contents = files.filter((file) => file.isFile());
    expect(contents.length).toBeGreaterThan(0);
    for (const file of contents) {
      const content = await readFile(path.join(file.parentPath, file.name), 'utf8');
      expect({ file: file.name, leaks: leaksIn(content) }).toEqual({ file: file.name, leaks: [] });
    }
    await rm(folder, { recursive: true });
  });

  it.for([
    ['is missing', {}],
    ['is empty', { POST_TOKEN: '' }],
  ] as const)(
    'that %s keeps the worker from starting, with its name and its connector',
    async ([, environment]) => {
      const { project } = projectOf();
      await expect(
        startTestProject(project, { address: await temporalAddress(), environment }),
      ).rejects.toMatchObject({
        type: 'Credential.Missing',
        message: expect.stringMatching(/POST_TOKEN \(of the connector post\)/),
        details: [expect.objectContaining({ name: 'POST_TOKEN' })],
      });
    },
  );

  it('is given to the connector that names it, and to no other', async () => {
    const given: unknown[] = [];
    const naming = (credentials?: string[]) => ({
      repeatable: true,
      ...(credentials && { credentials }),
      call: async (call: { credentials: unknown }) => {
        given.push(call.credentials);
        return null;
      },
    });
    const connectors = giveCredentials(
      { one: naming(['ONE']), two: naming(['TWO']), none: naming() },
      { ONE: '1', TWO: '2' },
    );
    for (const connector of Object.values(connectors)) await connector.call(callOf({}));
    expect(given).toEqual([{ ONE: '1' }, { TWO: '2' }, {}]);
  });

  it('takes nothing from what its connector can do', () => {
    const call = async () => null;
    const connector = { repeatable: true, undoes: true, credentials: ['KEY'], call };
    const { able, unable } = giveCredentials(
      { able: { ...connector, lookup: async () => ({ holds: 'none', forGood: true }) }, unable: connector },
      { KEY: 'open sesame' },
    );
    expect(able).toMatchObject({ repeatable: true, undoes: true, credentials: ['KEY'] });
    expect([typeof able!.lookup, typeof unable!.lookup]).toEqual(['function', 'undefined']);
  });

  it('is concealed where it is an address whose password no encoding would have written', () => {
    const conceal = createConcealer({ DATABASE_URL: 'postgres://clerk:100%pure@localhost/office' });
    expect(conceal('no user clerk with 100%pure')).not.toContain('100%pure');
  });

  it('is concealed in errors with their causes and stacks, and in what a lookup finds', async () => {
    const { broken } = giveCredentials(
      {
        broken: {
          repeatable: false,
          credentials: ['KEY'],
          call: async () => Promise.reject(new Error('It broke.', { cause: new Error('with open sesame') })),
          lookup: async () => ({ holds: 'wanted', forGood: true, receipt: { told: ['open sesame'] } }),
        },
      },
      { KEY: 'open sesame' },
    );
    const failure = (await broken!.call(callOf({})).catch((error: unknown) => error)) as Error;
    expect([failure.message, failure.cause]).toEqual(['It broke.', undefined]);
    expect(failure.stack).not.toContain('sesame');
    expect(await broken!.lookup!(callOf({}))).toEqual({
      holds: 'wanted',
      forGood: true,
      receipt: { told: ['[KEY]'] },
    });
  });
});
