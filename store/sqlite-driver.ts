import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';

/** Does the work, again where another process is writing. */
export type Attempt = <T>(work: () => T) => Promise<T>;

/** Makes what has been committed durable. */
export interface Disk {
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * One connection, one user of it at a time, in the order of asking; every transaction takes the write lock at once. What
 * writes is answered once it is durable; meanwhile the next user has the connection, so that one sync serves several.
 */
export class SqliteDriver implements Driver {
  readonly #database: DatabaseSync;
  readonly #attempt: Attempt;
  readonly #disk: Disk;
  readonly #statements: Statements;
  readonly #waiting: { connection: SqliteConnection; turn: () => void }[] = [];
  #user: SqliteConnection | undefined;

  constructor(database: DatabaseSync, attempt: Attempt, disk: Disk) {
    this.#database = database;
    this.#attempt = attempt;
    this.#disk = disk;
    this.#statements = new Statements(database);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SqliteConnection> {
    const connection = new SqliteConnection(this.#database, this.#attempt, this.#statements, {
      assert: () => this.#assertUser(connection),
      keep: async () => this.#keep(connection),
    });
    if (this.#user) await new Promise<void>((turn) => this.#waiting.push({ connection, turn }));
    else this.#user = connection;
    return connection;
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    // Who wrote has handed it on already.
    if (this.#user !== connection) return;
    const next = this.#waiting.shift();
    this.#user = next?.connection;
    next?.turn();
  }

  /** Immediate: a transaction that reads first and then writes would fail where another process wrote in between. */
  async beginTransaction(): Promise<void> {
    await this.#attempt(() => this.#database.exec('begin immediate'));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    this.#assertUser(connection);
    await this.#attempt(() => this.#database.exec('commit'));
    await this.#keep(connection);
  }

  /** Statements of two users would end up in one transaction. */
  #assertUser(connection: DatabaseConnection): void {
    if (this.#user !== connection) throw new Error('This connection is in the hands of somebody else.');
  }

  async #keep(connection: DatabaseConnection): Promise<void> {
    await this.releaseConnection(connection);
    await this.#disk.sync();
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // Whose sync failed has committed and handed the connection on: what is open on it now is somebody else's.
    if (this.#user !== connection) return;
    // SQLite has rolled back by itself where the disk was full.
    if (this.#database.isTransaction) this.#database.exec('rollback');
  }

  async alone(work: () => void): Promise<void> {
    const connection = await this.acquireConnection();
    try {
      await this.#attempt(work);
    } finally {
      await this.releaseConnection(connection);
    }
  }

  async destroy(): Promise<void> {
    await this.#disk.close();
    if (this.#database.isOpen) this.#database.close();
  }
}

/** A user's hold on the connection. */
interface Hold {
  /** Throws where somebody else has it. */
  assert(): void;
  /** Gives the connection away, and settles when what was written through it is on the disk. */
  keep(): Promise<void>;
}

/** The connection in the hands of one user. */
class SqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync;
  readonly #attempt: Attempt;
  readonly #statements: Statements;
  readonly #hold: Hold;

  constructor(database: DatabaseSync, attempt: Attempt, statements: Statements, hold: Hold) {
    this.#database = database;
    this.#attempt = attempt;
    this.#statements = statements;
    this.#hold = hold;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    this.#hold.assert();
    const parameters = query.parameters as SQLInputValue[];
    const result = await this.#attempt(() => {
      const { statement, answers } = this.#statements.prepare(query.sql);
      if (answers) return { rows: statement.all(...parameters) as R[] };
      return { rows: [], numAffectedRows: BigInt(statement.run(...parameters).changes) };
    });
    if (!this.#database.isTransaction && query.query.kind !== 'SelectQueryNode') await this.#hold.keep();
    return result;
  }

  // oxlint-disable-next-line require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('The store reads in pages and streams nothing.');
  }
}

class Statements {
  readonly #database: DatabaseSync;
  readonly #known = new Map<string, { statement: StatementSync; answers: boolean }>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  prepare(text: string): { statement: StatementSync; answers: boolean } {
    const known = this.#known.get(text);
    if (known) return known;
    // The store's own texts are few; only lists of varying length add to them.
    if (this.#known.size >= 500) this.#known.clear();
    const statement = this.#database.prepare(text);
    const prepared = { statement, answers: statement.columns().length > 0 };
    this.#known.set(text, prepared);
    return prepared;
  }
}
