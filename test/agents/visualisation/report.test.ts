import { parse } from 'csv-parse/sync';
import { type DefaultTreeAdapterMap, parse as parseHtml } from 'parse5';
import { beforeAll, expect, test } from 'vitest';
import { checkReport } from '../../../agents/visualisation/check-report.ts';
import { summarise } from '../../../agents/visualisation/summarise.ts';
import { contentPolicy } from '../../../agents/visualisation/write-report.ts';
import { writeCsv } from '../../../agents/visualisation/write-tables.ts';
import { gatherEmployment } from './employment.ts';
import { madeUp } from './made-up.ts';
import { type GraphRun, runGraph } from './run-graph.ts';

type Element = DefaultTreeAdapterMap['element'];

interface Page {
  elements: Element[];
  errors: string[];
  text(element: Element): string;
}

function readPage(html: string): Page {
  const errors: string[] = [];
  const document = parseHtml(html, { onParseError: ({ code }) => errors.push(code) });
  const elements: Element[] = [];
  const walk = (node: DefaultTreeAdapterMap['node']): void => {
    if ('tagName' in node) elements.push(node);
    if ('childNodes' in node) node.childNodes.forEach(walk);
  };
  walk(document);
  const text = (node: DefaultTreeAdapterMap['node']): string =>
    'value' in node ? node.value : 'childNodes' in node ? node.childNodes.map(text).join('') : '';
  return { elements, errors, text };
}

const attribute = (element: Element, name: string): string | undefined =>
  element.attrs.find((each) => each.name === name)?.value;

function grandparent({ parentNode }: Element): DefaultTreeAdapterMap['node'] | null {
  return parentNode && 'parentNode' in parentNode ? parentNode.parentNode : null;
}

const material = gatherEmployment();
material.table.findings.push({
  kind: 'outlier',
  severity: 'warning',
  column: 'information',
  row: 69,
  message: 'One figure lies far off.',
  repaired: true,
});
let run: GraphRun;
let page: Page;
beforeAll(async () => {
  run = await runGraph(material);
  page = readPage(run.report.html);
});

test('the page is well-formed and needs nothing from outside', () => {
  expect(page.errors).toEqual([]);
  const names = new Set(page.elements.map(({ tagName }) => tagName));
  for (const active of ['script', 'link', 'iframe', 'img', 'object', 'form', 'a', 'base'])
    expect(names).not.toContain(active);
  const attributes = page.elements.flatMap(({ attrs }) => attrs).filter(({ name }) => name !== 'xmlns');
  for (const { name, value } of attributes) {
    expect(name).not.toMatch(/^on|^(?:src|href|srcset|action)$/);
    expect(value).not.toMatch(/https?:|javascript:/i);
  }
  expect(run.report.html).toContain(contentPolicy);
});

test('the page can be read with a screen reader and a keyboard', () => {
  const [root] = page.elements;
  expect(attribute(root!, 'lang')).toBe('en');
  const headings = page.elements
    .filter(({ tagName }) => /^h[1-6]$/.test(tagName))
    .map(({ tagName }) => Number(tagName[1]));
  expect(headings.filter((level) => level === 1)).toHaveLength(1);
  expect(headings.filter((level, at) => at > 0 && level > headings[at - 1]! + 1)).toEqual([]);
  const valuesOf = (name: string): string[] =>
    page.elements.flatMap((element) => attribute(element, name) ?? []);
  const ids = valuesOf('id');
  expect(new Set(ids).size).toBe(ids.length);
  expect(valuesOf('aria-labelledby').filter((id) => !ids.includes(id))).toEqual([]);
  const pictures = page.elements.filter(({ tagName }) => tagName === 'svg');
  expect(pictures).toHaveLength(2 * run.report.charts.length);
  for (const picture of pictures) {
    expect(attribute(picture, 'role')).toBe('img');
    expect(attribute(picture, 'aria-label')!.length).toBeGreaterThan(40);
  }
  for (const cell of page.elements.filter(({ tagName }) => tagName === 'th'))
    expect(attribute(cell, 'scope')).toMatch(/^(?:row|col)$/);
  const boxes = page.elements.filter((element) => attribute(element, 'class') === 'scroll');
  expect(boxes).toHaveLength(run.report.charts.length + 1);
  for (const box of boxes) {
    expect(attribute(box, 'tabindex')).toBe('0');
    expect(attribute(box, 'aria-label')).toMatch(/\w/);
  }
});

test('the tables of the page hold every figure of the charts, in full precision', () => {
  const tables = page.elements.filter(({ tagName }) => tagName === 'table');
  expect(tables).toHaveLength(run.report.charts.length + 1);
  for (const [index, chart] of run.report.charts.entries()) {
    const rows = page.elements.filter(
      (element) => element.tagName === 'tr' && grandparent(element) === tables[index],
    );
    expect(rows).toHaveLength(chart.table.rows.length + 1);
    const figures = rows.flatMap((row) =>
      page.elements
        .filter((element) => element.tagName === 'data' && grandparent(element) === row)
        .map((element) => Number(attribute(element, 'value'))),
    );
    expect(figures).toEqual(chart.table.rows.flat().filter((cell) => typeof cell === 'number'));
  }
});

test('the page says what was found, what was left out, how each series was forecast, and what it cannot know', () => {
  const text = page.text(page.elements[0]!);
  expect(text).toContain('Warning (column information, row 69): One figure lies far off. Mended.');
  expect(text).toContain('nonfarm_change: derived from nonfarm');
  expect(text).toContain('nonfarm = private + government (in the data within 1, 2 allowed for rounding)');
  expect(text).toContain('Reconciliation of the forecasts: none: drift and season add up by themselves.');
  expect(text).toContain('It continues what the 120 months observed have in common.');
  expect(text).toContain('The months since 2008 weigh as much as those before.');
  expect(text).toContain(material.table.source.digest);
  for (const { label } of material.forecast.series) expect(text).toContain(label);
});

