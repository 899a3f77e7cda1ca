import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { ApplicationFailure } from '@temporalio/common';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Logger } from 'pino';
import type { BatonClient } from '../client/create-client.ts';
import type { Trigger } from '../contracts/define-trigger.ts';
import { failures, isFailureType, toFailure } from '../contracts/failures.ts';
import { readMessage, verifyMessage } from './read-message.ts';

/** Bytes of a message's body. */
const bodyAtMost = 1_000_000;
/** Bytes of a secret, as Standard Webhooks has it. */
const secretAtLeast = 24;

export interface HookOptions {
  triggers: { readonly [name: string]: Trigger };
  client: BatonClient;
  logger: Logger;
  /** By name: where the secrets lie. */
  environment: { readonly [name: string]: string | undefined };
}

const statuses: { readonly [type: string]: number } = {
  'Message.Malformed': 400,
  'Message.BadSignature': 401,
  'Message.Expired': 401,
  'Message.TooLarge': 413,
  'Trigger.Unknown': 404,
  'Key.InUse': 409,
  'Input.Invalid': 422,
  'Server.Unreachable': 503,
  'Store.Unavailable': 503,
};

/** Takes signed messages that start runs, by Standard Webhooks. Throws `Credential.Missing` where a secret is not there. */
export function createHooks({ triggers, client, logger, environment }: HookOptions): Hono {
  const keys = new Map(
    Object.entries(triggers).map(([name, { secrets }]) => [
      name,
      secrets.map((secret) => readSecret(secret, name, environment)),
    ]),
  );
  const findTrigger = (name: string): Trigger => {
    const trigger = Object.hasOwn(triggers, name) ? triggers[name] : undefined;
    if (trigger) return trigger;
    throw toFailure('Trigger.Unknown', 'There is no trigger of this name.');
  };
  /** Of what stands in an address only the names that are known. */
  const toName = (given: string | undefined): string | null =>
    given !== undefined && keys.has(given) ? given : null;
  const refuse = (error: unknown, trigger: string | null): Response => {
    const type = error instanceof ApplicationFailure && isFailureType(error.type) ? error.type : null;
    const status = type === null ? 500 : (statuses[type] ?? 500);
    // Neither the body nor what a mapping said of it.
    logger.warn({ trigger, status, type }, 'message refused');
    const told =
      type !== null && status !== 500
        ? { title: type, detail: (error as Error).message, mend: failures[type].mend }
        : { title: 'Internal error' };
    const problem = JSON.stringify({ type: 'about:blank', status, ...told });
    return new Response(problem, {
      status,
      headers: {
        'content-type': 'application/problem+json',
        // What was not read of a body that is too large would stand before the next message.
        ...(status === 413 && { connection: 'close' }),
      },
    });
  };

  const app = new Hono();
  app.onError((error, { req }) => refuse(error, toName(req.param('trigger'))));
  app.notFound(() => refuse(toFailure('Trigger.Unknown', 'There is nothing here.'), null));
  const limit = bodyLimit({
    maxSize: bodyAtMost,
    onError() {
      throw toFailure('Message.TooLarge', `A message may have ${bodyAtMost} bytes.`);
    },
  });
  app.post('/hooks/:trigger', limit, async ({ req, json }) => {
    const name = req.param('trigger');
    const trigger = findTrigger(name);
    const body = new Uint8Array(await req.arrayBuffer());
    const id = verifyMessage(
      {
        id: req.header('webhook-id'),
        timestamp: req.header('webhook-timestamp'),
        signature: req.header('webhook-signature'),
        body,
      },
      keys.get(name)!,
      Date.now(),
    );
    const { run, created } = await client.start(trigger.process, ...startOf(name, trigger, id, body));
    logger.info({ trigger: name, run, created }, 'message taken');
    return json({ run }, created ? 202 : 200);
  });
  return app;
}

type StartWords = Parameters<BatonClient['start']> extends [unknown, ...infer Rest] ? Rest : never;

function startOf(name: string, trigger: Trigger, id: string, body: Uint8Array): StartWords {
  const { input, supplied } = readMessage(trigger, body);
  const message = createHash('sha256').update(body).digest('hex');
  return [input, { key: `${name}:${id}`, by: `trigger:${name}`, supplied, message }];
}

function readSecret(secret: string, trigger: string, environment: HookOptions['environment']): Uint8Array {
  const text = environment[secret];
  const missing = (why: string): Error =>
    toFailure('Credential.Missing', `The trigger ${trigger}: ${secret} ${why}.`, { name: secret });
  if (!text) throw missing("is not in this program's environment, or empty");
  const key = Buffer.from(text.replace(/^whsec_/, ''), 'base64');
  if (key.length < secretAtLeast)
    throw missing(`is no secret of Standard Webhooks: whsec_ and ${secretAtLeast} bytes or more in base64`);
  return key;
}

/** On loopback: whatever faces the outside stands before it. Throws `Server.PortInUse`. */
export async function serveHooks(app: Hono, port: number): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(getRequestListener(app.fetch));
  server.requestTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? toFailure('Server.PortInUse', `Port ${port} is in use.`, { name: String(port) })
          : error,
      ),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}/hooks`,
    close: async () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
