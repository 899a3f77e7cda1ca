import { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sqlConnector, sqlKeyTable } from '../../../activities/connectors/sql.ts';
import type { SqlConnectorOptions } from '../../../activities/connectors/sql.ts';
import type { Connector, ConnectorCall } from '../../../contracts/ports.ts';
import { ConnectorRefused } from '../../../contracts/ports.ts';
import { giveCredentials } from '../../../worker/give-credentials.ts';
import { makeFolder } from '../harness.ts';
import { callOf } from './call.ts';
import { findPostgres, startPostgres } from './postgres.ts';
import type { Postgres } from './postgres.ts';

const programs = findPostgres();
if (!programs)
  console.error(
    'NOT TESTED: the SQL connector on Postgres, as there are no `postgres` and `initdb` here (Debian: apt-get install postgresql).',
  );

/** One database of a kind: its connector, and a look at what it holds. */
interface Place {
  connector: (options?: Partial<SqlConnectorOptions>) => Connector;
  query: (text: string) => Promise<{ [column: string]: unknown }[]>;
}

const table =
  'CREATE TABLE expenses (slot text PRIMARY KEY, employee text NOT NULL, amount integer CHECK (amount < 1000))';

function statementsOf(place: (index: number) => string): SqlConnectorOptions['statements'] {
  return {
    book: {
      do: {
        text: `INSERT INTO expenses (slot, employee, amount) VALUES (${place(1)}, ${place(2)}, ${place(3)})`,
        parameters: ['$slot', 'claim.employee', 'claim.amount'],
      },
      amend: {
        text: `UPDATE expenses SET amount = ${place(1)} WHERE slot = ${place(2)}`,
        parameters: ['claim.amount', '$slot'],
      },
      undo: { text: `DELETE FROM expenses WHERE slot = ${place(1)}`, parameters: ['$slot'] },
    },
    raise: { do: { text: 'UPDATE expenses SET amount = amount + 1', parameters: [], rows: 2 } },
    broken: { do: { text: 'INSERT INTO nothing_of_that_name VALUES (1)', parameters: [] } },
  };
}

let postgres: Postgres | undefined;
beforeAll(async () => {
  if (programs) postgres = await startPostgres(programs);
});
afterAll(async () => postgres?.stop());

async function openSqlite(): Promise<Place> {
  const file = path.join(makeFolder(), 'books.db');
  const query: Place['query'] = async (text) => {
    const database = new DatabaseSync(file);
    try {
      return database.prepare(text).all();
    } finally {
      database.close();
    }
  };
  await query(table);
  const statements = statementsOf(() => '?');
  return {
    query,
    connector: (options) => sqlConnector({ database: { sqlite: file }, statements, ...options }),
  };
}

async function openPostgres(): Promise<Place> {
  const { address } = postgres!;
  const query: Place['query'] = async (text) => {
    const client = new pg.Client({ connectionString: address });
    await client.connect();
    try {
      return (await client.query<{ [column: string]: unknown }>(text)).rows;
    } finally {
      await client.end();
    }
  };
  await query('DROP TABLE IF EXISTS expenses, baton_slots');
  await query(table);
  const database = { postgres: { credential: 'DATABASE_URL' } };
  const statements = statementsOf((index) => `$${index}`);
  const connector: Place['connector'] = (options) =>
    giveCredentials({ sql: sqlConnector({ database, statements, ...options }) }, { DATABASE_URL: address })[
      'sql'
    ]!;
  return { query, connector };
}

function book(parts: Parameters<typeof callOf>[0] = {}): ConnectorCall {
  return callOf({
    destination: { statement: 'book' },
    subjects: { claim: { employee: "Robert'); DROP TABLE expenses;--", amount: 12 } },
    digest: 'first',
    ...parts,
  });
}

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const failure: unknown = await work.catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ConnectorRefused);
  return (failure as Error).message;
}

