import { Readable } from 'node:stream';
import type { Json } from '../../contracts/json.ts';
import type { Connector, ConnectorCall } from '../../contracts/ports.ts';
import { ConnectorRefused } from '../../contracts/ports.ts';
import { readMailbox, toMessage } from './mail-message.ts';
import type { MailMessage } from './mail-message.ts';
import { requirePackage } from './require-package.ts';

export interface MailConnectorOptions {
  host: string;
  /** 587 unless given, 465 with `tls: 'always'`. */
  port?: number;
  /**
   * `start` (unless given): plain at first, then TLS or nothing is sent; `always`: TLS from the first byte; `never`: only
   * for a server on this machine, and without credentials.
   */
  tls?: 'start' | 'always' | 'never';
  /** Certificates to trust beside those that Node does, as PEM. */
  ca?: string;
  /** Who writes: `expenses@example.org`, or `Expenses <expenses@example.org>`. */
  from: string;
  /** Who signs in, if anybody has to; the password is the environment variable `credential`. */
  user?: string;
  credential?: string;
}

/** Milliseconds without a word from the server. */
const silenceAtMost = 30_000;

/**
 * Sends mails over SMTP. Whatever fails before the server asks for the content is a refusal, and so is the server's no to
 * the content; a line that breaks in between leaves it unknown, which no mail server can be asked about: a person says.
 * Where some recipients are rejected the others have got it: a success whose receipt names them.
 */
export function mailConnector(options: MailConnectorOptions): Connector {
  requirePackage('nodemailer', '10', 'mailConnector');
  const from = readMailbox(options.from);
  if (!from) throw new Error(`mailConnector: \`from\` is no mail address: ${JSON.stringify(options.from)}.`);
  const { user, credential, tls = 'start' } = options;
  if ((user === undefined) !== (credential === undefined))
    throw new Error('mailConnector: `user` and `credential` (the name of its password) go together.');
  if (tls === 'never' && credential !== undefined)
    throw new Error("mailConnector: with `tls: 'never'` a password would travel for everybody to read.");
  return {
    repeatable: false,
    credentials: credential === undefined ? [] : [credential],
    async call(call) {
      if (call.verb !== 'do')
        throw new ConnectorRefused(
          'A mail that was sent stays sent: it can be neither replaced nor taken back.',
        );
      const message = toMessage(call, from);
      const auth =
        user === undefined || credential === undefined
          ? undefined
          : { user, pass: call.credentials[credential] ?? '' };
      return sendMessage({ ...options, tls }, message, auth, call);
    },
  };
}

async function sendMessage(
  options: MailConnectorOptions & { tls: 'start' | 'always' | 'never' },
  message: MailMessage,
  auth: { user: string; pass: string } | undefined,
  { abortSignal }: ConnectorCall,
): Promise<Json> {
  const { default: Connection } = await import('nodemailer/lib/smtp-connection');
  const { content, envelope } = await compose(message);
  const connection = new Connection({
    host: options.host,
    ...(options.port !== undefined && { port: options.port }),
    secure: options.tls === 'always',
    requireTLS: options.tls === 'start',
    ignoreTLS: options.tls === 'never',
    tls: { ...(options.ca !== undefined && { ca: options.ca }) },
    connectionTimeout: silenceAtMost,
    greetingTimeout: silenceAtMost,
    socketTimeout: silenceAtMost,
    dnsTimeout: silenceAtMost,
  });
  // The content is read once the server has said that it takes it, and not before.
  let asked = false;
  const reading = Readable.from(
    (function* () {
      asked = true;
      yield content;
    })(),
  );
  const { promise: broken, reject } = Promise.withResolvers<never>();
  connection.on('error', reject);
  connection.on('end', () => reject(new Error('The mail server ended the connection.')));
  const stop = (): void => reject(new Error('The mail server took too long.'));
  abortSignal.addEventListener('abort', stop);
  try {
    const talk = async (): Promise<Json> => {
      abortSignal.throwIfAborted();
      await until((done) => connection.connect(done));
      if (auth) await until((done) => connection.login({ credentials: auth }, done));
      const sent = await new Promise<Sent>((resolve, fail) => {
        connection.send({ ...envelope, size: content.length }, reading, (error, info) =>
          error || !info ? fail(error ?? new Error('The mail server gave no answer.')) : resolve(info),
        );
      });
      return toReceipt(message, sent);
    };
    return await Promise.race([talk(), broken]);
  } catch (error) {
    const { command, responseCode } = error as { command?: unknown; responseCode?: unknown };
    const answered = command === 'DATA' && typeof responseCode === 'number' && responseCode >= 400;
    if (asked && !answered) throw error;
    throw new ConnectorRefused(`${options.host} did not take the mail: ${(error as Error).message}`);
  } finally {
    abortSignal.removeEventListener('abort', stop);
    broken.catch(() => {});
    connection.close();
  }
}

interface Sent {
  accepted: string[];
  rejected: string[];
  rejectedErrors?: { recipient?: string | undefined; response?: string | undefined }[] | undefined;
  response?: string | undefined;
}

async function until(work: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => work((error) => (error ? reject(error) : resolve())));
}

/** The mail as it travels. Only content that is handed over: nothing is read from files or addresses. */
async function compose({
  from,
  ...message
}: MailMessage): Promise<{ content: Buffer; envelope: { from: string; to: string[] } }> {
  const { default: Composer } = await import('nodemailer/lib/mail-composer');
  const composed = new Composer({
    ...message,
    from,
    // Every line break and dot of the text is encoded or plain: none can end the message early.
    // oxlint-disable-next-line no-control-regex
    textEncoding: /[^\x00-\x7f]/.test(message.text) ? 'base64' : 'quoted-printable',
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  const recipients = [...message.to, ...message.cc, ...message.bcc].map(({ address }) => address);
  return { content: await composed.build(), envelope: { from: from.address, to: [...new Set(recipients)] } };
}

function toReceipt({ messageId }: MailMessage, sent: Sent): Json {
  const rejected = sent.rejected.map((address) => ({
    address,
    response: sent.rejectedErrors?.find(({ recipient }) => recipient === address)?.response ?? null,
  }));
  return { messageId, response: sent.response ?? null, accepted: sent.accepted, rejected };
}
