import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerOptions } from 'smtp-server';
import { expect, onTestFinished, test } from 'vitest';
import { mailConnector } from '../../../activities/connectors/mail.ts';
import type { MailConnectorOptions } from '../../../activities/connectors/mail.ts';
import type { Json } from '../../../contracts/json.ts';
import { ConnectorRefused } from '../../../contracts/ports.ts';
import { giveCredentials } from '../../../worker/give-credentials.ts';
import { attempt, makeDependencies, openTestStore, putJson, run } from '../harness.ts';
import { callOf } from './call.ts';
import { certificate, certificateKey } from './certificate.ts';

interface Mail {
  from: string;
  to: string[];
  user: string | null;
  secure: boolean;
  raw: string;
  /** Header lines, unfolded, by name in small letters. */
  headers: { [name: string]: string };
}

/** A real mail server, which keeps what it takes. */
async function openServer(options: SMTPServerOptions = {}): Promise<{ port: number; mails: Mail[] }> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    key: certificateKey,
    cert: certificate,
    authOptional: true,
    onAuth: ({ username, password }, _session, done) =>
      username === 'baton' && password === 'rosebud'
        ? done(null, { user: username })
        : done(new Error(`no such user with ${password}`)),
    onRcptTo: ({ address }, _session, done) =>
      done(address.startsWith('gone') ? new Error('No such box') : null),
    onData: (stream, session, done) => {
      void (async () => {
        const raw = await text(stream);
        const { mailFrom, rcptTo } = session.envelope;
        const head = raw.slice(0, raw.indexOf('\r\n\r\n')).replaceAll(/\r\n[ \t]+/g, ' ');
        mails.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          user: typeof session.user === 'string' ? session.user : null,
          secure: session.secure,
          raw,
          headers: Object.fromEntries(
            head.split('\r\n').map((line) => {
              const colon = line.indexOf(':');
              return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
            }),
          ),
        });
        done(null, 'queued as 42');
      })();
    },
    ...options,
  });
  // A client that refuses its certificate is what some tests are about.
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  onTestFinished(async () => new Promise((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, mails };
}

const trusting = { host: 'localhost', from: 'Expenses <expenses@example.org>', ca: certificate };
const destination = { to: ['Ann Example <ann@example.org>'] };
const given = {
  destination,
  arguments: { subject: 'About {{notice.title}}', text: 'Dear all,\n\n{{notice.text}}\n' },
  subjects: { notice: { title: 'the pantry', text: 'It has moved.' } },
};

async function send(
  options: Partial<MailConnectorOptions> & { port: number },
  parts: Parameters<typeof callOf>[0] = {},
): Promise<Json> {
  return mailConnector({ ...trusting, ...options }).call(callOf({ ...given, ...parts }));
}

async function failureOf(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => Promise.reject(new Error('It did not fail.')),
    (error: unknown) => error as Error,
  );
}

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const failure = await failureOf(work);
  expect(failure).toBeInstanceOf(ConnectorRefused);
  return failure.message;
}

/** The text of a mail of one part. */
function textOf({ raw, headers }: Mail): string {
  const body = raw.slice(raw.indexOf('\r\n\r\n') + 4);
  if (headers['content-transfer-encoding'] === 'base64') return Buffer.from(body, 'base64').toString();
  return body
    .replaceAll(/=\r\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)));
}

test('sends what the definition says, filled in, over TLS, to those who are named', async () => {
  const { port, mails } = await openServer();
  const cc = ['bob@example.org'];
  const bcc = ['eve@example.org'];
  const receipt = await send(
    { port },
    { destination: { ...destination, cc, bcc, replyTo: ['desk@example.org'] } },
  );
  const [mail] = mails;
  expect(mail).toMatchObject({
    from: 'expenses@example.org',
    to: ['ann@example.org', 'bob@example.org', 'eve@example.org'],
    secure: true,
    headers: {
      from: 'Expenses <expenses@example.org>',
      to: 'Ann Example <ann@example.org>',
      cc: 'bob@example.org',
      'reply-to': 'desk@example.org',
      subject: 'About the pantry',
    },
  });
  expect(mail!.raw).not.toContain('eve@');
  expect(textOf(mail!)).toBe('Dear all,\r\n\r\nIt has moved.\r\n');
  expect(receipt).toEqual({
    messageId: mail!.headers['message-id'],
    response: expect.stringContaining('queued as 42'),
    accepted: ['ann@example.org', 'bob@example.org', 'eve@example.org'],
    rejected: [],
  });
});