describe.for([
  ['SQLite', openSqlite, false],
  ['Postgres', openPostgres, !programs],
] as const)('the SQL connector on %s', ([, open, skipped]) => {
  let place: Place;
  beforeEach(async () => {
    if (!skipped) place = await open();
  });
  const test = skipped ? it.skip : it;
  const rows = async () => place.query('SELECT slot, employee, amount FROM expenses ORDER BY slot');

  test('writes a row with values as parameters, whatever they hold', async () => {
    const receipt = await place.connector().call(book());
    expect(await rows()).toEqual([
      { slot: 'run-1/publish', employee: "Robert'); DROP TABLE expenses;--", amount: 12 },
    ]);
    expect(receipt).toEqual({ key: 'run-1/publish/0/do', verb: 'do', digest: 'first', rows: 1 });
  });

  test('the same call again, or five at once, do it once', async () => {
    const connector = place.connector();
    const calls = await Promise.allSettled(
      Array.from({ length: 5 }, async () => connector.call(book({ destination: { statement: 'book' } }))),
    );
    expect(calls.some(({ status }) => status === 'fulfilled')).toBe(true);
    const again = await connector.call(book());
    expect(again).toMatchObject({ rows: 1 });
    expect(await rows()).toHaveLength(1);
    expect(await place.query('SELECT key FROM baton_slots')).toEqual([{ key: 'run-1/publish/0/do' }]);
  });

  test('other content under a key that was used is left open, and nothing is written', async () => {
    const connector = place.connector();
    await connector.call(book());
    const failure: unknown = await connector
      .call(book({ digest: 'second' }))
      .catch((error: unknown) => error);
    expect(failure).not.toBeInstanceOf(ConnectorRefused);
    expect((failure as Error).message).toContain('other content');
    expect(await connector.lookup!(book({ digest: 'second' }))).toEqual({ holds: 'unknown', forGood: true });
    expect(await rows()).toHaveLength(1);
  });

  test('a lookup says exactly what is there', async () => {
    const connector = place.connector();
    expect(await connector.lookup!(book())).toEqual({ holds: 'none', forGood: true });
    await connector.call(book());
    expect(await connector.lookup!(book())).toMatchObject({ holds: 'wanted', receipt: { rows: 1 } });
    const amended = book({ verb: 'amend', digest: 'second', former: 'first' });
    expect(await connector.lookup!(amended)).toEqual({ holds: 'former', forGood: true });
    expect(await connector.lookup!({ ...amended, former: 'other' })).toMatchObject({ holds: 'unknown' });
    await connector.call(amended);
    expect(await connector.lookup!(amended)).toMatchObject({ holds: 'wanted' });
    const undone = book({ verb: 'undo', n: 1, digest: null, former: 'second', subjects: {} });
    expect(await connector.lookup!(undone)).toEqual({ holds: 'former', forGood: true });
    await connector.call(undone);
    expect(await connector.lookup!(undone)).toMatchObject({ holds: 'wanted' });
    expect(await connector.lookup!(book({ n: 2, digest: 'third' }))).toEqual({
      holds: 'none',
      forGood: true,
    });
  });

  test('amends and undoes by the statements that are declared for it', async () => {
    const connector = place.connector();
    await connector.call(book());
    await connector.call(
      book({ verb: 'amend', digest: 'second', subjects: { claim: { employee: 'x', amount: 20 } } }),
    );
    expect(await rows()).toMatchObject([{ amount: 20 }]);
    await connector.call(book({ verb: 'undo', n: 1, digest: null, subjects: {} }));
    expect(await rows()).toEqual([]);
    expect(
      await refusalOf(connector.call(callOf({ destination: { statement: 'raise' }, verb: 'undo' }))),
    ).toContain('declares nothing for undo');
  });

  test('a statement that touches other rows than it says is rolled back, its key too', async () => {
    const connector = place.connector();
    await connector.call(book());
    const raise = callOf({ slot: 'raise', destination: { statement: 'raise' } });
    expect(await refusalOf(connector.call(raise))).toContain('touches 1 rows where it should touch 2');
    expect(await rows()).toMatchObject([{ amount: 12 }]);
    expect(
      await refusalOf(connector.call(book({ slot: 'gone', verb: 'undo', digest: null, subjects: {} }))),
    ).toContain('touches 0 rows');
    await connector.call(book({ slot: 'other' }));
    await connector.call(raise);
    expect((await rows()).map(({ amount }) => amount)).toEqual([13, 13]);
  });

  test('what the database refuses is a refusal, with its words, and may be tried again', async () => {
    const connector = place.connector();
    const large = { claim: { employee: 'x', amount: 5000 } };
    expect(await refusalOf(connector.call(book({ subjects: large })))).toMatch(/constraint/i);
    expect(await refusalOf(connector.call(callOf({ destination: { statement: 'broken' } })))).toContain(
      'nothing_of_that_name',
    );
    expect(await connector.lookup!(book())).toEqual({ holds: 'none', forGood: true });
    await connector.call(book());
    expect(await rows()).toHaveLength(1);
  });

  test('the table of keys is made where it is missing, unless it is not to be; its statement is printed', async () => {
    const strict = place.connector({ createKeyTable: false });
    expect(await refusalOf(strict.call(book()))).toContain('baton_slots');
    const dialect = place.connector().credentials?.length ? 'postgres' : 'sqlite';
    await place.query(sqlKeyTable(dialect));
    await strict.call(book());
    expect(await rows()).toHaveLength(1);
  });

  const strange: [string, Parameters<typeof callOf>[0], RegExp][] = [
    ['a statement that is not declared', { destination: { statement: 'drop' } }, /no statement drop/],
    [
      'a name that every object has',
      { destination: { statement: 'constructor' } },
      /no statement constructor/,
    ],
    ['a statement in the destination', { destination: { sql: 'DROP TABLE expenses' } }, /destination/],
    ['a subject that is not handed over', { subjects: {} }, /claim\.employee/],
    ['a member that is missing', { subjects: { claim: { employee: 'x' } } }, /claim\.amount/],
    ['an object for a value', { subjects: { claim: { employee: {}, amount: 1 } } }, /claim\.employee/],
    ['a NUL in a text', { subjects: { claim: { employee: 'a\0b', amount: 1 } } }, /claim\.employee/],
  ];
  test.for(strange)('%s is refused, and nothing is written', async ([, parts, words]) => {
    expect(await refusalOf(place.connector().call(book(parts)))).toMatch(words);
    expect(await rows()).toEqual([]);
  });
});

