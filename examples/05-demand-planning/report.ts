import { demandClasses } from '../../agents/forecasting/classify-demand.ts';
import type { LedgerNotes, Outlook, Report } from './agents.ts';

type Class = Report['classes'][number];

/** How the forecasts did on the weeks held out, beside naive; and what was left out of the ledger, and why. */
export function writeReport({
  outlook,
  ledgerNotes,
}: {
  outlook: { [code: string]: Outlook };
  ledgerNotes: LedgerNotes;
}): Report {
  const all = Object.values(outlook);
  const classes = [
    addUp('all', all),
    ...demandClasses.map((name) =>
      addUp(
        name,
        all.filter((one) => one.class === name),
      ),
    ),
  ].filter(({ products }) => products > 0);
  return { classes, text: writeText(classes, all, ledgerNotes) };
}

function addUp(name: Class['class'], outlooks: Outlook[]): Class {
  const figures = outlooks.flatMap(({ test }) =>
    test.actual.flatMap((actual, week) =>
      actual === null
        ? []
        : [
            {
              actual,
              gap: test.forecast[week]! - actual,
              naiveGap: test.naive[week]! - actual,
              recentGap: test.recent - actual,
              within: actual >= test.lower80[week]! && actual <= test.upper80[week]!,
            },
          ],
    ),
  );
  const sum = (of: (figure: (typeof figures)[number]) => number): number =>
    figures.reduce((total, figure) => total + of(figure), 0);
  const pieces = sum(({ actual }) => actual);
  const share = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);
  return {
    class: name,
    products: outlooks.length,
    pieces,
    error: share(
      sum(({ gap }) => Math.abs(gap)),
      pieces,
    ),
    naiveError: share(
      sum(({ naiveGap }) => Math.abs(naiveGap)),
      pieces,
    ),
    recentError: share(
      sum(({ recentGap }) => Math.abs(recentGap)),
      pieces,
    ),
    bias: share(
      sum(({ gap }) => gap),
      pieces,
    ),
    within80: share(
      sum(({ within }) => (within ? 1 : 0)),
      figures.length,
    ),
    worseThanNaive: outlooks.filter(({ error, naiveError }) => error > naiveError).length,
  };
}

function writeText(classes: Class[], outlooks: Outlook[], notes: LedgerNotes): string {
  const { weeks = [] } = outlooks[0]?.test ?? {};
  return [
    '# Demand, and how far to trust its forecast',
    '',
    `${notes.chosen} of ${notes.products} products, ${percent(notes.share)} of all pieces sold in ` +
      `${notes.weeks.length} whole weeks, ${notes.weeks[0]} to ${notes.weeks.at(-1)}: those that sold best before the ` +
      'weeks held out.',
    '',
    `## Held out: ${weeks[0]} to ${weeks.at(-1)}`,
    '',
    'Forecast from what was known before, and compared with what was sold. Errors are sums of absolute errors by ' +
      'product and week, as shares of the pieces sold; naive repeats the last week known (a year ago, where two years ' +
      'are known), and beside it stands the mean of as many weeks before. The last column counts the ' +
      'products whose own error is larger than naive.',
    '',
    '| Demand | Products | Pieces | Error | Naive | Mean before | Forecast less sold | Within 80 % | Worse than naive |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...classes.map(
      (one) =>
        `| ${one.class} | ${one.products} | ${one.pieces} | ${percent(one.error)} | ${percent(one.naiveError)} | ` +
        `${percent(one.recentError)} | ${percent(one.bias)} | ${percent(one.within80)} | ${one.worseThanNaive} |`,
    ),
    '',
    'Where less than two years are known no forecast has a season: it knows of no Christmas. A sale that was taken ' +
      'back counts as never made, also where that was not known yet.',
    '',
    `## The ledger: ${notes.rows} rows, ${notes.counted} counted`,
    '',
    ...notes.findings.map(({ kind, message }) => `- ${kind}: ${message}`),
    '',
  ].join('\n');
}

function percent(share: number | null): string {
  return share === null ? 'none' : `${(100 * share).toFixed(1)} %`;
}
