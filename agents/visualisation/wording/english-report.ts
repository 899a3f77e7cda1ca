import type { End } from '../chart-content.ts';
import { format } from './english.ts';

/** Charts in words, for whoever doesn't see them. */
export const told = {
  lines: (count: number, from: string, to: string): string =>
    `${count === 1 ? 'Line chart' : `${count} line charts side by side`}, observed from ${from} to ${to}, then forecast`,
  withIntervals: ' with 80 % and 95 % intervals',
  withoutIntervals: '; the forecast states no intervals',
  withNaive: ', beside it the last season repeated',
  panel: (
    label: string,
    was: string,
    wasPeriod: string,
    will: string,
    period: string,
    range: [string, string] | null,
  ): string =>
    `${label}: ${was} in ${wasPeriod}, forecast ${will} in ${period}${range ? ` (95 % interval ${range[0]} to ${range[1]})` : ''}`,
  inOrder: (labels: readonly string[]): string => `In order: ${labels.join(', ')}.`,
  extremes: (most: string, least: string): string =>
    `From the last observation to the end of the forecast most is gained by ${most}; least by ${least}.`,
  allInTable: 'All figures stand in the table.',
  firstAndLast: (first: string, last: string): string => `First: ${first}. Last: ${last}.`,
  changes: (count: number, unit: string | null, percent: boolean): string =>
    `Bar chart of ${count} changes of the mean${percent ? ' in percent' : unit ? ` in ${unit}` : ''}, largest rise first.`,
  change: (label: string, amount: string, clear: boolean): string =>
    `${label} ${amount}${clear ? '' : ', not clearly different'}`,
  trust: (better: number, count: number): string =>
    `Dot chart of backtest errors (MASE, lower is better), the method used against seasonal naive: better for ${better} of ${count}; smallest error first.`,
  trusted: (label: string, mase: string, naive: string, trust: string): string =>
    `${label} ${mase} against ${naive}, trust ${trust}`,
  sizes: (count: number, period: string): string =>
    `Dots of ${count} figures expected in ${period} with their intervals, largest first.`,
  size: (label: string, mean: string, range: [string, string] | null): string =>
    `${label} ${mean}${range ? ` (95 % interval ${range[0]} to ${range[1]})` : ''}`,
  shares: (count: number, whole: string): string =>
    `Bar chart of the shares of ${count} parts of ${whole}, largest first.`,
  share: (label: string, before: string, after: string): string =>
    `${label} ${before} % before, ${after} % ahead`,
  odds: (label: string, period: string): string =>
    `Dot plot of 20 equally likely outcomes for ${label} in ${period}.`,
  oddsRange: (low: string, high: string, lowest: string, highest: string): string =>
    `80 % interval ${low} to ${high}, 95 % interval ${lowest} to ${highest}.`,
  spread: (count: number): string => `Histogram of the changes of ${count} series in percent.`,
  bin: (from: string, to: string, count: number): string => `${from} to ${to}: ${count}`,
  relation: (count: number, correlation: string | null): string =>
    `Scatter plot of ${count} series: size across, change in percent upwards${correlation === null ? '' : `; rank correlation ${correlation}`}.`,
  point: (label: string, size: string, percent: string): string => `${label} ${size}, ${percent}`,
};

export const columns = {
  period: 'Period',
  kind: 'Kind',
  series: 'Series',
  observed: 'observed',
  forecast: 'forecast',
  from: (level: number): string => `${level} % from`,
  to: (level: number): string => `${level} % to`,
  naive: 'Last season repeated',
  observedMean: 'Observed (mean)',
  forecastMean: 'Forecast (mean)',
  change: 'Change',
  changePercent: 'Change in %',
  clear: 'Clearly different',
  method: 'Method',
  why: 'Why',
  mase: 'MASE',
  naiveMase: 'MASE of seasonal naive',
  coverage: 'Coverage of 95 % interval',
  held: '95 % interval held',
  backtests: 'Backtests',
  trust: 'Trust',
  edited: 'Edited',
  expected: 'Expected',
  shareBefore: 'Share before in %',
  shareAfter: 'Share ahead in %',
  outcome: 'Outcome',
  likelihood: 'Chance of at most this, in %',
  size: 'Size',
};

export const captions = {
  outlook:
    'Solid: observed. Dashed, right of the dotted line: forecast. The inner band should hold four of five outcomes, the outer one nineteen of twenty. Thin and dotted: what repeating the last season would say.',
  outlookBare:
    'Solid: observed. Dashed, right of the dotted line: forecast. The forecast states no intervals, so nothing says how far off it may be.',
  change:
    'Hollow: what was observed last lies within the 80 % interval of where the forecast ends, so it is not clearly different.',
  trust: 'Each forecast was made again from earlier starting points and held against what then happened.',
  sizes:
    'Dot: expected. Thick line: four of five outcomes; thin line: nineteen of twenty. Diamond: the last season repeated.',
  sizesBare: 'Bars start at zero. The forecast states no intervals, so nothing says how far off it may be.',
  shares: 'Bar: share expected of the season ahead. Diamond: share of the last season observed.',
  odds: 'Count dots: so many in twenty. Each dot stands for an outcome that is as likely as any other.',
  spread: 'Each bar counts the series whose change lies in that range.',
  relation: 'Nothing is claimed about causes: the two figures of a series are put beside one another.',
  omitted: (items: string): string => `Not shown: ${items}.`,
};

