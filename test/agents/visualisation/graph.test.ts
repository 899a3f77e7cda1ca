import { expect, test } from 'vitest';
import { Report, visualisation } from '../../../agents/visualisation/agent.ts';
import { reviseChart } from '../../../agents/visualisation/revise-chart.ts';
import { planCharts } from '../../../agents/visualisation/plan-charts.ts';
import implementation from '../../../agents/visualisation/graph.ts';
import { decodePng } from './decode-png.ts';
import { gatherEmployment } from './employment.ts';
import { madeUp } from './made-up.ts';
import { runGraph } from './run-graph.ts';

const straight = [
  'chooseCharts',
  'drawCharts',
  'checkCharts',
  'rasteriseCharts',
  'writeReport',
  'checkReport',
];
const revised = [...straight.slice(0, 3), 'reviseCharts', 'drawCharts', 'checkCharts', ...straight.slice(3)];

test('charts that can be read at once go straight to the report', async () => {
  const { path, report } = await runGraph(madeUp({ labels: ['North', 'South'] }));
  expect(path).toEqual(straight);
  expect(Report.parse(report)).toEqual(report);
  expect(report.charts.map(({ id }) => id)).toEqual(['outlook-parts', 'sizes', 'change', 'trust']);
  for (const chart of report.charts)
    expect([decodePng(chart.png!).width, decodePng(chart.png2x!).width]).toEqual([960, 1920]);
});

test('fifteen sectors are too many for one chart, so it is split and only its parts are drawn again', async () => {
  const { path, report, computed, leftOut } = await runGraph(gatherEmployment());
  expect(path).toEqual(revised);
  expect(report.charts.map(({ id, title }) => [id, title])).toEqual([
    [
      'outlook-total-1',
      'nonfarm: 145,975 thousand jobs expected in Dec 2016, +2.0 % on Dec 2015 (not clearly different)',
    ],
    ['outlook-subtotals', '5 of 5 are expected to end higher than a year before; none clearly'],
    [
      'outlook-parts-1',
      '14 of 15 are expected to end higher than a year before; 1 clearly different (1 of 2)',
    ],
    [
      'outlook-parts-2',
      '14 of 15 are expected to end higher than a year before; 1 clearly different (2 of 2)',
    ],
    [
      'odds-1',
      'In 16 of 20 equally likely outcomes nonfarm in Dec 2016 is above the 143,093 thousand jobs of Dec 2015',
    ],
    [
      'shares',
      'education and health services is the largest part (15.6 %); most moved: government (−0.2 points)',
    ],
    [
      'change',
      'Largest rise: education and health services (+589.1); largest fall: mining and logging (−77.17)',
    ],
    ['trust', '19 of 21 forecasts err less than repeating the last year; 7 marked as poor'],
  ]);
  expect(leftOut).toEqual([]);
  const drawn = computed
    .filter(({ job }) => job === 'drawChart')
    .map(({ input }) => (input as { id: string }).id);
  expect(drawn.toSorted()).toEqual([
    'change',
    'odds-1',
    'outlook-parts-1',
    'outlook-parts-2',
    'outlook-subtotals',
    'outlook-total-1',
    'shares',
    'trust',
  ]);
  expect(computed.filter(({ job }) => job === 'rasterise')).toHaveLength(8);
});

test('long names reach out of the picture, so they are cut in it and stand in full in the table', async () => {
  const long = (end: string): string =>
    `Establishments whose main activity is ${'manufacturing of '.repeat(6)}${end}`;
  const { path, charts, report } = await runGraph(
    madeUp({ labels: [long('boats'), long('bread'), 'Paper'] }),
  );
  expect(path).toEqual(revised);
  for (const { plan, problems, drawn } of charts) {
    expect({ id: plan.id, width: plan.labelWidth, problems }).toEqual({
      id: plan.id,
      width: 260,
      problems: [],
    });
    expect(drawn).not.toBeNull();
  }
  expect(report.charts.find(({ kind }) => kind === 'trust')!.table.rows.map((row) => row[0])).toContain(
    long('bread'),
  );
});

test('many small parts of one total become one bar, the rest of it', async () => {
  const labels = Array.from({ length: 30 }, (_, index) => `Part ${index + 1}`);
  const material = madeUp({ labels, parts: true });
  const { charts } = await runGraph(material);
  const change = charts.find(({ plan }) => plan.kind === 'change')!.content;
  if (change.kind !== 'change') throw new Error('This content is of changes.');
  expect(change.bars).toHaveLength(20);
  const rest = change.bars.at(-1)!;
  expect(rest.label).toBe('The other 11 together');
  const all = change.bars.reduce((sum, bar) => sum + bar.change, 0);
  const { mean } = material.forecast.series[0]!;
  const last = material.table.series[0]!.values.slice(-12) as number[];
  const average = (figures: number[]): number => figures.reduce((sum, value) => sum + value) / 12;
  expect(all).toBeCloseTo(average(mean) - average(last), 6);
  expect(charts.filter(({ plan }) => plan.kind === 'outlook')).toHaveLength(1 + 3);
  expect(charts.filter(({ plan }) => plan.kind === 'trust')).toHaveLength(2);
});

