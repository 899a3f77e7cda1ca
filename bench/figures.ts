import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';

export type Figures = { [name: string]: number };

/** The value below which this share (0 to 1) of the sample lies. */
export function quantile(sample: number[], share: number): number {
  const sorted = sample.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

/** On what machine and with which versions figures were measured. */
export function describeMachine(): { machine: object; versions: { [name: string]: string } } {
  const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    dependencies: { [name: string]: string };
  };
  const named = ['@temporalio/worker', '@langchain/langgraph', 'kysely'];
  return {
    machine: {
      cores: availableParallelism(),
      processor: cpus()[0]?.model ?? 'unknown',
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      platform: `${process.platform} ${process.arch}`,
    },
    versions: {
      node: process.versions.node,
      ...Object.fromEntries(named.map((name) => [name, dependencies[name] ?? ''])),
    },
  };
}

/** Prints one JSON object and nothing else, or a table. */
export function printFigures(
  bench: string,
  figures: Figures,
  options: { json: boolean; table: string[][] },
): void {
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ bench, figures, ...describeMachine() })}\n`);
    return;
  }
  const widths = options.table[0]!.map((_, column) =>
    Math.max(...options.table.map((row) => row[column]!.length)),
  );
  for (const row of options.table) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
    );
    process.stdout.write(`${cells.join('  ')}\n`);
  }
}
