import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const bench = fileURLToPath(new URL('../../../bench/gather.ts', import.meta.url));

/** Bytes of a generated ledger and the most memory that a process of its own took to group it. */
async function measure(bytes: number): Promise<{ bytes: number; peak: number; figures: number }> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    bench,
    'large',
    '--bytes',
    String(bytes),
    '--json',
  ]);
  const { figures } = JSON.parse(stdout) as { figures: { bytes: number; peakMiB: number; figures: number } };
  return { bytes: figures.bytes, peak: figures.peakMiB * 2 ** 20, figures: figures.figures };
}

it('a file eight times as large, grouped into as many figures, takes hardly more memory', async () => {
  const small = await measure(16_000_000);
  const large = await measure(128_000_000);
  expect(large.figures).toBe(small.figures);
  expect(large.bytes / small.bytes).toBeGreaterThan(7.9);
  // Anything that kept the file, or its rows, would grow by more than the file did.
  expect(large.peak - small.peak).toBeLessThan((large.bytes - small.bytes) / 2);
  expect(large.peak / small.peak).toBeLessThan(1.5);
});
