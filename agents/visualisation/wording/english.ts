import { createFormat } from '../figures.ts';
import type { End, RelationContent, ShareRow } from '../chart-content.ts';
import type { ScaleKind } from '../choose-chart.ts';

export const format = createFormat({
  locale: 'en-GB',
  unknown: 'not known',
  percentGap: ' ',
  unitGap: ' ',
  quarter: (year, quarter) => `Q${quarter} ${year}`,
  week: (year, week) => `week ${week} of ${year}`,
});

const units = { yearly: 'year', quarterly: 'quarter', monthly: 'month', weekly: 'week', daily: 'day' };

export const phrases = {
  /** Joins what stands side by side. */
  list: (items: readonly string[]): string => items.join(', '),
  clauses: (items: readonly string[]): string => items.join('; '),
  sentences: (items: readonly string[]): string => items.filter(Boolean).join(' '),
  stop: '.',
  colon: ': ',
  /** `text (aside)` */
  aside: (text: string, aside: string): string => `${text} (${aside})`,
  /** A period of data, several of them, and a season of so many. */
  one: (frequency: keyof typeof units): string => units[frequency],
  many: (frequency: keyof typeof units, count?: number): string =>
    count === 1 ? units[frequency] : `${units[frequency]}s`,
  year: 'year',
  week: 'week',
  several: (count: number, frequency: keyof typeof units): string => `${count} ${units[frequency]}s`,
  yes: 'yes',
  no: 'no',
  trust: { good: 'good', fair: 'fair', poor: 'poor' },
};

/** What stands in a picture. */
export const picture = {
  observed: 'observed',
  forecast: 'forecast',
  interval: (level: number): string => `${level} % interval`,
  naive: (span: string): string => `last ${span} repeated`,
  noInterval: 'no interval stated',
  more: 'more',
  less: 'less',
  hollow: 'hollow: not clear (within the 80 % interval)',
  clear: (figures: string): string => `${figures}, clear`,
  unit: (unit: string): string => `Unit: ${unit}`,
  noUnit: 'The data states no unit',
  mixedUnits: 'Units differ and stand beside the names',
  scale: (scale: ScaleKind, one: boolean): string =>
    one
      ? 'the axis need not start at zero.'
      : {
          level: 'all panels share one axis, which need not start at zero.',
          index: 'all panels share one axis: an index, 100 is the mean of the last season observed.',
          own: 'each panel has an axis of its own, which need not start at zero.',
        }[scale],
  order: { size: 'Largest expected figure first.', given: 'In the order of the data.' },
  end: (period: string, figure: string): string => `${period}: ${figure}`,
  range: (level: number, low: string, high: string): string => `(${level} %: ${low} to ${high})`,
  edited: ', edited',
  span: (from: string, to: string): string => `${from} to ${to}`,
  changeNote: (after: string, before: string, unit: string): string =>
    `Mean of ${after} (forecast) less mean of ${before} (observed). ${unit}`,
  inPercent: 'In percent, as the units differ.',
  unitUnknown: 'unit not stated',
  percent: 'percent',
  trustNote:
    'Mean error of the backtest as MASE: 1 is the seasonal naive forecast’s error on the past it was fitted to. Further left is better; the method used should lie left of the naive one.',
  methodUsed: 'method used',
  seasonalNaive: 'seasonal naive',
  against: (mase: string, naive: string, trust: string, narrow: boolean): string =>
    `${mase}${narrow ? ' / ' : ' against '}${naive}: ${trust}`,
  rest: (count: number): string => `The other ${count} together`,
  page: (title: string, page: number, pages: number): string => `${title} (${page} of ${pages})`,
  sizesNote: (period: string): string => `Expected in ${period}; largest first.`,
  logNote: 'Logarithmic axis: each step is ten times the one before.',
  sharesNote: (whole: string, before: string, after: string): string =>
    `Percent of ${whole}: mean of ${after} (forecast, bar) and of ${before} (observed, diamond).`,
  shareOf: (whole: string): string => `percent of ${whole}`,
  oddsNote: (period: string): string =>
    `${period}: 20 outcomes, each as likely as the others (1 in 20), read off the forecast’s intervals.`,
  outcome: 'one in twenty',
  lastLike: (period: string): string => `observed in ${period}`,
  spreadNote: 'Each bar counts series by the change of their mean in percent; bars start at zero.',
  countAxis: 'series',
  changeAxis: 'change in percent',
  median: 'median',
  beyond: { below: 'and below', above: 'and above' },
  relationNote: 'One dot is one series; the outermost are named.',
  sizeAxis: (unit: string | null): string =>
    unit ? `expected mean of the last season (${unit})` : 'expected mean of the last season',
};