export const summary = {
  nothing: 'No series could be forecast, so there is nothing to draw.',
  total: (end: End, range: [string, string] | null): string => {
    const { label, will, unit, period, was, wasPeriod } = end;
    const change =
      was > 0
        ? `, ${format.percent((100 * (will - was)) / was)} on the ${format.figure(was)} of ${format.period(wasPeriod)}`
        : '';
    return `${label}: ${format.amount(will, unit)} expected in ${format.period(period)}${change}${range ? `; 95 % interval ${range[0]} to ${range[1]}` : '; the forecast states no interval'}.`;
  },
  extremes: (mean: string, top: string, bottom: string, kind: 'both' | 'rise' | 'fall'): string =>
    kind === 'both'
      ? `The largest rise of ${mean} is expected in ${top}, the largest fall in ${bottom}.`
      : kind === 'rise'
        ? `The largest rise of ${mean} is expected in ${top}, the smallest in ${bottom}; none falls.`
        : `The smallest fall of ${mean} is expected in ${top}, the largest in ${bottom}; none rises.`,
  figureOf: (span: string): string => `a ${span}’s figure`,
  meanOf: (span: string): string => `the mean of a ${span}`,
  clear: (all: number, clear: number, span: string): string =>
    `Of ${all} series, ${clear} ${clear === 1 ? 'ends' : 'end'} clearly away from where the last ${span} observed ended (outside the 80 % interval).`,
  untested: 'No forecast could be tested on the past.',
  tested: (better: number, all: number, span: string): string =>
    `Tested on the past, ${better} of ${all} forecasts err less than repeating the last ${span} would`,
  worst: (label: string, mase: string): string => `; the largest error is that of ${label} (MASE ${mase}).`,
  poor: (count: number): string =>
    count === 0 ? 'None is marked as poor.' : `${count} ${count === 1 ? 'is' : 'are'} marked as poor.`,
  edited: (labels: readonly string[]): string =>
    `Figures edited by a person, not as computed: ${labels.join(', ')}.`,
  leftOut: (count: number): string =>
    `${count} ${count === 1 ? 'column or series was' : 'columns and series were'} left out; why stands below.`,
};

export const basis = {
  title: 'What this rests on',
  data: 'The data',
  source: (dataset: string, rows: string, columnCount: string, bytes: string): string =>
    `${dataset}: ${rows} rows, ${columnCount} columns, ${bytes} bytes; SHA-256 `,
  findings: 'Findings in the data',
  noFindings: 'The checks of the data found nothing.',
  finding: (warning: boolean, column: string | undefined, row: number | undefined): string => {
    const where = [column && `column ${column}`, row !== undefined && `row ${row}`]
      .filter(Boolean)
      .join(', ');
    return `${warning ? 'Warning' : 'Note'}${where ? ` (${where})` : ''}`;
  },
  mended: 'Mended.',
  leftOut: 'Left out, and why',
  nothingLeftOut: 'Nothing was left out.',
  unshown: (labels: readonly string[]): string =>
    `No chart shows these by themselves; their figures stand in the CSV and JSON files: ${labels.join('; ')}.`,
  charts: 'Why these charts',
  chosen: (topic: string, why: string): string => `${topic}: ${why}.`,
  methods: 'Method and backtest of each series',
  mase: (span: string): string =>
    `MASE is the mean error in units of what repeating the last ${span} erred by in the past: below the naive figure beside it, the method is worth having.`,
  notMeasured: 'not measured',
  byPerson: 'by a person',
  totals: 'How totals add up',
  noTotals: 'No series was found to be the sum of others.',
  reconciled: (method: string, gap: string): string =>
    `Reconciliation of the forecasts: ${method}. Afterwards parts and totals differ by ${gap} at most.`,
  sum: (total: string, parts: string, gap: string, tolerance: string): string =>
    `${total} = ${parts} (in the data within ${gap}, ${tolerance} allowed for rounding)`,
  limits: 'What this forecast can’t know',
  continues: (count: number, many: string): string =>
    `It continues what the ${count} ${many} observed have in common. What never happened in them, or is decided only now, is in no figure: new laws, crises, strikes, changes of how things are counted.`,
  heldUnknown: 'How often the intervals hold was not measured: take them as the least that may happen.',
  held: (share: string): string =>
    `Intervals say how far off forecasts were in the past. In the backtests ${share} of outcomes lay in the 95 % intervals, as a mean over the series.`,
  poor: (count: number, all: number): string =>
    `${count} of ${all} series are marked as poor: read their lines as a direction at most.`,
  eachAlone: (one: string): string =>
    `Intervals hold for one ${one} of one series; that all of them hold at once is less likely.`,
  /** Says in which language text from elsewhere is; none where it is the page's own. */
  foreign: null as string | null,
};

export const page = {
  title: (dataset: string, until: string | null): string =>
    `Outlook for ${dataset}${until ? ` to ${until}` : ''}`,
  preview: (dataset: string, until: string | null): string =>
    `To be approved: forecast of ${dataset}${until ? ` to ${until}` : ''}`,
  lead: (dataset: string, first: string, last: string, horizon: number, periods: string): string =>
    `Data set: ${dataset}. Observed ${first} to ${last}; ${horizon} ${periods} ahead.`,
  summary: 'Summary',
  charts: 'Charts',
  nothing: 'There is nothing to draw.',
  noDrawing: 'No drawing of this could be read, so its figures stand in the table alone.',
  figures: (rows: number): string => `Figures of this chart (${rows} ${rows === 1 ? 'row' : 'rows'})`,
  tableOf: (title: string): string => `Figures: ${title}`,
  footer:
    'This report was written by a program from the data named above. All figures, also those of the pictures, stand in the tables, and in full precision in the CSV and JSON files that belong to it.',
};
