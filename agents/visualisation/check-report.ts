import { parse } from 'csv-parse/sync';
import { tableOf } from './table-chart.ts';
import { findFault, labelSeries, type Material } from './material.ts';
import { escapeText } from './visible-text.ts';
import { wordingOf } from './wording/wording.ts';
import { contentPolicy, type ReportParts } from './write-report.ts';

export interface WrittenReport {
  html: string;
  csv: string;
  json: string;
}

/** What is wrong with a written report, held against the data; empty when nothing is. */
export function checkReport(material: Material, parts: ReportParts, report: WrittenReport): string[] {
  return [
    ...checkSelfContained(report.html),
    ...checkNamed(material, parts, report.html),
    ...checkTables(material, parts, report.html),
    ...checkCsv(material, report.csv),
    ...checkJson(material, report.json),
  ];
}

function checkSelfContained(html: string): string[] {
  const problems: string[] = [];
  if (!html.includes(`http-equiv="Content-Security-Policy" content="${contentPolicy}"`))
    problems.push('the content policy is missing');
  if (/<(?:script|iframe|object|embed|link|base|form|foreignObject)\b/i.test(html))
    problems.push('an active element is in the page');
  if (/<[^>]*\s(?:on\w+|srcdoc|action|formaction)\s*=/i.test(html.replace(/"[^"]*"/g, '""')))
    problems.push('an element has a handler');
  if (
    /<[^>]*\s(?:src|href|xlink:href)="(?!#|data:image\/)/i.test(html) ||
    /@import|url\((?!#|["']?(?:#|data:))/i.test(html)
  )
    problems.push('something is fetched from outside');
  const ids = [...html.matchAll(/ id="([^"]*)"/g)].map((match) => match[1]!);
  if (new Set(ids).size < ids.length) problems.push('two elements have the same id');
  return problems;
}

function checkNamed(material: Material, parts: ReportParts, html: string): string[] {
  const labels = labelSeries(material);
  const wording = wordingOf(material.language);
  const named = new Set(
    parts.charts.flatMap(({ content }) => tableOf(content, wording).rows.map((row) => row[0])),
  );
  for (const { content } of parts.charts)
    if (content.kind === 'outlook') for (const panel of content.panels) named.add(panel.label);
    else if (content.kind === 'odds') named.add(content.end.label);
  for (const label of [...parts.leftOut.map((each) => each.label), ...parts.unshown]) named.add(label);
  return material.forecast.series.flatMap(({ id }) => {
    const label = labels.get(id)!;
    const problems: string[] = [];
    if (!html.includes(`>${escapeText(label)}<`)) problems.push(`the page does not name ${label}`);
    if (!findFault(material, id) && !named.has(label))
      problems.push(`no chart shows ${label}, and it is not said why`);
    return problems;
  });
}

function checkTables({ language }: Material, parts: ReportParts, html: string): string[] {
  const wording = wordingOf(language);
  return parts.charts.flatMap(({ id, content }) => {
    const from = html.indexOf(`aria-labelledby="${id}"`);
    const section = html.slice(from, html.indexOf('</section>', from));
    const shown = [...section.matchAll(/<data value="([^"]*)">/g)].map((match) => Number(match[1]));
    const meant = tableOf(content, wording).rows.flatMap((row) =>
      row.filter((cell) => typeof cell === 'number'),
    );
    const equal = shown.length === meant.length && shown.every((value, at) => value === meant[at]);
    return from >= 0 && equal ? [] : [`the table of ${id} differs from the data`];
  });
}

function checkCsv({ table, forecast }: Material, csv: string): string[] {
  const rows: string[][] = parse(csv, { from_line: 2 });
  const meant = [
    ...table.series.flatMap((series) => series.values),
    ...forecast.series.flatMap((series) => forecast.periods.map((_, at) => series.mean[at] ?? null)),
  ].map((value) => (value === null || !Number.isFinite(value) ? '' : String(value)));
  const equal = rows.length === meant.length && rows.every((row, at) => row[5] === meant[at]);
  return equal ? [] : ['the CSV differs from the data'];
}

function checkJson({ table, forecast }: Material, json: string): string[] {
  const read: unknown = JSON.parse(json);
  const same =
    JSON.stringify({ ...(read as object) }) ===
    JSON.stringify({ ...(read as object), series: table, forecast });
  return same ? [] : ['the JSON differs from the data'];
}
