import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

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

/** Starts a program that says when it is ready; what it is called in complaints. */
export function startProgram(name: string, file: string, given: NodeJS.ProcessEnv = {}): Program {
  const environment = { ...process.env };
  // The test runner's own hooks are nothing to a worker.
  delete environment['NODE_OPTIONS'];
  const child = fork(file, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
    env: { ...environment, ...given },
  });
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
