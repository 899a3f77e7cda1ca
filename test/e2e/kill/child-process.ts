import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** A program of the test in a process of its own; it ends with this process at the latest. */
export interface Program {
  readonly child: ChildProcess;
  readonly pid: number;
  /** What it said when it was ready. */
  readonly ready: Promise<unknown>;
  /** How it ended; an end that nobody asked for comes with what it wrote to its standard error. */
  readonly ended: Promise<{ code: number | null; signal: string | null; complaint: string }>;
  /** Ends it at once, without a chance to tidy up, and waits until it is gone. */
  readonly kill: () => Promise<void>;
}

/** Starts a program of `processes/` with one argument. */
export function startProgram(name: 'worker' | 'receiver', argument: object = {}): Program {
  const environment = { ...process.env };
  // The test runner's own hooks are nothing to a worker.
  delete environment['NODE_OPTIONS'];
  const child = fork(
    fileURLToPath(new URL(`processes/${name}.ts`, import.meta.url)),
    [JSON.stringify(argument)],
    {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
      // Compiled code is kept between the many starts of the same program.
      env: { ...environment, NODE_COMPILE_CACHE: path.join(tmpdir(), 'baton-compile-cache') },
    },
  );
  const complaints = text(child.stderr!);
  const ended = once(child, 'exit').then(async ([code, signal]: (number | string | null)[]) => ({
    code: code as number | null,
    signal: signal as string | null,
    complaint: await complaints,
  }));
  const ready = Promise.race([
    once(child, 'message').then(([message]: unknown[]) => message),
    ended.then(({ code, signal, complaint }): never => {
      throw new Error(`The ${name} ended (${signal ?? code}) before it was ready. ${complaint}`);
    }),
  ]);
  // Whoever awaits it sees the error.
  ready.catch(() => {});
  return {
    child,
    pid: child.pid!,
    ready,
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
