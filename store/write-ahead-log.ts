import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { toFailure } from '../contracts/failures.ts';
import type { Disk } from './sqlite-driver.ts';

/**
 * Makes commits durable by syncing SQLite's write-ahead log ourselves, in place of `synchronous = full`: off the event
 * loop, which SQLite would hold up meanwhile, and once for all commits that wait.
 */
export class WriteAheadLog implements Disk {
  readonly #file: string;
  readonly #place: string;
  #handle: Promise<FileHandle> | undefined;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(file: string, place: string) {
    this.#file = file;
    this.#place = place;
  }

  /** Settles when all that was written before is on the disk. Throws `Store.Unavailable`. */
  sync(): Promise<void> {
    // A sync under way may have begun before the commit: it is the one after that tells.
    this.#next ??= this.#running
      .catch(() => {})
      .then(() => {
        this.#running = this.#next!;
        this.#next = undefined;
        return this.#sync();
      });
    return this.#next;
  }

  async close(): Promise<void> {
    await this.#running.catch(() => {});
    await (await this.#handle?.catch(() => undefined))?.close();
  }

  async #sync(): Promise<void> {
    try {
      // Writable, because Windows syncs no other. While SQLite has the database open, the log stays the same file.
      const handle = await (this.#handle ??= open(this.#file, 'r+'));
      await handle.datasync();
    } catch (cause) {
      this.#handle = undefined;
      throw toFailure('Store.Unavailable', `The store in ${this.#place}: ${(cause as Error).message}.`, {
        name: this.#place,
        cause,
      });
    }
  }
}
