import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { toFailure } from '../../contracts/failures.ts';
import type { Grid } from './grid.ts';
import type { OpenedFile } from './open-file.ts';
import { refuse } from './reading.ts';
import type { Reading } from './reading.ts';
import { messageOf } from './unpack.ts';

const magic = [0x50, 0x41, 0x52, 0x31];
/** Of the thread that reads a Parquet file, in mebibytes. */
const memoryAtMost = 512;
/** Milliseconds in which a Parquet file of 8 MiB has to be read: a sound one takes one or two seconds. */
const readingAtMost = 30_000;

export function isParquet(bytes: Uint8Array): boolean {
  return bytes.length >= 12 && magic.every((byte, at) => bytes[at] === byte);
}

/**
 * The rows of a Parquet file, of those columns that hold one value a row, read on a thread that ends where the file
 * asks for too much time or memory. Throws `Package.Missing` without `hyparquet`.
 */
export async function readParquet(
  bytes: Uint8Array,
  within: number = readingAtMost,
): Promise<Reading<OpenedFile>> {
  try {
    import.meta.resolve('hyparquet');
  } catch (cause) {
    throw toFailure('Package.Missing', 'Reading Parquet needs the package hyparquet: npm install hyparquet', {
      name: 'hyparquet',
      cause,
    });
  }
  // Compiled, the same file ends in `.js`.
  const entry = new URL(
    `./parquet-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`,
    import.meta.url,
  );
  const thread = new Worker(entry, {
    // A copy of its own: the reader takes what stands around the bytes for a part of them.
    workerData: bytes.slice(),
    resourceLimits: { maxOldGenerationSizeMb: memoryAtMost },
  });
  const grid = await read(thread, AbortSignal.timeout(within)).finally(async () => thread.terminate());
  if (!grid.ok) return grid;
  return {
    ok: true,
    value: { form: 'grid', text: JSON.stringify(grid.value), findings: [], problems: [] },
  };
}

async function read(thread: Worker, signal: AbortSignal): Promise<Reading<Grid>> {
  try {
    const [grid] = (await once(thread, 'message', { signal })) as [Reading<Grid>];
    return grid;
  } catch (cause) {
    const why = signal.aborted ? 'reading it comes to no end' : messageOf(cause);
    return refuse('Data.Malformed', `The Parquet file can not be read: ${why}.`);
  }
}
