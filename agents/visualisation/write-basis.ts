import type { TextTable } from './chart-content.ts';
import type { FitReason } from './choose-chart.ts';
import { meanOf } from './figures.ts';
import { labelSeries, type Material, nameSpans } from './material.ts';
import { writeList, writeTable } from './page-elements.ts';
import { escapeText } from './visible-text.ts';
import { wordingOf } from './wording/wording.ts';

/** What was left out of the charts, and why. */
export interface Omissions {
  /** What was planned and could not be drawn. */
  leftOut: { label: string; reason: string }[];
  /** Labels of series that no chart shows by themselves. */
  unshown: string[];
}

/** What a chart is about, and why it has the form that it has. */
export interface Reasoned {
  topic: string;
  why: FitReason[];
}

/** The sections that say what a report rests on, and how far that holds. */
export function writeBasis(material: Material, omissions: Omissions, charts: readonly Reasoned[]): string {
  const { basis } = wordingOf(material.language);
  return [
    ...(basis.foreign === null ? [] : [`<p class="muted">${escapeText(basis.foreign)}</p>`]),
    writeSource(material),
    writeFindings(material),
    writeLeftOut(material, omissions),
    writeReasons(material, charts),
    writeMethods(material),
    writeTotals(material),
    writeLimits(material),
  ].join('\n');
}

function writeSection(title: string, body: string): string {
  return `<h3>${escapeText(title)}</h3>\n${body}`;
}

function writeSource({ table, language }: Material): string {
  const { basis, format, phrases } = wordingOf(language);
  const [rows, columns, bytes] = [table.source.rows, table.source.columns, table.source.bytes].map((count) =>
    format.figure(count),
  ) as [string, string, string];
  const source = escapeText(basis.source(table.dataset, rows, columns, bytes));
  return writeSection(
    basis.data,
    `<p>${source}<code>${escapeText(table.source.digest)}</code>${phrases.stop}</p>`,
  );
}

function writeFindings({ table, language }: Material): string {
  const { basis, phrases } = wordingOf(language);
  const items = table.findings.map(
    (finding) =>
      `${basis.finding(finding.severity === 'warning', finding.column, finding.row)}${phrases.colon}${finding.message}${finding.repaired ? ` ${basis.mended}` : ''}`,
  );
  return writeSection(
    basis.findings,
    items.length > 0 ? writeList(items) : `<p>${escapeText(basis.noFindings)}</p>`,
  );
}

function writeLeftOut(material: Material, omissions: Omissions): string {
  const { basis, phrases } = wordingOf(material.language);
  const labels = labelSeries(material);
  const tell = (label: string, reason: string): string => `${label}${phrases.colon}${reason}`;
  const items = [
    ...material.table.leftOut.map(({ column, reason }) => tell(column, reason)),
    ...material.forecast.leftOut.map(({ id, reason }) => tell(labels.get(id) ?? id, reason)),
    ...omissions.leftOut.map(({ label, reason }) => tell(label, reason)),
    ...(omissions.unshown.length > 0 ? [basis.unshown(omissions.unshown)] : []),
  ];
  return writeSection(
    basis.leftOut,
    items.length > 0 ? writeList(items) : `<p>${escapeText(basis.nothingLeftOut)}</p>`,
  );
}

function writeReasons({ language }: Material, charts: readonly Reasoned[]): string {
  const { basis, phrases, reasons } = wordingOf(language);
  const byTopic = new Map(charts.map(({ topic, why }) => [topic, why]));
  if (byTopic.size === 0) return '';
  return writeSection(
    basis.charts,
    writeList(
      [...byTopic].map(([topic, why]) =>
        basis.chosen(topic, phrases.clauses(why.map((reason) => reasons.fits[reason]))),
      ),
    ),
  );
}

function writeMethods(material: Material): string {
  const wording = wordingOf(material.language);
  const { basis, columns, format, phrases } = wording;
  const labels = labelSeries(material);
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  const table: TextTable = {
    columns: [
      columns.series,
      columns.method,
      columns.why,
      columns.mase,
      columns.naiveMase,
      columns.held,
      columns.backtests,
      columns.trust,
      columns.edited,
    ],
    kinds: ['text', 'long', 'long', 'fixed', 'fixed', 'text', 'figure', 'text', 'text'],
    rows: material.forecast.series.map(({ id, method, reason, backtest, trust, edited }) => [
      labels.get(id)!,
      method,
      reason,
      finite(backtest.mase),
      finite(backtest.naiveMase),
      backtest.coverage95 === null ? basis.notMeasured : format.share(backtest.coverage95),
      backtest.origins,
      phrases.trust[trust],
      edited ? basis.byPerson : phrases.no,
    ]),
  };
  return writeSection(
    basis.methods,
    `<p>${escapeText(basis.mase(nameSpans(material).span))}</p>
${writeTable(table, basis.methods, wording)}`,
  );
}

function writeTotals(material: Material): string {
  const { basis, format } = wordingOf(material.language);
  const labels = labelSeries(material);
  const { table, forecast } = material;
  const name = (id: string): string => labels.get(id) ?? id;
  const sums = table.hierarchy.map(({ total, parts, maxGap, tolerance }) =>
    basis.sum(name(total), parts.map(name).join(' + '), format.figure(maxGap), format.figure(tolerance)),
  );
  if (sums.length === 0) return writeSection(basis.totals, `<p>${escapeText(basis.noTotals)}</p>`);
  const { method, maxGap } = forecast.reconciliation;
  return writeSection(
    basis.totals,
    `<p>${escapeText(basis.reconciled(method, format.figure(Math.abs(maxGap) < 1e-9 ? 0 : maxGap)))}</p>
${writeList(sums)}`,
  );
}

function writeLimits(material: Material): string {
  const { table, forecast } = material;
  const { basis, format } = wordingOf(material.language);
  const { one, many } = nameSpans(material);
  const held = meanOf(forecast.series.flatMap(({ backtest }) => backtest.coverage95 ?? []));
  const poor = forecast.series.filter(({ trust }) => trust === 'poor').length;
  return writeSection(
    basis.limits,
    writeList([
      basis.continues(table.periods.length, many()),
      held === null ? basis.heldUnknown : basis.held(format.share(held)),
      ...(poor > 0 ? [basis.poor(poor, forecast.series.length)] : []),
      basis.eachAlone(one),
      ...forecast.notes,
    ]),
  );
}
