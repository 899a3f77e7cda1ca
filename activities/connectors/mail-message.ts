import { createHash } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { z } from 'zod';
import type { ConnectorCall } from '../../contracts/ports.ts';
import { ConnectorRefused } from '../../contracts/ports.ts';
import { readTerms } from './read-terms.ts';
import { contentOf, readMember } from './subject-parts.ts';

/** Someone who is written to or writes: `ann@example.org`, or `Ann Example <ann@example.org>`. */
export interface Mailbox {
  name: string;
  address: string;
}

/** Characters of an address, and of its part before the @. */
const addressAtMost = 254;
const localPartAtMost = 64;
const mailbox = /^(?:(?<name>[^<>\p{Cc}]*?)\s*<(?<angled>[^<>\s]+)>|(?<bare>[^<>\s]+))$/u;
const address = /^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)*$/u;

/** Reads an address with or without a name; null where it is none that every server takes. */
export function readMailbox(text: string): Mailbox | null {
  const { name = '', angled, bare } = mailbox.exec(text)?.groups ?? {};
  const found = angled ?? bare ?? '';
  const fits = found.length <= addressAtMost && found.indexOf('@') <= localPartAtMost;
  if (!fits || !address.test(found)) return null;
  const [local = '', domain = ''] = found.split('@');
  // Letters of other scripts as every server takes them in a domain.
  const ascii = domainToASCII(domain);
  return ascii === '' ? null : { name, address: `${local}@${ascii}` };
}

const Mailboxes = z.array(
  z.string().transform((text, context): Mailbox => {
    const read = readMailbox(text);
    if (read) return read;
    context.addIssue({ code: 'custom', message: `${JSON.stringify(text)} is no mail address` });
    return z.NEVER;
  }),
);
const Destination = z.strictObject({
  to: Mailboxes.min(1),
  cc: Mailboxes.default([]),
  bcc: Mailboxes.default([]),
  replyTo: Mailboxes.max(1).default([]),
});
const plainLine = /^\P{Cc}*$/u;
const Arguments = z.strictObject({
  subject: z.string().regex(plainLine, 'one line'),
  text: z.string(),
  attachments: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]*$/u, 'a plain file name'),
        artifact: z.string(),
        member: z.string().optional(),
        encoding: z.enum(['utf8', 'base64']).default('utf8'),
      }),
    )
    .default([]),
});

/** A mail with all that is said in it. */
export interface MailMessage {
  from: Mailbox;
  to: Mailbox[];
  cc: Mailbox[];
  bcc: Mailbox[];
  replyTo: Mailbox[];
  subject: string;
  text: string;
  attachments: { filename: string; content: Buffer }[];
  messageId: string;
}

/**
 * The mail that a call asks for. Recipients stand in the effect's destination, so no content picks them; `{{notice.title}}`
 * in subject and text is replaced by that member of the subject `notice`, as it is.
 */
export function toMessage(call: ConnectorCall, from: Mailbox): MailMessage {
  const recipients = readTerms(Destination, call.destination, "The mail connector's destination");
  const given = readTerms(Arguments, call.arguments, "The mail connector's arguments");
  const subject = fill(call, given.subject);
  // A line break would begin another header.
  if (!plainLine.test(subject))
    throw new ConnectorRefused('The subject of the mail would have more than one line.');
  return {
    from,
    ...recipients,
    subject,
    text: fill(call, given.text).replaceAll(/\r\n?/g, '\n'),
    attachments: given.attachments.map((part) => ({
      filename: part.name,
      content: Buffer.from(contentOf(call, part)),
    })),
    messageId: messageIdOf(call, from),
  };
}

function fill({ subjects }: ConnectorCall, template: string): string {
  // In one pass: braces in what is put in are text.
  return template.replaceAll(/\{\{\s*([^{}\s]+)\s*\}\}/g, (_, path: string) => {
    const [artifact = '', ...members] = path.split('.');
    const subject = subjects[artifact];
    const value = subject && readMember(subject.content, members);
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return String(value).toWellFormed();
    throw new ConnectorRefused(
      `The mail's {{${path}}} stands for no text, number or boolean that this effect hands over.`,
    );
  });
}

/** The same for each time that the call is made, so that receivers can tell. */
function messageIdOf({ idempotencyKey }: ConnectorCall, from: Mailbox): string {
  const [, domain] = from.address.split('@');
  return `<${createHash('sha256').update(idempotencyKey).digest('hex')}@${domain}>`;
}
