import { open, realpath } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { toFailure } from '../../contracts/failures.ts';
import type { FailureType } from '../../contracts/failures.ts';
import type { DataFile } from '../implement-agent.ts';
import { MAX_BYTES } from './decode-text.ts';

export interface DataFolders {
  /** Folders by the name that a data set starts with: `vega-datasets/us-employment.csv`. */
  named: { [name: string]: string };
  /**
   * Folders under which a data set may be given by its path; a relative path is sought in each, in order, and then
   * from the working directory, where it leads into one of them.
   */
  folders: string[];
}

const MEDIA_TYPES: { [extension: string]: string } = {
  '.csv': 'text/csv',
  '.tsv': 'text/tab-separated-values',
  '.tab': 'text/tab-separated-values',
  '.txt': 'text/plain',
  '.json': 'application/json',
  '.ndjson': 'application/x-ndjson',
  '.jsonl': 'application/x-ndjson',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '.parquet': 'application/vnd.apache.parquet',
  '.gz': 'application/gzip',
};

/** The folder of data that an installed package brings along, sought as an import from `from` would be. */
export function packageFolder(name: string, folder: string, from: string = import.meta.url): string {
  const missing = (cause?: unknown) =>
    fail('Data.NotFound', name, `The package ${name} is not installed.`, cause);
  try {
    const manifest = findPackageJSON(name, from);
    if (manifest === undefined) throw missing();
    return join(dirname(manifest), folder);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND')
      throw missing(cause);
    throw cause;
  }
}

/**
 * Reads data sets from the folders that were declared, and from nowhere else, links followed.
 * Throws `Data.NotAllowed`, `Data.NotFound`, `Data.TooLarge`.
 */
export function createDatasetReader(allowed: DataFolders): (dataset: string) => Promise<DataFile> {
  const find = createDatasetLocator(allowed);
  return async (dataset) => await readFile(dataset, await find(dataset));
}

/**
 * Finds data sets in the folders that were declared, and nowhere else, links followed: for files that are too large to
 * be read as a whole. Throws `Data.NotAllowed`, `Data.NotFound`.
 */
export function createDatasetLocator(allowed: DataFolders): (dataset: string) => Promise<string> {
  return async (dataset) => {
    const candidates = locate(dataset, allowed);
    if (candidates.length === 0) throw notAllowed(dataset, allowed);
    for (const { path, folder } of candidates) {
      const real = await realPath(path);
      if (real === null) continue;
      const realFolder = await realPath(folder);
      if (realFolder === null || !isInside(real, realFolder)) throw notAllowed(dataset, allowed);
      return real;
    }
    const sought = [...new Set(candidates.map(({ path }) => nameNearby(path)))].join(', ');
    throw fail('Data.NotFound', dataset, `There is no data set ${dataset}: no file ${sought}.`);
  };
}

function locate(dataset: string, { named, folders }: DataFolders): { path: string; folder: string }[] {
  if (dataset === '' || dataset.includes('\0') || /^[a-z][a-z0-9+.-]+:\/\//i.test(dataset)) return [];
  const [name = '', ...rest] = dataset.split(/[\\/]/);
  const home = rest.length > 0 && Object.hasOwn(named, name) ? named[name] : undefined;
  const places =
    home === undefined
      ? [
          ...folders.map((folder) => ({ folder, path: resolve(folder, dataset) })),
          ...folders.map((folder) => ({ folder, path: resolve(dataset) })),
        ]
      : [{ folder: home, path: resolve(home, ...rest) }];
  return places.filter(({ path, folder }) => isInside(resolve(path), resolve(folder)));
}

/** A path as seen from the working directory, where it lies in it. */
function nameNearby(path: string): string {
  return isInside(path, resolve()) ? relative(resolve(), path) : path;
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

async function realPath(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch {
    return null;
  }
}

async function readFile(dataset: string, path: string): Promise<DataFile> {
  try {
    await using file = await open(path, 'r');
    const stat = await file.stat();
    // A pipe or a device would never end.
    if (!stat.isFile()) throw fail('Data.NotFound', dataset, `${dataset} is no file.`);
    if (stat.size > MAX_BYTES) {
      throw fail('Data.TooLarge', dataset, `${dataset} has ${stat.size} bytes; the limit is ${MAX_BYTES}.`);
    }
    const bytes = new Uint8Array(await file.readFile());
    const mediaType = MEDIA_TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream';
    return { bytes, name: dataset, mediaType };
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    if (code === 'EACCES' || code === 'EPERM') {
      throw fail('Data.NotAllowed', dataset, `${dataset} may not be read by this user.`, cause);
    }
    if (code === 'ENOENT') throw fail('Data.NotFound', dataset, `There is no data set ${dataset}.`, cause);
    throw cause;
  }
}

function notAllowed(dataset: string, { named, folders }: DataFolders): Error {
  const names = Object.keys(named).map((name) => `${name}/`);
  const places = [...names, ...folders].join(', ') || 'none';
  return fail('Data.NotAllowed', dataset, `${dataset} lies outside the allowed data folders (${places}).`);
}

function fail(type: FailureType, name: string, message: string, cause?: unknown): Error {
  return toFailure(type, message, { name, cause });
}
