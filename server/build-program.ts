import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { makeFolder } from '../store/make-folder.ts';
import { findOnPath, readTemporalVersion } from './find-program.ts';

const run = promisify(execFile);
const temporalPackage = 'github.com/temporalio/cli/cmd/temporal';

interface BuildOptions {
  /** Folder of the Go module that pins the Temporal CLI. */
  moduleFolder: string;
  version: string;
  destination: string;
  environment: NodeJS.ProcessEnv;
  report: (line: string) => void;
}

/** Builds the pinned Temporal CLI from its published Go module to `destination`, whole or not at all. */
export async function buildProgram(options: BuildOptions): Promise<void> {
  const { moduleFolder, version, destination, report } = options;
  // A go.work above the module would otherwise take the pins' place.
  const environment = { ...options.environment, GOWORK: 'off' };
  const go = await findGo(moduleFolder, environment);
  makeFolder(dirname(destination));
  const scratch = await mkdtemp(join(dirname(destination), 'build-'));
  try {
    const program = join(scratch, basename(destination));
    const flags = `-s -w -X github.com/temporalio/cli/internal/temporalcli.Version=${version}`;
    report(`building the Temporal CLI ${version} with Go: 4 to 5 minutes the first time, then it is kept`);
    await runGo(go, ['build', '-buildvcs=false', '-ldflags', flags, '-o', program, temporalPackage], {
      cwd: moduleFolder,
      environment,
      report,
    });
    await readTemporalVersion(program);
    await rename(program, destination);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function findGo(moduleFolder: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const [go] = await findOnPath('go', environment);
  if (go === undefined) throw new Error('no `go` on the PATH');
  // Inside the module, so that Go may switch to the toolchain that go.mod asks for, or says why it can't.
  const { stdout } = await run(go, ['version'], { cwd: moduleFolder, env: environment, windowsHide: true });
  const found = /go(\d+)\.(\d+)/.exec(stdout);
  const [major, minor] = [Number(found?.[1]), Number(found?.[2])];
  if (!found || major < 1 || (major === 1 && minor < 26)) {
    throw new Error(`Go 1.26 or later is needed; ${go} is "${stdout.trim()}"`);
  }
  return go;
}

async function runGo(
  go: string,
  parameters: string[],
  {
    cwd,
    environment,
    report,
  }: { cwd: string; environment: NodeJS.ProcessEnv; report: (line: string) => void },
): Promise<void> {
  const startedAt = Date.now();
  const child = spawn(go, parameters, {
    cwd,
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
    windowsHide: true,
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-4_000);
  });
  const ticker = setInterval(() => {
    report(`building the Temporal CLI: ${Math.round((Date.now() - startedAt) / 1_000)} s so far`);
  }, 10_000);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`go build ended with code ${code}:\n${lastLines(errors)}`);
  } finally {
    clearInterval(ticker);
  }
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-6).join('\n');
}
