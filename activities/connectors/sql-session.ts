import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { ConnectorRefused } from '../../contracts/ports.ts';
import type { SqlValue } from './sql-statements.ts';

/** One connection, in one transaction. */
export interface SqlSession {
  /** Rows touched, and those returned. */
  run(text: string, values: SqlValue[]): Promise<{ count: number; rows: { [column: string]: unknown }[] }>;
  commit(): Promise<void>;
  /** Rolls back what is not committed. */
  end(): Promise<void>;
}

/** Milliseconds that a connection may take to be there, and that a locked SQLite file is waited for. */
const connectAtMost = 10_000;
const lockedAtMost = 1000;
/** Milliseconds that a statement may run on the server: one whose caller died would hold its key for ever. */
const statementAtMost = 60_000;

/** Opens a file that is there: one that is missing would be made, empty. */
export async function openSqlite(file: string): Promise<SqlSession> {
  if (!existsSync(file)) throw new ConnectorRefused(`There is no database ${file}.`);
  const database = new DatabaseSync(file, { timeout: lockedAtMost });
  try {
    database.exec('BEGIN IMMEDIATE');
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    async run(text, values) {
      const statement = database.prepare(text);
      const given = values.map((value) => (typeof value === 'boolean' ? Number(value) : value));
      const returns = statement.columns().length > 0;
      const rows = returns ? statement.all(...given) : [];
      const count = returns ? rows.length : Number(statement.run(...given).changes);
      return { count, rows };
    },
    async commit() {
      database.exec('COMMIT');
    },
    // What is not committed ends with the connection.
    async end() {
      database.close();
    },
  };
}

/** Connects by the address in a credential; ends at once when told to stop. */
export async function openPostgres(
  address: string,
  options: { ca?: string | undefined; abortSignal: AbortSignal },
): Promise<SqlSession> {
  const { default: pg } = await import('pg');
  const { ca, abortSignal } = options;
  const client = new pg.Client({
    connectionString: address,
    connectionTimeoutMillis: connectAtMost,
    statement_timeout: statementAtMost,
    application_name: 'baton',
    ...(ca !== undefined && { ssl: { ca } }),
  });
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  stopped.catch(() => {});
  // Also an error between two statements: without a listener it would end the worker.
  client.on('error', reject);
  const stop = (): void => {
    reject(new Error('The database took too long.'));
    void client.end().catch(() => {});
  };
  abortSignal.addEventListener('abort', stop);
  const end = async (): Promise<void> => {
    abortSignal.removeEventListener('abort', stop);
    await Promise.race([client.end(), stopped]).catch(() => {});
  };
  const within = async <T>(work: Promise<T>): Promise<T> => Promise.race([work, stopped]);
  try {
    abortSignal.throwIfAborted();
    await within(client.connect());
    await within(client.query('BEGIN'));
  } catch (error) {
    await end();
    throw error;
  }
  return {
    async run(text, values) {
      const { rowCount, rows } = await within(client.query<{ [column: string]: unknown }>(text, values));
      return { count: rowCount ?? 0, rows };
    },
    async commit() {
      await within(client.query('COMMIT'));
    },
    end,
  };
}

/** Whether the database itself said no, in a way that the same call again can't change. */
export function isRefusal(error: unknown): boolean {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  // SQLite: all but busy and locked, which pass.
  if (code === 'ERR_SQLITE_ERROR') return typeof errcode === 'number' && ![5, 6].includes(errcode & 0xff);
  // Classes of SQLSTATE: values, constraints, sign-in, no such database or schema, names and rights, raised by a function.
  return typeof code === 'string' && /^(22|23|28|3D|3F|42|P0)[0-9A-Z]{3}$/.test(code);
}
