import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '../../..');

test('the bench of durabilities runs in small: a local run has the shortest history, one by steps the longest', async () => {
  const small = ['--runs', '1', '--warm', '0', '--load', '4', '--rounds', '1', '--json'];
  const { stdout } = await promisify(execFile)('node', ['bench/durability.ts', ...small], { cwd: root });
  const { bench, figures } = JSON.parse(stdout) as { bench: string; figures: { [name: string]: number } };
  expect(bench).toBe('durability');
  const { localEvents, rawEvents, taskEvents, stepEvents } = figures as { [name: string]: number };
  expect(localEvents).toBeLessThan(rawEvents!);
  expect(taskEvents).toBeLessThan(stepEvents!);
  for (const name of ['raw', 'task', 'step', 'local'])
    for (const figure of ['RunP50Ms', 'Throughput16', 'Throughput16Ratio'])
      expect(figures[`${name}${figure}`]).toBeGreaterThan(0);
});
