import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A program at a terminal, and whoever sits there. */
export interface Terminal {
  readonly child: ChildProcess;
  /** All that was to be seen up to now. */
  output(): string;
  /** Waits until this is to be seen, after what was waited for before. Throws where the program ends without it. */
  see(part: string): Promise<void>;
  /** Types text as it is: Enter is `\r`, Ctrl+C `\u0003`. */
  type(text: string): void;
  /** The exit code. */
  readonly ended: Promise<number>;
}

const viaPython = [
  'import os, pty, sys',
  'sys.exit(os.waitstatus_to_exitcode(pty.spawn(["sh", "-c", sys.argv[1]])))',
].join('\n');

/** Ways to run a command of the shell in a pseudo-terminal, with what comes through pipes typed and shown there. */
const tools: { [program: string]: (command: string) => string[] } = {
  script: (command) => ['-qefc', command, '/dev/null'],
  python3: (command) => ['-c', viaPython, command],
};

const tool = Object.entries(tools).find(
  ([program, wordsOf]) => spawnSync(program, wordsOf('test -t 0 && exit 7'), { stdio: 'pipe' }).status === 7,
);

/** Why there can be no pseudo-terminal here; null where there can. */
export const noTerminal: string | null = tool
  ? null
  : 'this machine has neither `script` of util-linux nor python3 with its module pty';

export function openTerminal(
  words: string[],
  { folder, environment }: { folder: string; environment: NodeJS.ProcessEnv },
): Terminal {
  if (!tool) throw new Error(`No pseudo-terminal: ${noTerminal}.`);
  const [program, wordsOf] = tool;
  const quoted = words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  const child = spawn(program, wordsOf(`stty cols 200 rows 50 && exec ${quoted}`), {
    cwd: folder,
    env: { ...environment, TERM: 'dumb', SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  let seen = 0;
  let wake = (): void => {};
  child.stdout.on('data', (part: Buffer) => {
    output += part.toString();
    wake();
  });
  let isOver = false;
  const ended = once(child, 'close').then(([code]) => {
    isOver = true;
    wake();
    return code as number;
  });
  return {
    child,
    output: () => output,
    async see(part) {
      for (;;) {
        const found = output.indexOf(part, seen);
        if (found >= 0) {
          seen = found + part.length;
          return;
        }
        if (isOver) throw new Error(`It ended without «${part}»: ${output}`);
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    type: (text) => void child.stdin.write(text),
    ended,
  };
}