test('the summary states figures of the data', () => {
  const [total] = material.forecast.series;
  const round = (value: number): string => Math.round(value).toLocaleString('en-GB');
  const growth = 100 * (total!.mean.at(-1)! / 143_093 - 1);
  expect(run.report.summary[0]).toBe(
    `nonfarm: ${round(total!.mean.at(-1)!)} thousand jobs expected in Dec 2016, +${growth.toFixed(1)} % on the 143,093 of Dec 2015; 95 % interval ${round(total!.lower95.at(-1)!)} to ${round(total!.upper95.at(-1)!)}.`,
  );
  const better = material.forecast.series.filter(({ backtest }) => backtest.mase < backtest.naiveMase).length;
  expect(run.report.summary.join(' ')).toContain(
    `${better} of 21 forecasts err less than repeating the last year would`,
  );
  expect(run.report.summary).toContain('Figures edited by a person, not as computed: utilities.');
});

test('the summary of falling series does not speak of rises', () => {
  const falling = madeUp({ labels: ['A', 'B'] });
  for (const series of falling.table.series) series.values = series.values.map((value) => value! + 1000);
  expect(summarise(falling).join(' ')).toMatch(
    /The smallest fall of the mean of a year is expected in .*; none rises\./,
  );
});

test('the CSV holds every figure, and no label runs as a formula', () => {
  const rows: { [column: string]: string }[] = parse(run.report.csv, { columns: true });
  expect(rows).toHaveLength(21 * (120 + 12));
  for (const { id, mean, lower95 } of material.forecast.series) {
    const ahead = rows.filter((row) => row['series'] === id && row['kind'] === 'forecast');
    expect(ahead.map((row) => Number(row['value']))).toEqual(mean);
    expect(ahead.map((row) => Number(row['lower95']))).toEqual(lower95);
  }
  const hostile = madeUp({ labels: ['=HYPERLINK("x")', 'a,"b"\nc'] });
  const hostileRows: string[][] = parse(writeCsv(hostile), { from_line: 2 });
  const labels = new Set(hostileRows.map((row) => row[1]));
  expect(labels).toEqual(new Set([`'=HYPERLINK("x")`, 'a,"b"[U+000A]c']));
});

test('the JSON holds what the report was made from', () => {
  expect(JSON.parse(run.report.json)).toEqual({
    format: 'baton-report/1',
    language: 'en',
    title: 'Outlook for us-employment to Dec 2016',
    summary: run.report.summary,
    leftOut: [],
    series: material.table,
    forecast: material.forecast,
  });
});

test('untrusted text appears as text everywhere', async () => {
  const attack = `</title></style><script>alert(1)</script><img src=x onerror="alert(2)">`;
  const hostile = madeUp({ labels: [attack, 'b\u202Etxt.exe', '"><svg onload=alert(3)>'] });
  hostile.table.dataset = attack;
  hostile.table.unit = attack;
  hostile.table.leftOut.push({ column: attack, reason: attack });
  hostile.table.findings.push({
    kind: attack,
    severity: 'note',
    column: attack,
    message: attack,
    repaired: false,
  });
  hostile.table.source.digest = attack;
  hostile.forecast.notes.push(attack);
  hostile.forecast.reconciliation.method = attack;
  for (const series of hostile.forecast.series) Object.assign(series, { method: attack, reason: attack });
  const { report } = await runGraph(hostile, { title: attack });
  const read = readPage(report.html);
  expect(read.errors).toEqual([]);
  const names = new Set(read.elements.map(({ tagName }) => tagName));
  expect(names).not.toContain('script');
  expect(names).not.toContain('img');
  expect(
    read.elements
      .flatMap(({ attrs }) => attrs.map(({ name }) => name))
      .filter((name) => name.startsWith('on')),
  ).toEqual([]);
  expect(read.text(read.elements.find(({ tagName }) => tagName === 'h1')!)).toBe(attack);
  expect(report.html).not.toContain('\u202E');
  expect(report.html).toContain('b[U+202E]txt.exe');
});

test('a page that was tampered with is found out', () => {
  const parts = {
    title: run.report.title,
    summary: run.report.summary,
    charts: run.charts.map(({ plan, content, alt, drawn }) => ({
      id: plan.id,
      why: plan.why,
      content,
      alt,
      drawn,
    })),
    leftOut: run.leftOut,
    unshown: [],
  };
  const { html, csv, json } = run.report;
  const find = (changed: Partial<typeof run.report>): string[] =>
    checkReport(material, parts, { html, csv, json, ...changed });
  expect(find({})).toEqual([]);
  expect(find({ html: html.replace('<data value="135450">', '<data value="135451">') })).toEqual([
    'the table of outlook-total-1 differs from the data',
  ]);
  expect(find({ csv: csv.replace('135450', '135451') })).toEqual(['the CSV differs from the data']);
  expect(find({ json: json.replace('135450', '135451') })).toEqual(['the JSON differs from the data']);
  expect(find({ html: html.replaceAll('>government<', '>town hall<') })).toEqual([
    'the page does not name government',
  ]);
  expect(find({ html: html.replace('<main>', '<main><img src="https://example.org/x.png">') })).toEqual([
    'something is fetched from outside',
  ]);
  expect(find({ html: html.replace('<main>', '<main><script>1</script>') })).toEqual([
    'an active element is in the page',
  ]);
  expect(find({ html: html.replace('<main>', '<main onclick="x">') })).toEqual(['an element has a handler']);
  expect(find({ html: html.replace(contentPolicy, "default-src 'self'") })).toEqual([
    'the content policy is missing',
  ]);
});
