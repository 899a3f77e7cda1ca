import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';

/** Does the work, again where another process is writing. */
export type Attempt = <T>(work: () => T) => Promise<T>;

/** One connection, one user of it at a time, in the order of asking; every transaction takes the write lock at once. */
export class SqliteDriver implements Driver {
  readonly #database: DatabaseSync;
  readonly #attempt: Attempt;
  readonly #connection: SqliteConnection;
  readonly #waiting: (() => void)[] = [];
  #taken = false;

  constructor(database: DatabaseSync, attempt: Attempt) {
    this.#database = database;
    this.#attempt = attempt;
    this.#connection = new SqliteConnection(database, attempt);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#taken) await new Promise<void>((turn) => this.#waiting.push(turn));
    this.#taken = true;
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {
    const next = this.#waiting.shift();
    // It stays taken when handed on: nobody may slip in between.
    if (next) next();
    else this.#taken = false;
  }

  /** Immediate: a transaction that reads first and then writes would fail where another process wrote in between. */
  async beginTransaction(): Promise<void> {
    await this.#attempt(() => this.#database.exec('begin immediate'));
  }

  async commitTransaction(): Promise<void> {
    await this.#attempt(() => this.#database.exec('commit'));
  }

  async rollbackTransaction(): Promise<void> {
    // SQLite has rolled back by itself where the disk was full.
    if (this.#database.isTransaction) this.#database.exec('rollback');
  }

  async alone(work: () => void): Promise<void> {
    await this.acquireConnection();
    try {
      await this.#attempt(work);
    } finally {
      await this.releaseConnection();
    }
  }

  async destroy(): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
  }
}

class SqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync;
  readonly #attempt: Attempt;
  readonly #statements = new Map<string, { statement: StatementSync; reads: boolean }>();

  constructor(database: DatabaseSync, attempt: Attempt) {
    this.#database = database;
    this.#attempt = attempt;
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return this.#attempt(() => {
      const { statement, reads } = this.#prepare(query.sql);
      const parameters = query.parameters as SQLInputValue[];
      if (reads) return { rows: statement.all(...parameters) as R[] };
      return { rows: [], numAffectedRows: BigInt(statement.run(...parameters).changes) };
    });
  }

  // oxlint-disable-next-line require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('The store reads in pages and streams nothing.');
  }

  #prepare(text: string): { statement: StatementSync; reads: boolean } {
    const known = this.#statements.get(text);
    if (known) return known;
    // The store's own texts are few; only lists of varying length add to them.
    if (this.#statements.size >= 500) this.#statements.clear();
    const statement = this.#database.prepare(text);
    const prepared = { statement, reads: statement.columns().length > 0 };
    this.#statements.set(text, prepared);
    return prepared;
  }
}
