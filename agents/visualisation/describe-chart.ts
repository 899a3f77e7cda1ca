import type { ChangeContent, ChartContent, OutlookContent, Panel } from './chart-content.ts';
import type { Wording } from './wording/wording.ts';

/** A chart in words with its key figures: its finding, then what a reader who can't see it needs. */
export function describeChart(content: ChartContent, wording: Wording): string {
  const { phrases } = wording;
  return phrases.sentences([`${content.title}${phrases.stop}`, tellFigures(content, wording)]);
}

// A text alternative is heard from end to end: beyond this many series it names the extremes and points to the table.
const mostTold = 6;

function tellFigures(content: ChartContent, wording: Wording): string {
  const { format, told, phrases } = wording;
  switch (content.kind) {
    case 'outlook':
      return tellOutlook(content, wording);
    case 'odds': {
      const { end, range80, range95 } = content;
      const [low, high, lowest, highest] = [...range80, ...range95].map((bound) =>
        format.amount(bound, end.unit),
      ) as [string, string, string, string];
      return phrases.sentences([
        told.odds(end.label, format.period(end.period)),
        told.oddsRange(low, high, lowest, highest),
      ]);
    }
    case 'shares':
      return join(
        told.shares(content.rows.length, content.whole),
        content.rows,
        (row) => told.share(row.label, format.figure(row.before, 1), format.figure(row.after, 1)),
        wording,
      );
    case 'sizes':
      return join(
        told.sizes(content.rows.length, format.period(content.period)),
        content.rows,
        (row) =>
          told.size(
            row.label,
            format.amount(row.mean, content.unit),
            row.range95 && [format.figure(row.range95[0]), format.figure(row.range95[1])],
          ),
        wording,
      );
    case 'change':
      return tellChanges(content, wording);
    case 'spread':
      return phrases.sentences([
        told.spread(content.values.length),
        `${phrases.clauses(
          content.bins
            .filter(({ count }) => count > 0)
            .map(({ from, to, count }) => told.bin(format.percent(from), format.percent(to), count)),
        )}${phrases.stop}`,
      ]);
    case 'relation':
      return join(
        told.relation(
          content.points.length,
          content.correlation === null ? null : format.figure(content.correlation, 2),
        ),
        content.points,
        (point) =>
          told.point(point.label, format.amount(point.size, content.unit), format.percent(point.percent)),
        wording,
      );
    case 'trust':
      return join(
        told.trust(content.rows.filter((row) => row.mase < row.naiveMase).length, content.rows.length),
        content.rows,
        (row) =>
          told.trusted(row.label, row.mase.toFixed(2), row.naiveMase.toFixed(2), phrases.trust[row.trust]),
        wording,
      );
  }
}

function tellOutlook({ panels }: OutlookContent, wording: Wording): string {
  const { format, told, phrases } = wording;
  const [first] = panels;
  if (!first) return '';
  const span = [first.periods[0]!, first.periods.at(-1)!].map((period) => format.period(period));
  const bounds = panels.some(({ lower95 }) => lower95.length > 0)
    ? told.withIntervals
    : told.withoutIntervals;
  const naive = panels.some((panel) => panel.naive.length > 0) ? told.withNaive : '';
  const intro = `${told.lines(panels.length, span[0]!, span[1]!)}${bounds}${naive}${phrases.stop}`;
  const tell = (panel: Panel): string => tellPanel(panel, wording);
  if (panels.length <= mostTold)
    return phrases.sentences([intro, `${phrases.clauses(panels.map(tell))}${phrases.stop}`]);
  const ranked = panels
    .map((panel) => ({ panel, share: shareOfChange(panel) }))
    .filter(({ share }) => share !== null)
    .toSorted((a, b) => b.share! - a.share!);
  const [most, least] = [ranked[0], ranked.at(-1)];
  return phrases.sentences([
    intro,
    told.inOrder(panels.map(({ label }) => label)),
    most && least ? told.extremes(tell(most.panel), tell(least.panel)) : '',
    told.allInTable,
  ]);
}

function lastObserved(panel: Panel): number {
  return panel.history.findLastIndex((value) => value !== null);
}

function shareOfChange(panel: Panel): number | null {
  const was = panel.history[lastObserved(panel)]!;
  return was > 0 ? panel.mean.at(-1)! / was - 1 : null;
}

function tellPanel(panel: Panel, { format, told }: Wording): string {
  const last = lastObserved(panel);
  const [low, high] = [panel.lower95.at(-1), panel.upper95.at(-1)];
  return told.panel(
    panel.label,
    format.amount(panel.history[last], panel.unit),
    format.period(panel.periods[last]!),
    format.figure(panel.mean.at(-1)),
    format.period(panel.forecastPeriods.at(-1)!),
    low === undefined || high === undefined ? null : [format.figure(low), format.figure(high)],
  );
}

function tellChanges({ bars, measure, unit }: ChangeContent, wording: Wording): string {
  const { format, told, phrases } = wording;
  return join(
    told.changes(bars.length, unit, measure === 'percent'),
    bars,
    (bar) => {
      const share = format.percent(bar.percent);
      const amount = measure === 'absolute' ? phrases.aside(format.change(bar.change), share) : share;
      return told.change(bar.label, amount, bar.clear);
    },
    wording,
  );
}

/** All items, or the first and the last of many. */
function join<Item>(
  intro: string,
  items: readonly Item[],
  tell: (item: Item) => string,
  { phrases, told }: Wording,
): string {
  const list = (some: readonly Item[]): string => phrases.clauses(some.map(tell));
  if (items.length <= mostTold) return phrases.sentences([intro, `${list(items)}${phrases.stop}`]);
  return phrases.sentences([
    intro,
    told.firstAndLast(list(items.slice(0, 3)), list(items.slice(-3))),
    told.allInTable,
  ]);
}
