import type { DataProfile, Finding } from './agent.ts';
import { labelOf } from './calendar.ts';
import type { Frame } from './frame.ts';
import type { ColumnProfile } from './profile-columns.ts';

/** From which share of values more than last time it is worth a word that a column has holes. */
const MORE_MISSING = 0.05;
/** From which factor a level is another one. */
const OTHER_LEVEL = 3;
/** Of the span between its least and its most, how far a value may lie beyond them. */
const BEYOND = 0.5;

/** What is worth knowing of a table the next time it comes. */
export function profileTable(columns: ColumnProfile[], rows: number, frame: Frame): DataProfile {
  const { calendar, periods } = frame;
  return {
    rows,
    frequency: calendar.frequency,
    first: labelOf(Math.min(...periods), calendar),
    last: labelOf(Math.max(...periods), calendar),
    columns: columns.map(({ name, type, missing }) => ({ name, type, missing: missing / Math.max(1, rows) })),
    series: frame.columns.map(({ name, unit, values }) => {
      const present = values.filter((value) => value !== null);
      return {
        name,
        unit,
        least: present.length === 0 ? null : present.reduce((least, value) => Math.min(least, value)),
        most: present.length === 0 ? null : present.reduce((most, value) => Math.max(most, value)),
        level: medianOf(present),
        latest: medianOf(present.slice(-calendar.season)),
      };
    }),
  };
}

/** What changed between two readings of what should be the same table: schema, periods, holes, ranges, levels. */
export function compareProfiles(before: DataProfile, now: DataProfile): Finding[] {
  return [...comparePeriods(before, now), ...compareColumns(before, now), ...compareSeries(before, now)];
}

function comparePeriods(before: DataProfile, now: DataProfile): Finding[] {
  if (before.frequency !== now.frequency) {
    return [
      warn('frequency-changed', `The table was ${before.frequency} last time, and is ${now.frequency} now.`),
    ];
  }
  const findings: Finding[] = [];
  if (now.first > before.first) {
    findings.push(
      warn('periods-gone', `The table began in ${before.first} last time, and in ${now.first} now.`),
    );
  }
  if (now.last < before.last) {
    findings.push(
      warn('periods-gone', `The table went on to ${before.last} last time, and ends in ${now.last} now.`),
    );
  } else if (now.last === before.last) {
    findings.push(note('no-new-periods', `The table ends in ${now.last}, as last time.`));
  }
  return findings;
}

function compareColumns(before: DataProfile, now: DataProfile): Finding[] {
  const known = new Map(before.columns.map((column) => [column.name, column]));
  const here = new Set(now.columns.map(({ name }) => name));
  const gone = before.columns.filter(({ name }) => !here.has(name));
  return [
    ...gone.map(({ name }) => warn('column-gone', 'The table had this column last time.', name)),
    ...now.columns.flatMap(({ name, type, missing }) => {
      const last = known.get(name);
      if (!last) return [note('column-new', 'The table did not have this column last time.', name)];
      const findings: Finding[] = [];
      if (last.type !== type && !(isNumeric(last.type) && isNumeric(type))) {
        findings.push(
          warn('type-changed', `The column held ${last.type} last time, and holds ${type} now.`, name),
        );
      }
      if (missing > last.missing + MORE_MISSING) {
        const message = `${percent(missing)} of its cells hold nothing that can be read, ${percent(last.missing)} last time.`;
        findings.push(warn('more-missing', message, name));
      }
      return findings;
    }),
  ];
}

function compareSeries(before: DataProfile, now: DataProfile): Finding[] {
  const known = new Map(before.series.map((series) => [series.name, series]));
  const here = new Set(now.series.map(({ name }) => name));
  const columns = new Set([...before.columns, ...now.columns].map(({ name }) => name));
  // Of a long table the series are values of a column, and no columns themselves.
  const gone = before.series.filter(({ name }) => !here.has(name) && !columns.has(name));
  return [
    ...gone.map(({ name }) => warn('series-gone', 'The table had this series last time.', name)),
    ...now.series.flatMap((series) => {
      const last = known.get(series.name);
      if (!last)
        return columns.has(series.name)
          ? []
          : [note('series-new', 'It was not there last time.', series.name)];
      if (last.unit !== series.unit) {
        const message = `The unit was ${last.unit ?? 'not stated'} last time, and is ${series.unit ?? 'not stated'} now.`;
        return [warn('unit-changed', message, series.name)];
      }
      return [...compareLevel(last, series), ...compareRange(last, series)];
    }),
  ];
}

type SeriesProfile = DataProfile['series'][number];

function compareLevel(before: SeriesProfile, now: SeriesProfile): Finding[] {
  const [then, latest] = [before.latest, now.latest];
  if (then === null || latest === null || then === 0 || latest === 0 || then > 0 !== latest > 0) return [];
  const factor = latest / then;
  if (factor < OTHER_LEVEL && factor > 1 / OTHER_LEVEL) return [];
  const power = Math.log10(factor);
  const scale =
    Math.abs(power) > 1.5 && Math.abs(power - Math.round(power)) < 0.15 ? ' Is it in another unit?' : '';
  const message = `Its latest values lie around ${latest}, where they lay around ${then} last time: ${Number(factor.toPrecision(3))} times that.${scale}`;
  return [warn('level-changed', message, now.name)];
}

function compareRange(before: SeriesProfile, now: SeriesProfile): Finding[] {
  const { least, most } = before;
  if (least === null || most === null || now.least === null || now.most === null) return [];
  const margin = (most - least) * BEYOND;
  if (now.least >= least - margin && now.most <= most + margin) return [];
  const message = `Its values lie between ${now.least} and ${now.most}; last time between ${least} and ${most}.`;
  return [note('range-changed', message, now.name)];
}

function isNumeric(type: string): boolean {
  return type === 'number' || type === 'constant';
}

function medianOf(values: number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return null;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

function warn(kind: string, message: string, column?: string): Finding {
  return { kind, severity: 'warning', ...(column === undefined ? {} : { column }), message, repaired: false };
}

function note(kind: string, message: string, column?: string): Finding {
  return { ...warn(kind, message, column), severity: 'note' };
}
