import { toFailure } from '../../contracts/failures.ts';
import type { SeriesTable } from './agent.ts';
import { labelOf } from './calendar.ts';
import type { FrameColumn } from './frame.ts';
import type { SumRelation } from './find-hierarchy.ts';
import type { Gathering } from './state.ts';
import { traceFrame } from './trace-series.ts';

/** The table of series that the other agents work on; refuses a table of which no column is left. */
export function pickSeries(state: Gathering): SeriesTable {
  const { dataset, frame, hierarchy, leftOut, findings, source } = state;
  if (frame === null || frame.columns.length === 0) {
    const reasons = leftOut.slice(0, 5).map(({ column, reason }) => `${column} ${reason}`);
    throw toFailure(
      'Data.Unfit',
      `${dataset} has no column to forecast: ${reasons.join('; ') || 'it has no numbers'}.`,
      {
        name: dataset,
      },
    );
  }
  const { calendar, periods, columns } = frame;
  const units = new Set(columns.map(({ unit }) => unit));
  const [unit] = units;
  return {
    dataset,
    source,
    frequency: calendar.frequency,
    season: calendar.season,
    unit: units.size === 1 ? (unit ?? null) : null,
    periods: periods.map((period) => labelOf(period, calendar)),
    series: columns.map((column) => ({
      id: column.name,
      label: labelFor(column),
      unit: column.unit,
      values: column.values,
      role: roleOf(column, hierarchy),
    })),
    hierarchy,
    leftOut,
    findings,
    lineage: traceFrame(frame),
    ...(state.tableProfile && { profile: state.tableProfile }),
  };
}

function labelFor({ name }: FrameColumn): string {
  const words = name.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function roleOf({ name }: FrameColumn, hierarchy: SumRelation[]): 'total' | 'part' | 'single' {
  if (hierarchy.some(({ total }) => total === name)) return 'total';
  return hierarchy.some(({ parts }) => parts.includes(name)) ? 'part' : 'single';
}
