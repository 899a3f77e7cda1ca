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
  readonly #rewrite: () => Promise<void>;
  /** What was written last may never have come to the disk, and no later sync would bring it there. */
  #isDoubtful = false;
  #handle: Promise<FileHandle> | undefined;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  /** `rewrite` takes all that the log holds over into the database, synced, or throws. */
  constructor(file: string, place: string, rewrite: () => Promise<void>) {
    this.#file = file;
    this.#place = place;
    this.#rewrite = rewrite;
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
      if (this.#isDoubtful) await this.#rewrite();
      // Writable, because Windows syncs no other. While SQLite has the database open, the log stays the same file.
      const handle = await (this.#handle ??= open(this.#file, 'r+'));
      // The system tells of a page that it could not write once, and then takes it for written.
      this.#isDoubtful = true;
      await handle.datasync();
      this.#isDoubtful = false;
    } catch (cause) {
      const broken = this.#handle;
      this.#handle = undefined;
      await broken?.then(async (handle) => handle.close()).catch(() => {});
      throw toFailure('Store.Unavailable', `The store in ${this.#place}: ${(cause as Error).message}.`, {
        name: this.#place,
        cause,
      });
    }
  }
}
