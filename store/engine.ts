import type { Dialect } from 'kysely';

/** What differs between databases: all that SQLite and Postgres do not say alike lies behind this. */
export interface Engine {
  /** Where the database can't be reached, read or written, its queries throw `Store.Unavailable`. */
  dialect: Dialect;
  /** The folder or address that failures name. */
  place: string;
  /** The column type of bytes. */
  bytes: 'blob' | 'bytea';
  /** Whether a transaction must lock the run's row, because it does not hold the whole database's write lock. */
  rowLocks: boolean;
  /** Removes what was erased from the files too, as far as other processes allow it now. */
  purge(): Promise<void>;
}
