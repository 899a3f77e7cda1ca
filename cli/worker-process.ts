import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Settings } from './settings.ts';

/** Milliseconds for activities to drain before a worker is ended for good: what it had begun is taken up by the next. */
const patience = 10_000;

export interface WorkerProcess {
  /** Whether it came to poll; false if it ended before. */
  ready: Promise<boolean>;
  ended: Promise<void>;
  stop(): Promise<void>;
}

/** A worker in a process of its own, so that the next one loads all code afresh. It ends with this process. */
export function startWorkerProcess(settings: Settings, address: string): WorkerProcess {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const main = fileURLToPath(new URL(`./main.${extension}`, import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [main, 'worker', ...wordsOf(settings, address)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(() => {});
  const ready = Promise.race([once(child, 'message').then(() => true), ended.then(() => false)]);
  return {
    ready,
    ended,
    async stop() {
      child.kill('SIGTERM');
      const hurry = new AbortController();
      const insist = sleep(patience, undefined, { signal: hurry.signal }).then(
        () => child.kill('SIGKILL'),
        () => false,
      );
      await ended;
      hurry.abort();
      await insist;
    },
  };
}

function wordsOf(settings: Settings, address: string): string[] {
  const { folder, namespace, taskQueue, config, verbose, trace } = settings;
  return [
    '--address',
    address,
    '--folder',
    folder,
    '--namespace',
    namespace,
    '--task-queue',
    taskQueue,
    ...(config === undefined ? [] : ['--config', config]),
    ...(verbose ? ['--verbose'] : []),
    ...(trace ? ['--trace'] : []),
  ];
}
