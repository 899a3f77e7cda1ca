import type {
  ChangeBar,
  ChangeContent,
  ChartContent,
  OutlookContent,
  Panel,
  TextTable,
  TrustContent,
  TrustRow,
} from './chart-content.ts';
import { formatChange, formatFigure, formatPercent, formatPeriod } from './figures.ts';

/** A chart in words with its key figures: what a reader who can't see it needs. */
export function describeChart(content: ChartContent): string {
  switch (content.kind) {
    case 'outlook':
      return describeOutlook(content);
    case 'change':
      return describeChange(content);
    case 'trust':
      return describeTrust(content);
  }
}

// A text alternative is heard from end to end: beyond this many series it names the extremes and points to the table.
const mostTold = 6;

function describeOutlook({ title, panels }: OutlookContent): string {
  const [first] = panels;
  if (!first) return title;
  const kind = panels.length === 1 ? 'Line chart' : `${panels.length} line charts side by side`;
  const span = `observed from ${formatPeriod(first.periods[0]!)} to ${formatPeriod(first.periods.at(-1)!)}`;
  const intro = `${kind}, ${span}, then forecast with 80 % and 95 % intervals.`;
  if (panels.length <= mostTold) return `${intro} ${panels.map(describePanel).join('; ')}.`;
  const ranked = panels
    .map((panel) => ({ panel, share: shareOfChange(panel) }))
    .filter(({ share }) => share !== null)
    .toSorted((a, b) => b.share! - a.share!);
  const [most, least] = [ranked[0], ranked.at(-1)];
  const extremes =
    most && least
      ? ` From the last observation to the end of the forecast most is gained by ${describePanel(most.panel)}; least by ${describePanel(least.panel)}.`
      : '';
  return `${intro} In order: ${panels.map((panel) => panel.label).join(', ')}.${extremes} All figures stand in the table.`;
}

function lastObserved(panel: Panel): number {
  return panel.history.findLastIndex((value) => value !== null);
}

function shareOfChange(panel: Panel): number | null {
  const was = panel.history[lastObserved(panel)]!;
  return was > 0 ? panel.mean.at(-1)! / was - 1 : null;
}

function describePanel(panel: Panel): string {
  const end = panel.forecastPeriods.length - 1;
  const unit = panel.unit ? ` ${panel.unit}` : '';
  const range = `95 % interval ${formatFigure(panel.lower95[end])} to ${formatFigure(panel.upper95[end])}`;
  const last = lastObserved(panel);
  const was = `${formatFigure(panel.history[last])}${unit} in ${formatPeriod(panel.periods[last]!)}`;
  return `${panel.label}: ${was}, forecast ${formatFigure(panel.mean[end])} in ${formatPeriod(panel.forecastPeriods[end]!)} (${range})`;
}

function describeChange({ bars, measure, unit }: ChangeContent): string {
  const intro = `Bar chart of ${bars.length} changes of the mean${unit ? ` in ${unit}` : measure === 'percent' ? ' in percent' : ''}, largest rise first.`;
  const tell = (bar: ChangeBar): string => {
    const share = formatPercent(bar.percent);
    const amount = measure === 'absolute' ? `${formatChange(bar.change)} (${share})` : share;
    return `${bar.label} ${amount}${bar.clear ? '' : ', not clearly different'}`;
  };
  return `${intro} ${tellEnds(bars, tell)}`;
}

function describeTrust({ rows }: TrustContent): string {
  const better = rows.filter((row) => row.mase < row.naiveMase).length;
  const intro = `Dot chart of backtest errors (MASE, lower is better), the method used against seasonal naive: better for ${better} of ${rows.length}; smallest error first.`;
  const tell = (row: TrustRow): string =>
    `${row.label} ${row.mase.toFixed(2)} against ${row.naiveMase.toFixed(2)}, trust ${row.trust}`;
  return `${intro} ${tellEnds(rows, tell)}`;
}

function tellEnds<Item>(items: Item[], tell: (item: Item) => string): string {
  if (items.length <= mostTold) return `${items.map(tell).join('; ')}.`;
  const [head, tail] = [items.slice(0, 3), items.slice(-3)];
  return `First: ${head.map(tell).join('; ')}. Last: ${tail.map(tell).join('; ')}. All figures stand in the table.`;
}

/** The same figures as a chart's, as a table. */
export function tableOf(content: ChartContent): TextTable {
  switch (content.kind) {
    case 'outlook':
      return tableOutlook(content);
    case 'change':
      return {
        columns: [
          'Series',
          'Observed (mean)',
          'Forecast (mean)',
          'Change',
          'Change in %',
          'Clearly different',
        ],
        rows: content.bars.map((bar) => [
          bar.label,
          bar.before,
          bar.after,
          bar.change,
          bar.percent,
          bar.clear ? 'yes' : 'no',
        ]),
      };
    case 'trust':
      return {
        columns: [
          'Series',
          'Method',
          'MASE',
          'MASE of seasonal naive',
          'Coverage of 95 % interval',
          'Backtests',
          'Trust',
        ],
        rows: content.rows.map((row) => [
          row.label,
          row.method,
          row.mase,
          row.naiveMase,
          row.coverage95,
          row.origins,
          row.trust,
        ]),
      };
  }
}

/** Periods down, series across; a single series with its intervals, several with their 95 % interval in the CSV only. */
function tableOutlook({ panels }: OutlookContent): TextTable {
  const [first] = panels;
  if (!first) return { columns: [], rows: [] };
  const observed = first.periods.map((period, at): (string | number | null)[] => [
    period,
    'observed',
    ...panels.flatMap((panel) => [
      panel.history[at] ?? null,
      ...(panels.length === 1 ? [null, null, null, null] : []),
    ]),
  ]);
  const ahead = first.forecastPeriods.map((period, at): (string | number | null)[] => [
    period,
    'forecast',
    ...panels.flatMap((panel) => [
      panel.mean[at]!,
      ...(panels.length === 1
        ? [panel.lower80, panel.upper80, panel.lower95, panel.upper95].map((line) => line[at]!)
        : []),
    ]),
  ]);
  const bounds = ['80 % from', '80 % to', '95 % from', '95 % to'];
  return {
    columns: [
      'Period',
      'Kind',
      ...panels.map((panel) => panel.label),
      ...(panels.length === 1 ? bounds : []),
    ],
    rows: [...observed, ...ahead],
  };
}