describe('on Postgres alone', () => {
  const test = programs ? it : it.skip;
  const at = (address: string): Connector =>
    giveCredentials(
      {
        sql: sqlConnector({
          database: { postgres: { credential: 'DATABASE_URL' } },
          statements: { slow: { do: { text: 'SELECT pg_sleep(60)', parameters: [] } } },
        }),
      },
      { DATABASE_URL: address },
    )['sql']!;

  test('a wrong password is a refusal, and told to nobody', async () => {
    const told = await refusalOf(
      at(postgres!.address.replace('rosebud', 'orchid')).call(callOf({ destination: { statement: 'slow' } })),
    );
    expect(told).toMatch(/password authentication failed/);
    expect(told).not.toContain('orchid');
  });

  test('a call that is told to stop leaves it open, and commits nothing', async () => {
    const place = await openPostgres();
    const call = callOf({ destination: { statement: 'slow' }, abortSignal: AbortSignal.timeout(500) });
    const failure: unknown = await at(postgres!.address)
      .call(call)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(failure).not.toBeInstanceOf(ConnectorRefused);
    expect(await place.connector().lookup!(callOf({}))).toEqual({ holds: 'none', forGood: true });
  });
});

it('a SQLite file that is not there is not made', async () => {
  const file = path.join(makeFolder(), 'none.db');
  const connector = sqlConnector({ database: { sqlite: file }, statements: statementsOf(() => '?') });
  expect(await refusalOf(connector.call(book()))).toContain('There is no database');
});

it('two statements in one are refused when they are declared', () => {
  const text = 'DELETE FROM a; DELETE FROM b';
  const statements = { two: { do: { text, parameters: [] } } };
  expect(() => sqlConnector({ database: { sqlite: 'a.db' }, statements })).toThrow(/one statement at a time/);
});
