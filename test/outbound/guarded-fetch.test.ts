import { once } from 'node:events';
import { createServer } from 'node:http';
import type { LookupFunction } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { OutboundRefused, createGuardedFetch } from '../../outbound/guarded-fetch.ts';

/** Two origins inside; the path says where the first one redirects to. */
const arrived: string[] = [];
const server = createServer((request, response) => {
  arrived.push(`${request.headers.host}${request.url}`);
  const to = new URL(request.url ?? '', 'http://server').searchParams.get('to');
  if (to === null) return void response.end('here');
  response.writeHead(302, { location: to }).end();
});
const other = createServer((request, response) => {
  arrived.push(`other ${request.url}`);
  response.end('there');
});
let port = 0;
let otherOrigin = '';
beforeAll(async () => {
  for (const one of [server, other]) {
    one.listen(0, '127.0.0.1');
    await once(one, 'listening');
  }
  port = (server.address() as AddressInfo).port;
  otherOrigin = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
});
afterAll(() => [server, other].forEach((one) => one.close()));
beforeEach(() => void arrived.splice(0));

/** Answers each question with the next list of addresses, the last one for ever. */
function resolving(...answers: string[][]): LookupFunction & { asked: number } {
  const lookup = Object.assign(
    ((_host, _options, callback) => {
      const answer = answers[Math.min(lookup.asked, answers.length - 1)]!;
      lookup.asked += 1;
      const found = answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      queueMicrotask(() => callback(null, found));
    }) as LookupFunction,
    { asked: 0 },
  );
  return lookup;
}

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => 'It went through.',
    (failure: unknown) => failure,
  );
  expect(error).toBeInstanceOf(OutboundRefused);
  return (error as Error).message;
}

test('a name that leads inside is refused when it is connected to, and reached where it is allowed as internal', async () => {
  const origin = `http://books.example:${port}`;
  const lookup = resolving(['127.0.0.1']);
  expect(await refusalOf(createGuardedFetch({ lookup })(origin))).toMatch(
    /^books\.example \(127\.0\.0\.1\) lies inside: .*internal: true/,
  );
  await refusalOf(createGuardedFetch({ lookup, allow: [origin] })(origin));
  expect(arrived).toEqual([]);
  const internal = createGuardedFetch({ lookup, allow: [{ origin, internal: true }] });
  expect(await (await internal(origin)).text()).toBe('here');
  expect(arrived).toEqual([`books.example:${port}/`]);
});

test('a resolver that answers otherwise the second time leads nowhere: what is judged is what is connected to', async () => {
  // Nothing listens at the first address, which is public; the second one is where the server is.
  const lookup = resolving(['93.184.215.14'], ['127.0.0.1']);
  const guardedFetch = createGuardedFetch({ lookup });
  const url = `http://rebound.example:${port}/`;
  await guardedFetch(url, { signal: AbortSignal.timeout(300) }).catch(() => {});
  expect(lookup.asked).toBe(1);
  expect(await refusalOf(guardedFetch(url))).toContain('rebound.example (127.0.0.1) lies inside');
  expect(lookup.asked).toBe(2);
  expect(arrived).toEqual([]);
});

test('one address inside among public ones is enough to refuse all', async () => {
  const lookup = resolving(['93.184.215.14', '127.0.0.1']);
  await refusalOf(createGuardedFetch({ lookup })(`http://mixed.example:${port}/`));
  expect(arrived).toEqual([]);
});

test('link-local and metadata addresses are refused even to an origin that is allowed as internal', async () => {
  const origin = 'http://metadata.example';
  const lookup = resolving(['169.254.169.254']);
  const guardedFetch = createGuardedFetch({ lookup, allow: [{ origin, internal: true }] });
  expect(await refusalOf(guardedFetch(`${origin}/latest`))).toContain('an address that nothing is sent to');
  const literal = 'http://169.254.169.254';
  const direct = createGuardedFetch({ allow: [{ origin: literal, internal: true }] });
  expect(await refusalOf(direct(literal))).toContain('an address that nothing is sent to');
});

test('a redirect that is followed leads to allowed origins only', async () => {
  const origin = `http://127.0.0.1:${port}`;
  const inside = { origin, internal: true };
  const narrow = createGuardedFetch({ allow: [inside] });
  expect(await refusalOf(narrow(`${origin}/?to=${otherOrigin}`))).toContain(
    `${otherOrigin} is not among the origins`,
  );
  const wide = createGuardedFetch({ allow: [inside, otherOrigin] });
  expect(await refusalOf(wide(`${origin}/?to=${otherOrigin}`))).toContain('lies inside');
  const both = createGuardedFetch({ allow: [inside, { origin: otherOrigin, internal: true }] });
  expect(await (await both(`${origin}/?to=${otherOrigin}`)).text()).toBe('there');
  expect(arrived.filter((one) => one.startsWith('other'))).toEqual(['other /']);
});

test.for([
  'http://127.0.0.1',
  'http://2130706433',
  'http://0x7f000001',
  'http://0177.0.0.1',
  'http://127.1',
  'http://0',
  'http://[::1]',
  'http://[::ffff:127.0.0.1]',
  'http://[::ffff:7f00:1]',
  'http://localhost',
])('%s is refused, whatever is allowed outside', async (host) => {
  await refusalOf(createGuardedFetch()(`${host}:${port}/`));
  expect(arrived).toEqual([]);
});

test.for([
  ['ftp://books.example.org/', /https:\/\/ or http:\/\//],
  ['books.example.org', /https:\/\/ or http:\/\//],
  ['', /https:\/\/ or http:\/\//],
  ['https://user:rosebud@books.example.org/', /https:\/\/books\.example\.org holds credentials/],
] as const)('%s is no address to fetch', async ([url, words]) => {
  const told = await refusalOf(createGuardedFetch()(url));
  expect(told).toMatch(words);
  expect(told).not.toContain('rosebud');
});

test('a host that does not exist, or where nobody listens, is refused as nothing was sent', async () => {
  const gone = createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const closed = `http://127.0.0.1:${(gone.address() as AddressInfo).port}`;
  gone.close();
  await once(gone, 'close');
  const internal = createGuardedFetch({ allow: [{ origin: closed, internal: true }] });
  expect(await refusalOf(internal(closed))).toBe(`${closed} can't be reached (ECONNREFUSED).`);
  const lookup: LookupFunction = (_host, _options, callback) =>
    callback(Object.assign(new Error('no such host'), { code: 'ENOTFOUND' }), '');
  expect(await refusalOf(createGuardedFetch({ lookup })('https://nowhere.example/'))).toContain('ENOTFOUND');
});

test.for(['books.example.org', 'https://books.example.org/api', 'ftp://books.example.org', ''])(
  'an allowed origin written as %s is refused when it is declared',
  (origin) =>
    expect(() => createGuardedFetch({ allow: [origin] })).toThrow(/looks like https:\/\/pay\.example\.org/),
);
