import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeError } from './server-error.ts';

const guardianScript = `
  process.stdin.resume().on('close', () => {
    const [pid, scratch] = process.argv.slice(1);
    try { process.kill(Number(pid), 'SIGTERM'); } catch {}
    if (scratch) require('node:fs').rmSync(scratch, { recursive: true, force: true });
  });`;

export interface ServerProcess {
  pid: number;
  /** Undefined while it lives; else how it ended. */
  ended(): string | undefined;
  /** Settles with how it ended; keeps nothing alive. */
  exited: Promise<string>;
  /** The last lines that it has written to its log since it was started. */
  readLogTail(): string;
  /** Ends it and waits until it is gone; `kill` where its data needs no orderly end. */
  end(how: 'terminate' | 'kill'): Promise<void>;
}

/**
 * Starts a program that ends with this process, however this process ends (a guardian beside it waits for that), but
 * doesn't keep this process alive. Ctrl+C in the terminal doesn't reach it: whoever started it ends it last. The
 * guardian also removes `scratch`.
 */
export async function startProcess(
  program: string,
  parameters: string[],
  logFile: string,
  scratch = '',
): Promise<ServerProcess> {
  const logStart = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  const log = openSync(logFile, 'a');
  let child: ChildProcess;
  try {
    child = spawn(program, parameters, { stdio: ['ignore', log, log], detached: true, windowsHide: true });
    await once(child, 'spawn');
  } finally {
    closeSync(log);
  }
  const { pid } = child;
  if (pid === undefined) throw new Error(`${program} was started without a process id`);
  child.unref();
  const releaseGuardian = startGuardian(pid, scratch);

  let ending: string | undefined;
  const exited = once(child, 'exit').then(([code, signal]) => {
    ending = signal ? `ended by ${String(signal)}` : `ended with code ${String(code)}`;
    releaseGuardian();
    return ending;
  });
  return {
    pid,
    ended: () => ending,
    exited,
    readLogTail: () => readTail(logFile, logStart),
    async end(how) {
      if (ending !== undefined) return;
      child.ref();
      child.kill(how === 'kill' ? 'SIGKILL' : 'SIGTERM');
      const patience = new AbortController();
      const insist = sleep(10_000, undefined, { signal: patience.signal }).then(
        () => child.kill('SIGKILL'),
        () => false,
      );
      await exited;
      patience.abort();
      await insist;
    },
  };
}

function startGuardian(pid: number, scratch: string): () => void {
  // NODE_OPTIONS may preload what the parent needs (a test runner's hooks) and the guardian does not.
  const environment = { ...process.env };
  delete environment['NODE_OPTIONS'];
  const guardian = spawn(process.execPath, ['-e', guardianScript, String(pid), scratch], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: environment,
    detached: true,
    windowsHide: true,
  });
  // Where no guardian can be had the server still ends with stop().
  guardian.on('error', () => {});
  guardian.unref();
  const { stdin } = guardian;
  if (stdin && 'unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
  return () => guardian.kill('SIGKILL');
}

function readTail(file: string, from: number): string {
  try {
    return readFileSync(file).subarray(from).toString('utf8').trim().split('\n').slice(-12).join('\n');
  } catch (error) {
    return `(its log can't be read: ${describeError(error)})`;
  }
}
