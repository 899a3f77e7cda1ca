import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';

export interface StoreProcess {
  child: ChildProcess;
  /** Lines written so far. */
  lines: string[];
  /** Resolves with the first line that is so; rejects where the process ends before. */
  line(is: (line: string) => boolean): Promise<string>;
  ended: Promise<number | null>;
}

/** Runs a script of this folder in a node of its own; `through` puts it behind another program. */
export function startProcess(script: string, args: string[], through: string[] = []): StoreProcess {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const [program, ...rest] = [...through, process.execPath, path, ...args] as [string, ...string[]];
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const waiting: {
    is: (line: string) => boolean;
    take: (line: string) => void;
    fail: (why: Error) => void;
  }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    for (const { is, take } of waiting) if (is(line)) take(line);
  });
  const ended = new Promise<number | null>((resolve) =>
    child.on('close', (code) => {
      for (const { fail } of waiting) fail(new Error(`${script} ended with ${code}: ${lines.join('\n')}`));
      resolve(code);
    }),
  );
  return {
    child,
    lines,
    ended,
    line: (is) =>
      new Promise((take, fail) => {
        const there = lines.find(is);
        if (there !== undefined) take(there);
        else waiting.push({ is, take, fail });
      }),
  };
}
