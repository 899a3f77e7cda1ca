import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { openTerminal } from './pseudo-terminal.ts';
import type { Terminal } from './pseudo-terminal.ts';

const root = path.resolve(import.meta.dirname, '../..');
const main = path.join(root, 'cli/main.ts');

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** A folder of its own from which the command line is run, with the project's own processes. */
export interface Desk extends AsyncDisposable {
  folder: string;
  baton(...words: string[]): Promise<Ended>;
  /** Its one JSON value. Throws unless the command ended with 0 and wrote nothing else. */
  json<T>(...words: string[]): Promise<T>;
  /** A command that goes on until it is stopped; settled once its output holds this. */
  keep(ready: string, ...words: string[]): Promise<Kept>;
  /** A command with somebody at its terminal. */
  atTerminal(...words: string[]): Terminal;
}

export interface Kept {
  /** All that it wrote up to now. */
  output(): string;
  wrote(part: string): Promise<void>;
  /** Settles with the next thing that it writes. */
  more(): Promise<void>;
  /** Its exit code, once it has ended by itself. */
  ended(): Promise<number>;
  /** Ends it as Ctrl+C would; gives its exit code. */
  interrupt(): Promise<number>;
}

/** `always` are options that each command gets. */
export async function openDesk(...always: string[]): Promise<Desk> {
  const folder = await mkdtemp(path.join(tmpdir(), 'baton-cli-'));
  const children = new Set<ChildProcess>();
  const environment = { ...process.env, NO_COLOR: '1', BATON_LANGUAGE: 'en' };
  delete (environment as NodeJS.ProcessEnv)['TEMPORAL_ADDRESS'];
  const wordsOf = (words: string[]): string[] => {
    const config = words.includes('--config') ? [] : ['--config', path.join(root, 'baton.config.ts')];
    return [main, ...words, ...always, ...config];
  };
  const endLater = <T extends ChildProcess>(child: T): T => {
    children.add(child);
    child.once('exit', () => children.delete(child));
    return child;
  };
  const launch = (words: string[]): ChildProcess =>
    endLater(
      spawn(process.execPath, wordsOf(words), {
        cwd: folder,
        env: environment,
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  const baton = async (...words: string[]): Promise<Ended> => {
    const child = launch(words);
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout!),
      text(child.stderr!),
      once(child, 'exit') as Promise<[number]>,
    ]);
    return { code, stdout, stderr };
  };
  return {
    folder,
    baton,
    async json<T>(...words: string[]): Promise<T> {
      const { code, stdout, stderr } = await baton(...words, '--json');
      if (code !== 0) throw new Error(`baton ${words.join(' ')} ended with ${code}: ${stdout}${stderr}`);
      return JSON.parse(stdout) as T;
    },
    async keep(ready, ...words) {
      const child = launch(words);
      let output = '';
      const listeners = new Set<() => void>();
      const hear = (part: Buffer): void => {
        output += part.toString();
        listeners.forEach((listener) => listener());
      };
      child.stdout!.on('data', hear);
      child.stderr!.on('data', hear);
      const ended = once(child, 'exit') as Promise<[number | null]>;
      const kept: Kept = {
        output: () => output,
        async more() {
          const heard = Promise.withResolvers<void>();
          const fail = (): void => heard.reject(new Error(`It ended: ${output}`));
          listeners.add(heard.resolve);
          child.once('exit', fail);
          await heard.promise.finally(() => {
            listeners.delete(heard.resolve);
            child.off('exit', fail);
          });
        },
        async wrote(part) {
          while (!output.includes(part)) await kept.more();
        },
        async ended() {
          const [code] = await ended;
          return code ?? -1;
        },
        async interrupt() {
          child.kill('SIGINT');
          return kept.ended();
        },
      };
      await kept.wrote(ready);
      return kept;
    },
    atTerminal(...words) {
      const terminal = openTerminal([process.execPath, ...wordsOf(words)], { folder, environment });
      endLater(terminal.child);
      return terminal;
    },
    async [Symbol.asyncDispose]() {
      for (const child of children) {
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}