test('where series do not add up, a chart of many changes is split instead', async () => {
  const labels = Array.from({ length: 21 }, (_, index) => `Town ${index + 1}`);
  const { charts } = await runGraph(madeUp({ labels }));
  expect(charts.filter(({ plan }) => plan.kind === 'change').map(({ plan }) => plan.series.length)).toEqual([
    11, 10,
  ]);
});

test('of hundreds of series the largest are drawn, and the others are named with the place of their figures', async () => {
  const labels = Array.from({ length: 300 }, (_, index) => `Shop ${index + 1}`);
  const { charts, report } = await runGraph(madeUp({ labels, years: 2 }));
  const shown = charts.flatMap(({ plan }) => (plan.kind === 'outlook' ? plan.series : []));
  expect(shown).toHaveLength(48);
  expect([shown[0], shown.at(-1)]).toEqual(['s300', 's253']);
  expect(charts[0]!.content).toMatchObject({
    topic: 'The 48 largest series: outlook to Dec 2022',
    title: '48 of 48 are expected to end higher than a year before; 48 clearly different (1 of 4)',
  });
  expect(report.html).toContain('their figures stand in the CSV and JSON files: Shop 1; Shop 2;');
  expect(report.csv).toContain('s1,Shop 1,');
});

test('with no series forecast there is a report, and it says that there is nothing to draw', async () => {
  const material = madeUp({ labels: ['A'] });
  material.forecast.series = [];
  material.forecast.leftOut = [{ id: 's1', reason: 'too short' }];
  const { path, report } = await runGraph(material);
  expect(path).toEqual(['chooseCharts', 'writeReport', 'checkReport']);
  expect(report.charts).toEqual([]);
  expect(report.summary).toEqual(['No series could be forecast, so there is nothing to draw.']);
  expect(report.html).toContain('There is nothing to draw.');
  expect(report.html).toContain('A: too short');
});

test('a chart without figures is left out with its reason', async () => {
  const material = madeUp({ labels: ['A', 'B'] });
  for (const series of material.table.series)
    series.values = series.values.map((value, at) => (at < 60 ? value : null));
  const { path, charts, leftOut, report } = await runGraph(material);
  expect(path).toContain('reviseCharts');
  expect(charts.map(({ plan }) => plan.kind)).toEqual(['outlook', 'sizes', 'trust']);
  expect(leftOut).toEqual([
    {
      label: 'Change by series: the last year observed and the year forecast',
      reason: 'No picture of this: no figures to draw.',
    },
  ]);
  expect(report.html).toContain('No picture of this: no figures to draw.');
});

test('a drawing that came out broken is never rasterised: its figures stand in a table, and the report says so', async () => {
  const material = madeUp({ labels: ['A'] });
  const breakLine = (job: string, output: string): string =>
    job === 'drawChart' ? output.replace(/ d=\\"M[\d.]+ [\d.]+/, ' d=\\"MNaN 5') : output;
  const { charts, report, leftOut, computed } = await runGraph(material, { charts: ['outlook'] }, breakLine);
  expect(charts.map(({ drawn }) => drawn)).toEqual([null]);
  expect(computed.map(({ job }) => job)).toEqual(['drawChart']);
  expect(report.charts).toEqual([]);
  expect(report.html).toContain('No drawing of this could be read, so its figures stand in the table alone.');
  expect(report.html).toContain('<details open>');
  expect(leftOut[0]!.reason).toBe('No picture of this: its drawing reaches out of the picture.');
});

test('a person can ask for a title and for kinds of charts', async () => {
  const { report } = await runGraph(gatherEmployment(), { title: 'Jobs ahead', charts: ['trust'] });
  expect(report.title).toBe('Jobs ahead');
  expect(report.charts.map(({ kind }) => kind)).toEqual(['trust']);
});

test('revising one chart always comes to an end', () => {
  const material = gatherEmployment();
  const [plan] = planCharts(material).charts.filter(({ id }) => id === 'outlook-parts');
  const problem = { kind: 'overlap' as const, detail: 'always', texts: [] };
  let plans = [plan!];
  let steps = 0;
  while (plans.length > 0) {
    plans = plans.flatMap((each) => reviseChart(each, [problem], material));
    steps += 1;
  }
  expect(steps).toBeLessThanOrEqual(5);
});

test('the same input gives the same report, byte for byte', async () => {
  const [first, second] = [await runGraph(gatherEmployment()), await runGraph(gatherEmployment())];
  expect(second.report).toEqual(first.report);
});

test('the facts of a report count its charts and the bytes of its page', async () => {
  const { report } = await runGraph(madeUp({ labels: ['Café'] }));
  const facts = implementation.facts['report']!(report as never);
  expect(visualisation.facts.report.parse(facts)).toEqual({
    charts: 3,
    bytes: Buffer.byteLength(report.html),
  });
});
