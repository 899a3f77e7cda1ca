import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { chmod, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { pipeline } from 'node:stream/promises';
import { Transform } from 'node:stream';
import { makeFolder } from '../store/make-folder.ts';
import { readTemporalVersion } from './find-program.ts';

const run = promisify(execFile);

const platforms: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'windows',
};
const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' };

interface DownloadOptions {
  /** The service that the Temporal SDKs download from, e.g. https://temporal.download */
  origin: string;
  version: string;
  destination: string;
  report: (line: string) => void;
}

/** Puts the official program at `destination`, whole or not at all; gives up within seconds without a network. */
export async function downloadProgram({
  origin,
  version,
  destination,
  report,
}: DownloadOptions): Promise<void> {
  const platform = platforms[process.platform];
  const architecture = architectures[process.arch];
  if (!platform || !architecture) throw new Error(`there is none for ${process.platform} on ${process.arch}`);
  await fetch(origin, { method: 'HEAD', signal: AbortSignal.timeout(3_000) });
  const query = new URLSearchParams({ arch: architecture, platform, format: 'tar.gz' });
  const response = await fetchOrThrow(
    `${origin}/cli/v${version}?${query.toString()}`,
    AbortSignal.timeout(10_000),
  );
  const { archiveUrl, fileToExtract } = readDownloadInfo(await response.json());

  report(`downloading the Temporal CLI ${version} from ${new URL(archiveUrl).host}`);
  makeFolder(dirname(destination));
  const scratch = await mkdtemp(join(dirname(destination), 'download-'));
  try {
    const archive = join(scratch, 'archive.tar.gz');
    await save(archiveUrl, archive, report);
    await run('tar', ['-xzf', archive, '-C', scratch, fileToExtract], { windowsHide: true });
    const program = join(scratch, fileToExtract);
    await chmod(program, 0o755);
    await readTemporalVersion(program);
    await rename(program, destination);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function readDownloadInfo(info: unknown): { archiveUrl: string; fileToExtract: string } {
  const { archiveUrl, fileToExtract } = (info ?? {}) as Record<string, unknown>;
  if (typeof archiveUrl !== 'string' || typeof fileToExtract !== 'string') {
    throw new Error(
      `the download service answered in an unknown form: ${JSON.stringify(info).slice(0, 200)}`,
    );
  }
  // The name goes to tar and into a path: nothing but a plain file name may.
  if (basename(fileToExtract) !== fileToExtract || fileToExtract.startsWith('-')) {
    throw new Error(`the download service named a strange file: ${fileToExtract}`);
  }
  return { archiveUrl, fileToExtract };
}

async function fetchOrThrow(url: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`${url} answered ${response.status} ${response.statusText}`);
  return response;
}

async function save(url: string, file: string, report: (line: string) => void): Promise<void> {
  const stalled = new AbortController();
  const watchdog = setTimeout(() => stalled.abort(new Error('the download stood still for 20 s')), 20_000);
  try {
    const response = await fetchOrThrow(url, stalled.signal);
    if (!response.body) throw new Error(`${url} has no content`);
    const total = Number(response.headers.get('content-length') ?? 0);
    let received = 0;
    let reportedAt = Date.now();
    const meter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        watchdog.refresh();
        received += chunk.length;
        if (Date.now() - reportedAt > 5_000) {
          reportedAt = Date.now();
          report(
            `downloading the Temporal CLI: ${toMegabytes(received)} of ${total ? toMegabytes(total) : '?'} MB`,
          );
        }
        done(null, chunk);
      },
    });
    await pipeline(response.body, meter, createWriteStream(file), { signal: stalled.signal });
  } finally {
    clearTimeout(watchdog);
  }
}

function toMegabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(0);
}