/** Titles that say the finding, and what a chart is about. */
export const titles = {
  outlookOf: (label: string, until: string): string => `${label}: outlook to ${until}`,
  furtherTotals: (until: string): string => `Further totals: outlook to ${until}`,
  subtotals: (until: string): string => `Subtotals: outlook to ${until}`,
  parts: (until: string): string => `Parts: outlook to ${until}`,
  series: (until: string): string => `Series: outlook to ${until}`,
  largestParts: (count: number, until: string): string => `The ${count} largest parts: outlook to ${until}`,
  largestSeries: (count: number, until: string): string => `The ${count} largest series: outlook to ${until}`,
  odds: (label: string, until: string): string => `${label}: what ${until} may bring`,
  shares: (whole: string): string => `What ${whole} is made of`,
  sizes: (until: string): string => `How large each will be in ${until}`,
  changeParts: (span: string): string => `Change by part: the last ${span} observed and the ${span} forecast`,
  changeSeries: (span: string): string =>
    `Change by series: the last ${span} observed and the ${span} forecast`,
  spread: 'How the changes are spread',
  relation: 'Size and change',
  trust: 'How far to trust each forecast',
  trustShown: 'How far to trust the forecasts shown',
  /** Findings. */
  end: ({ label, will, unit, period, was, wasPeriod, clear }: End): string => {
    const change =
      was > 0 ? `${format.percent((100 * (will - was)) / was)} on ${format.period(wasPeriod)}` : '';
    return `${label}: ${format.amount(will, unit)} expected in ${format.period(period)}${change ? `, ${change}` : ''}${clear ? '' : ' (not clearly different)'}`;
  },
  ends: (up: number, all: number, clear: number, span: string): string =>
    `${up} of ${all} are expected to end higher than a ${span} before; ${clear === 0 ? 'none clearly' : `${clear} clearly different`}`,
  changes: (top: string, bottom: string, kind: 'both' | 'rise' | 'fall'): string =>
    kind === 'both'
      ? `Largest rise: ${top}; largest fall: ${bottom}`
      : kind === 'rise'
        ? `Largest rise: ${top}; none falls`
        : `Largest fall: ${bottom}; none rises`,
  oneChange: (one: string): string => `Only one can be compared: ${one}`,
  trusted: (better: number, all: number, span: string, poor: number): string =>
    `${better} of ${all} forecasts err less than repeating the last ${span}${poor > 0 ? `; ${poor} marked as poor` : ''}`,
  largest: (label: string, amount: string, period: string): string =>
    `${label} is the largest: ${amount} expected in ${period}`,
  shared: (first: ShareRow, moved: ShareRow): string =>
    `${first.label} is the largest part (${format.figure(first.after, 1)} %); most moved: ${moved.label} (${format.change(moved.after - moved.before, 1)} points)`,
  chances: (more: number, { label, was, unit, wasPeriod, period }: End): string =>
    `In ${more} of 20 equally likely outcomes ${label} in ${format.period(period)} is above the ${format.amount(was, unit)} of ${format.period(wasPeriod)}`,
  spreadOut: (count: number, low: number, high: number): string =>
    `Half of the ${count} series change by ${format.percent(low)} to ${format.percent(high)}`,
  related: (correlation: RelationContent['correlation']): string =>
    correlation === null || Math.abs(correlation) < 0.3
      ? 'Size and expected change show no clear relation'
      : correlation > 0
        ? 'Larger series are expected to grow more'
        : 'Larger series are expected to grow less',
};
