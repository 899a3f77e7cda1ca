import type { Json } from '../../contracts/json.ts';
import type { Connector, ConnectorCall, Lookup } from '../../contracts/ports.ts';
import { ConnectorRefused } from '../../contracts/ports.ts';
import { requirePackage } from './require-package.ts';
import { isRefusal, openPostgres, openSqlite } from './sql-session.ts';
import type { SqlSession } from './sql-session.ts';
import { checkStatements, findStatement, readParameters, slotOf } from './sql-statements.ts';
import type { SqlEffect } from './sql-statements.ts';

export interface SqlConnectorOptions {
  database:
    | { sqlite: string }
    /** `credential` names the variable with its address, `postgres://user:password@host/database`. */
    | { postgres: { credential: string; ca?: string } };
  /** By the name that an effect's destination gives: `{ statement: 'bookExpense' }`. */
  statements: { readonly [name: string]: SqlEffect };
  /** Whether the table of keys is made where it is missing: true unless given. `sqlKeyTable` prints it. */
  createKeyTable?: boolean;
}

type Dialect = 'sqlite' | 'postgres';

/** What makes the table in which the connector keeps which calls were done. */
export function sqlKeyTable(dialect: Dialect): string {
  const position =
    dialect === 'sqlite'
      ? 'INTEGER PRIMARY KEY AUTOINCREMENT'
      : 'bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY';
  return [
    'CREATE TABLE IF NOT EXISTS baton_slots (',
    `  position ${position},`,
    '  key text NOT NULL UNIQUE,',
    '  slot text NOT NULL,',
    '  digest text,',
    '  rows_touched integer NOT NULL',
    ')',
  ].join('\n');
}

/**
 * Runs a declared statement once for each key: the key is written in the same transaction, so that a call that comes
 * again finds it done, and a lookup knows. Values travel as parameters. A statement that touches another number of rows
 * than it says is rolled back and refused.
 */
export function sqlConnector(options: SqlConnectorOptions): Connector {
  const { database, statements, createKeyTable = true } = options;
  checkStatements(statements);
  const dialect: Dialect = 'sqlite' in database ? 'sqlite' : 'postgres';
  if (dialect === 'postgres') requirePackage('pg', '8', 'sqlConnector with Postgres');
  const place = (index: number): string => (dialect === 'sqlite' ? '?' : `$${index}`);

  const open = async ({ credentials, abortSignal }: ConnectorCall): Promise<SqlSession> => {
    if ('sqlite' in database) return openSqlite(database.sqlite);
    const { credential, ca } = database.postgres;
    return openPostgres(credentials[credential] ?? '', { ca, abortSignal });
  };

  /** In one transaction, which counts only if it is committed. What the database refuses, at the commit too, did not happen. */
  const within = async <T>(call: ConnectorCall, work: (session: SqlSession) => Promise<T>): Promise<T> => {
    try {
      const session = await open(call);
      try {
        if (createKeyTable) await makeKeyTable(session, dialect);
        const result = await work(session);
        await session.commit();
        return result;
      } finally {
        await session.end();
      }
    } catch (error) {
      if (isRefusal(error)) throw new ConnectorRefused(`The database refused: ${(error as Error).message}`);
      throw error;
    }
  };

  return {
    repeatable: true,
    undoes: Object.values(statements).some(({ undo }) => undo !== undefined),
    credentials: 'postgres' in database ? [database.postgres.credential] : [],
    async call(call) {
      const statement = findStatement(statements, call);
      const values = readParameters(statement, call);
      return within(call, async (session): Promise<Json> => {
        const wanted = statement.rows ?? 1;
        // Of two at once the second one waits here, until it is known whether the first one counts.
        const reserved = await session.run(
          `INSERT INTO baton_slots (key, slot, digest, rows_touched) VALUES (${[1, 2, 3, 4].map(place).join(', ')}) ON CONFLICT (key) DO NOTHING`,
          [call.idempotencyKey, slotOf(call), call.digest, wanted],
        );
        if (reserved.count === 0) {
          const done = await findDone(session, call, place);
          if (done?.digest === call.digest) return receiptOf(call, done);
          throw new Error('This was done already, with other content.');
        }
        const { count } = await session.run(statement.text, values);
        if (count !== wanted)
          throw new ConnectorRefused(
            `The statement ${statement.name} touches ${count} rows where it should touch ${wanted}; nothing was kept.`,
          );
        return receiptOf(call, { digest: call.digest, rows: count });
      });
    },
    async lookup(call): Promise<Lookup> {
      return within(call, async (session): Promise<Lookup> => {
        const done = await findDone(session, call, place);
        if (done)
          return done.digest === call.digest
            ? { holds: 'wanted', forGood: true, receipt: receiptOf(call, done) }
            : { holds: 'unknown', forGood: true };
        const { rows } = await session.run(
          `SELECT digest FROM baton_slots WHERE slot = ${place(1)} ORDER BY position DESC LIMIT 1`,
          [slotOf(call)],
        );
        const held = rows[0]?.['digest'] ?? null;
        // Calls end before their lease does: nothing earlier can still land when this is asked.
        if (held === null) return { holds: 'none', forGood: true };
        return { holds: held === call.former ? 'former' : 'unknown', forGood: true };
      });
    },
  };
}

interface Done {
  digest: string | null;
  rows: number;
}

/** What is on record under the call's own key. */
async function findDone(
  session: SqlSession,
  { idempotencyKey }: ConnectorCall,
  place: (index: number) => string,
): Promise<Done | undefined> {
  const { rows } = await session.run(`SELECT digest, rows_touched FROM baton_slots WHERE key = ${place(1)}`, [
    idempotencyKey,
  ]);
  const [row] = rows as { digest: string | null; rows_touched: number }[];
  return row && { digest: row.digest, rows: Number(row.rows_touched) };
}

/** Asked first: someone who may not make tables may still use one that is there. */
async function makeKeyTable(session: SqlSession, dialect: Dialect): Promise<void> {
  const { rows } = await session.run(
    dialect === 'sqlite'
      ? "SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = 'baton_slots'"
      : "SELECT 1 AS found WHERE to_regclass('baton_slots') IS NOT NULL",
    [],
  );
  if (rows.length > 0) return;
  // Two that make it at once would fail each other; until this transaction ends the other one waits.
  if (dialect === 'postgres') await session.run('SELECT pg_advisory_xact_lock(1650553709)', []);
  await session.run(sqlKeyTable(dialect), []);
}

const receiptOf = ({ idempotencyKey, verb }: ConnectorCall, { digest, rows }: Done): Json => ({
  key: idempotencyKey,
  verb,
  digest,
  rows,
});
