import { createHash, createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Connector, ConnectorCall } from '../../contracts/ports.ts';
import { ConnectorRefused } from '../../contracts/ports.ts';
import { createGuardedFetch } from '../../outbound/guarded-fetch.ts';
import type { AllowedOrigin } from '../../outbound/guarded-fetch.ts';
import { readTerms } from './read-terms.ts';
import { sendRequest, toJson } from './send-request.ts';

const Destination = z.strictObject({ url: z.url({ protocol: /^https?$/ }) });
const eventType = z.string().regex(/^[\w-]+(\.[\w-]+)*$/, 'an event type such as expense.paid');
const Arguments = z.strictObject({
  /** What has happened, for the receiver; and what it is told when that is replaced or taken back. */
  type: eventType,
  amendType: eventType.optional(),
  undoType: eventType.optional(),
});

const secretForm = /^whsec_(?<key>[A-Za-z0-9+/]+={0,2})$/;
/** Bytes that a secret of Standard Webhooks has. */
const secretAtLeast = 24;
const secretAtMost = 64;

export interface WebhookConnectorOptions {
  /** Origins of receivers, as `httpConnector` has them. */
  allow: readonly AllowedOrigin[];
  /** The environment variable with the secret, as Standard Webhooks writes it: `whsec_` and 24 to 64 bytes in base64. */
  credential: string;
}

/**
 * Tells a receiver of an event, signed as Standard Webhooks 1.0 has it: `webhook-id` is the same however often a call is
 * made, and receivers count an id once, so it is repeatable. The body: `{ type, data: { verb, subjects } }`. Answers count as those of
 * `httpConnector` do.
 */
export function webhookConnector(options: WebhookConnectorOptions): Connector {
  const guardedFetch = createGuardedFetch({ allow: options.allow });
  return {
    repeatable: true,
    undoes: true,
    credentials: [options.credential],
    async call(call) {
      const { url } = readTerms(Destination, call.destination, "The webhook connector's destination");
      const body = JSON.stringify({
        type: typeOf(call),
        data: { verb: call.verb, subjects: toJson(call.subjects) },
      });
      const id = idOf(call);
      const timestamp = String(Math.floor(Date.now() / 1000));
      const key = keyOf(options.credential, call);
      return sendRequest(guardedFetch, call, {
        url,
        method: 'POST',
        headers: {
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          'webhook-signature': `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
        },
        body,
      });
    },
  };
}

function typeOf({ arguments: given, verb }: ConnectorCall): string {
  const types = readTerms(Arguments, given, "The webhook connector's arguments");
  const type = { do: types.type, amend: types.amendType, undo: types.undoType }[verb];
  if (type !== undefined) return type;
  throw new ConnectorRefused(
    `The receiver is not told of ${verb}: its event type is to be declared as \`${verb}Type\`.`,
  );
}

/** The receiver's name for the call; a hash, as the parts of what is signed are told apart by dots. */
function idOf({ idempotencyKey }: ConnectorCall): string {
  return `msg_${createHash('sha256').update(idempotencyKey).digest('base64url')}`;
}

function keyOf(name: string, { credentials }: ConnectorCall): Buffer {
  const written = secretForm.exec(credentials[name] ?? '')?.groups?.['key'];
  const key = Buffer.from(written ?? '', 'base64');
  if (key.length >= secretAtLeast && key.length <= secretAtMost) return key;
  throw new ConnectorRefused(
    `${name} is no secret of Standard Webhooks: whsec_, and then ${secretAtLeast} to ${secretAtMost} bytes in base64.`,
  );
}
