import { labelOf } from './calendar.ts';
import type { GroupPlan } from './group-plan.ts';
import { calendarOf, readLedger } from './read-ledger.ts';
import type { Reading } from './reading.ts';
import type { TextSource } from './stream-text.ts';

/** The rows of a file that one figure of a grouped ledger was added up from. */
export interface TracedFigure {
  /** Of the file as it is now: where it differs from the one on record, the file has changed since. */
  digest: string;
  key: string[];
  period: string;
  rows: number;
  /** Lines of the rows, runs of neighbours together: [first, last]. */
  lines: [number, number][];
  sums: { [measure: string]: number };
}

/** Reads a ledger again, by the same plan, for the rows behind one figure. */
export async function traceFigure(
  source: TextSource,
  plan: GroupPlan,
  figure: { key: readonly string[]; period: string },
): Promise<Reading<TracedFigure>> {
  const calendar = calendarOf(plan);
  const labels = new Map<number, string>();
  const measures = Object.keys(plan.measures);
  const sums = measures.map(() => 0);
  const lines: [number, number][] = [];
  let rows = 0;
  const read = await readLedger(source, plan, ({ positionOf }) => {
    const at = plan.keys.map(positionOf);
    return ({ period, cells, line, values }) => {
      if (!at.every((position, part) => cells[position] === figure.key[part])) return null;
      let label = labels.get(period);
      if (label === undefined) labels.set(period, (label = labelOf(period, calendar)));
      if (label !== figure.period) return null;
      rows += 1;
      values.forEach((value, measure) => (sums[measure]! += value));
      const last = lines.at(-1);
      if (last && last[1] === line - 1) last[1] = line;
      else lines.push([line, line]);
      return null;
    };
  });
  if (!read.ok) return read;
  return {
    ok: true,
    value: {
      digest: read.value.source.digest,
      key: [...figure.key],
      period: figure.period,
      rows,
      lines,
      sums: Object.fromEntries(measures.map((name, measure) => [name, sums[measure] ?? 0])),
    },
  };
}
