import { buildProgram } from './build-program.ts';
import { downloadProgram } from './download-program.ts';
import { withExclusiveLock } from './exclusive-lock.ts';
import { findOnPath, isExecutableFile, readTemporalVersion } from './find-program.ts';
import { cacheFolder, findModuleFolder, locateProgramCache } from './program-cache.ts';
import { describeError, ServerError } from './server-error.ts';

export type TemporalProgram =
  | { source: 'address'; address: string }
  | { source: 'path' | 'cache' | 'download' | 'build'; program: string; version: string };

export interface ResolveOptions {
  environment?: NodeJS.ProcessEnv;
  /** Told one line at a time what is going on, for work that takes longer than a moment. */
  report?: (line: string) => void;
  /** Where programs are kept; the user's cache folder otherwise. */
  cache?: string;
  downloadOrigin?: string;
  moduleFolder?: string;
}

/**
 * The first that serves of: TEMPORAL_ADDRESS, `temporal` on the PATH, the copy kept in the cache, the official
 * download, a build with Go. Throws `Server.NotFound`, naming each way tried, where none does.
 */
export async function resolveTemporalProgram(options: ResolveOptions = {}): Promise<TemporalProgram> {
  const environment = options.environment ?? process.env;
  const report = options.report ?? (() => {});
  const address = environment['TEMPORAL_ADDRESS'];
  if (address) return { source: 'address', address };
  const tried = ['TEMPORAL_ADDRESS: not set'];

  const programs = await findOnPath('temporal', environment);
  if (programs.length === 0) tried.push('a `temporal` program on the PATH: there is none');
  for (const program of programs) {
    try {
      return { source: 'path', program, version: await readTemporalVersion(program) };
    } catch (error) {
      tried.push(`a \`temporal\` program on the PATH: ${describeError(error)}`);
    }
  }

  try {
    return await fetchIntoCache(environment, report, options, tried);
  } catch (error) {
    if (error instanceof ServerError) throw error;
    tried.push(`the cache folder: ${describeError(error)}`);
    throw notFound(tried);
  }
}

async function fetchIntoCache(
  environment: NodeJS.ProcessEnv,
  report: (line: string) => void,
  options: ResolveOptions,
  tried: string[],
): Promise<TemporalProgram> {
  const moduleFolder = options.moduleFolder ?? (await findModuleFolder());
  const cache = options.cache ?? cacheFolder(environment);
  const { program: destination, lock, version } = await locateProgramCache(cache, moduleFolder);
  const kept = await useKeptProgram(destination);
  if (kept) return kept;
  tried.push(`a program kept at ${destination}: there is none that runs`);

  const ways = {
    download: {
      name: 'the official download',
      go: () =>
        downloadProgram({
          origin: options.downloadOrigin ?? 'https://temporal.download',
          version,
          destination,
          report,
        }),
    },
    build: {
      name: 'building it with Go',
      go: () => buildProgram({ moduleFolder, version, destination, environment, report }),
    },
  };
  const produce = async (): Promise<TemporalProgram> => {
    const madeMeanwhile = await useKeptProgram(destination);
    if (madeMeanwhile) return madeMeanwhile;
    for (const source of ['download', 'build'] as const) {
      try {
        await ways[source].go();
        return { source, program: destination, version: await readTemporalVersion(destination) };
      } catch (error) {
        tried.push(`${ways[source].name}: ${describeError(error)}`);
      }
    }
    throw notFound(tried);
  };
  return withExclusiveLock(lock, produce, () => report('waiting for another process that fetches Temporal'));
}

async function useKeptProgram(program: string): Promise<TemporalProgram | undefined> {
  if (!(await isExecutableFile(program))) return undefined;
  try {
    return { source: 'cache', program, version: await readTemporalVersion(program) };
  } catch {
    // Made for another system library, or damaged: made anew.
    return undefined;
  }
}

function notFound(tried: string[]): ServerError {
  return new ServerError(
    'Server.NotFound',
    [
      'No Temporal server could be found or made. Tried, in this order:',
      ...tried.map((line) => `  - ${line}`),
      'Do one of these, then try again:',
      '  - set TEMPORAL_ADDRESS=host:port to use a server that runs already',
      '  - install the Temporal CLI so that `temporal` is on the PATH (https://docs.temporal.io/cli)',
      '  - install Go 1.26 or later (https://go.dev/dl), with which Baton builds it',
    ].join('\n'),
  );
}