test('the message id follows from the key: the same call again bears it again', async () => {
  const { port, mails } = await openServer();
  await send({ port });
  await send({ port });
  await send({ port }, { slot: 'other' });
  const [first, second, third] = mails.map(({ headers }) => headers['message-id']);
  expect(first).toMatch(/^<[0-9a-f]{64}@example\.org>$/);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

test('signs in with the credential, and a refused sign-in is a refusal that does not tell it', async () => {
  const { port, mails } = await openServer({ authOptional: false });
  const options = { ...trusting, port, user: 'baton', credential: 'SMTP_PASSWORD' };
  const withPassword = (password: string) =>
    giveCredentials({ mail: mailConnector(options) }, { SMTP_PASSWORD: password })['mail']!;
  await withPassword('rosebud').call(callOf(given));
  expect(mails[0]).toMatchObject({ user: 'baton', secure: true });
  const told = await refusalOf(withPassword('orchid').call(callOf(given)));
  expect(told).toMatch(/535/);
  expect(told).not.toContain('orchid');
  expect(await refusalOf(send({ port }))).toMatch(/530/);
  expect(mails).toHaveLength(1);
});

test('attachments are made of subjects: a whole one, and a member in base64', async () => {
  const { port, mails } = await openServer();
  const attachments = [
    { name: 'report.json', artifact: 'notice' },
    { name: '圖表.png', artifact: 'chart', member: 'png', encoding: 'base64' },
  ];
  const png = Buffer.from([137, 80, 78, 71, 0, 255]);
  await send(
    { port },
    {
      arguments: { ...given.arguments, attachments },
      subjects: { ...given.subjects, chart: { png: png.toString('base64') } },
    },
  );
  const { raw } = mails[0]!;
  expect(raw).toContain('filename=report.json');
  expect(raw).toContain(Buffer.from(JSON.stringify(given.subjects.notice)).toString('base64'));
  expect(raw).toContain(png.toString('base64'));
  expect(raw).toMatch(/filename\*.*%E5%9C%96%E8%A1%A8\.png/);
});

test.for([
  ['in another script', '餐具室已搬遷。\n敬請留意。'],
  ['that would end the message early', 'one\r\n.\r\nMAIL FROM:<eve@example.org>\n.\nend'],
  ['with a lone carriage return', 'one\r.\rtwo'],
  ['with the braces of a template', '{{notice.title}} and {{other.secret}}'],
  ['with a line of two thousand letters', 'x'.repeat(2000)],
])('a text %s arrives as it is, in one mail', async ([, content]) => {
  const { port, mails } = await openServer();
  await send({ port }, { subjects: { notice: { title: 'it', text: content } } });
  expect(mails).toHaveLength(1);
  expect(textOf(mails[0]!).replaceAll('\r\n', '\n')).toContain(content!.replaceAll(/\r\n?/g, '\n'));
});

test('the others have got it where some recipients are rejected: a success that names them', async () => {
  const { port, mails } = await openServer();
  const receipt = await send({ port }, { destination: { to: ['gone@example.org', 'ann@example.org'] } });
  expect(mails.map(({ to }) => to)).toEqual([['ann@example.org']]);
  expect(receipt).toMatchObject({
    accepted: ['ann@example.org'],
    rejected: [{ address: 'gone@example.org', response: expect.stringMatching(/^550 .*No such box/) }],
  });
});

test('that all recipients are rejected is a refusal', async () => {
  const { port, mails } = await openServer();
  const parts = { destination: { to: ['gone@example.org', 'gone2@example.org'] } };
  expect(await refusalOf(send({ port }, parts))).toMatch(/rejected/);
  expect(mails).toEqual([]);
});

test('the no of the server to the content is a refusal, with its words', async () => {
  const { port } = await openServer({
    onData: (stream, _session, done) => {
      void (async () => {
        await text(stream);
        done(Object.assign(new Error('Looks like spam'), { responseCode: 554 }));
      })();
    },
  });
  expect(await refusalOf(send({ port }))).toMatch(/554.*Looks like spam/);
});

test('a mail larger than the server takes is refused before it is sent', async () => {
  const { port, mails } = await openServer({ size: 2000 });
  const subjects = { notice: { title: 'it', text: 'x'.repeat(5000) } };
  expect(await refusalOf(send({ port }, { subjects }))).toMatch(/larger than allowed/);
  expect(mails).toEqual([]);
});

/** A server that talks as SMTP up to the content, and then does this with the line. */
async function openBreaking(afterContent: (socket: Socket) => void, greeting = '220 here'): Promise<number> {
  const server: Server = createServer((socket) => {
    let inContent = false;
    socket.on('error', () => {});
    socket.write(`${greeting}\r\n`);
    socket.on('data', (data) => {
      const said = data.toString();
      if (inContent) {
        if (said.endsWith('\r\n.\r\n')) afterContent(socket);
      } else if (said.startsWith('DATA')) {
        inContent = true;
        socket.write('354 go on\r\n');
      } else socket.write('250 good\r\n');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const breaks: [string, (socket: Socket) => void][] = [
  ['breaks', (socket) => void socket.destroy()],
  ['is ended', (socket) => void socket.end()],
  ['is silent until the deadline', () => {}],
];

test.for(breaks)('a line that %s after the content leaves it unknown', async ([, after]) => {
  const port = await openBreaking(after);
  const call = send({ port, tls: 'never' }, { abortSignal: AbortSignal.timeout(500) });
  expect(await failureOf(call)).not.toBeInstanceOf(ConnectorRefused);
});

test('after a lost answer nothing is sent again, and a person is asked', async () => {
  let contents = 0;
  const port = await openBreaking((socket) => {
    contents += 1;
    socket.destroy();
  });
  const store = await openTestStore();
  const notice = await putJson(store, 'notice', given.subjects.notice);
  const connectors = { mail: mailConnector({ ...trusting, port, tls: 'never' }) };
  const { outcome } = await attempt(makeDependencies(store, { connectors }), 'performEffect', {
    run,
    epoch: 1,
    process: 'tested',
    slot: 'tell',
    effect: 'tell',
    n: 0,
    verb: 'do',
    digest: notice.digest,
    tries: 0,
    subjects: { notice },
    connector: 'mail',
    destination,
    arguments: given.arguments,
    timeout: 10_000,
  });
  expect(outcome.end).toMatchObject({ kind: 'uncertain', failure: { type: 'Effect.Uncertain' } });
  expect(contents).toBe(1);
});

test('a line that breaks before the content is a refusal', async () => {
  const port = await openBreaking(() => {}, '421 too busy');
  expect(await refusalOf(send({ port, tls: 'never' }))).toMatch(/421/);
  const gone = createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const { port: nobody } = gone.address() as AddressInfo;
  gone.close();
  await once(gone, 'close');
  expect(await refusalOf(send({ port: nobody }))).toMatch(/ECONNREFUSED/);
  expect(await refusalOf(send({ port: nobody }, { abortSignal: AbortSignal.abort() }))).toBeTruthy();
});

test('without TLS, or with a certificate that nobody vouches for, nothing is sent', async () => {
  const plain = await openServer({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
  expect(await refusalOf(send({ port: plain.port }))).toMatch(/STARTTLS/);
  const strange = await openServer();
  const { ca: _, ...untrusting } = trusting;
  const connector = mailConnector({ ...untrusting, port: strange.port });
  expect(await refusalOf(connector.call(callOf(given)))).toMatch(/certificate/);
  expect([...plain.mails, ...strange.mails]).toEqual([]);
});

test("TLS from the first byte, with `tls: 'always'`", async () => {
  const { port, mails } = await openServer({ secure: true });
  await send({ port, tls: 'always' });
  expect(mails[0]!.secure).toBe(true);
});

const unsendable: [string, Parameters<typeof callOf>[0], RegExp][] = [
  ['no recipient', { destination: { to: [] } }, /destination: to/],
  ['a recipient that is none', { destination: { to: ['ann'] } }, /"ann" is no mail address/],
  ['two recipients in one', { destination: { to: ['a@example.org, b@example.org'] } }, /no mail address/],
  [
    'a recipient with another header',
    { destination: { to: ['Ann\r\nBcc: eve@example.org <ann@example.org>'] } },
    /no mail address/,
  ],
  [
    'an address of 300 letters',
    { destination: { to: [`${'a'.repeat(300)}@example.org`] } },
    /no mail address/,
  ],
  ['a subject of two lines', { arguments: { subject: 'a\nBcc: eve@example.org', text: '' } }, /one line/],
  [
    'a subject that becomes two lines',
    { subjects: { notice: { title: 'a\r\nBcc: eve@example.org', text: '' } } },
    /more than one line/,
  ],
  ['a text without what it names', { subjects: { notice: { title: 'a' } } }, /\{\{notice\.text\}\}/],
  ['a text of an object', { subjects: { notice: { title: 'a', text: {} } } }, /\{\{notice\.text\}\}/],
  ['a subject that is not handed over', { subjects: {} }, /\{\{notice\.title\}\}/],
  [
    'an attachment that is not handed over',
    { arguments: { ...given.arguments, attachments: [{ name: 'a.txt', artifact: 'other' }] } },
    /a\.txt is to be made of other/,
  ],
  [
    'an attachment with a path for a name',
    { arguments: { ...given.arguments, attachments: [{ name: '../a', artifact: 'notice' }] } },
    /plain file name/,
  ],
  ['an option that there is not', { arguments: { ...given.arguments, html: '<p>' } }, /html/],
  ['an amendment', { verb: 'amend' }, /stays sent/],
  ['an undoing', { verb: 'undo', subjects: {} }, /stays sent/],
];

test.for(unsendable)('%s is refused, and nothing is sent', async ([, parts, words]) => {
  const { port, mails } = await openServer();
  expect(await refusalOf(send({ port }, parts))).toMatch(words);
  expect(mails).toEqual([]);
});

test('a domain in another script travels as every server takes it', async () => {
  const { port, mails } = await openServer();
  await send({ port }, { destination: { to: ['ann@例え.example'] } });
  expect(mails[0]!.headers['to']).toBe('ann@xn--r8jz45g.example');
});

test.for([
  [{ from: 'nobody' }, /`from` is no mail address/],
  [{ user: 'baton' }, /go together/],
  [{ credential: 'SMTP_PASSWORD' }, /go together/],
  [{ user: 'baton', credential: 'SMTP_PASSWORD', tls: 'never' }, /for everybody to read/],
] as const)('a connector with %j is refused when it is declared', ([options, words]) =>
  expect(() => mailConnector({ ...trusting, ...options })).toThrow(words),
);
