import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fileConnector } from '../../activities/connectors/file.ts';
import { packageFolder } from '../../agents/data-gathering/read-dataset.ts';
import type { Report } from '../../agents/visualisation/agent.ts';
import project from '../../baton.config.ts';
import { describeLineage, showWhy } from '../../cli/commands/why.ts';
import { print } from '../../cli/output.ts';
import type { Settings } from '../../cli/settings.ts';
import { findArtifact } from '../../client/find-artifact.ts';
import { readVersion } from '../../client/read-version.ts';
import { traceLineage } from '../../client/trace-lineage.ts';
import type { FindExplain, LineageNode } from '../../client/trace-lineage.ts';
import type { Json } from '../../contracts/json.ts';
import { marketOutlook } from '../../examples/04-market-outlook/process.ts';
import { startTestProject } from '../../testing/start-test-project.ts';
import type { TestProject } from '../../testing/start-test-project.ts';
import { temporalAddress } from '../temporal-server.ts';
import { purchase, purchasing } from './each/parts.ts';

const address = await temporalAddress();

const explainAs =
  ({ agents }: Pick<typeof project, 'agents'>): FindExplain =>
  (name, artifact) =>
    agents.find(({ agent }) => agent.name === name)?.explain?.[artifact] as never;

async function why(
  { store }: TestProject,
  run: string,
  asked: string,
  explain: FindExplain,
): Promise<LineageNode> {
  return traceLineage(store, (await store.runs.get(run))!, asked, explain);
}

/** All that is in the tree, the top first. */
const flatten = (node: LineageNode): LineageNode[] => [node, ...node.from.flatMap(flatten)];

describe('where a figure of a market outlook comes from', () => {
  const file = 'vega-datasets/us-employment.csv';
  const explain = explainAs(project);
  let out = '';
  let baton: TestProject;
  let run = '';
  let table: string[][];

  beforeAll(async () => {
    out = await mkdtemp(path.join(tmpdir(), 'baton-why-'));
    await mkdir(path.join(out, 'data'));
    const connectors = { files: fileConnector({ root: out }) };
    const data = { ...project.data, folders: [path.join(out, 'data')] };
    baton = await startTestProject({ ...project, data }, { address, connectors });
    const set = [{ series: 'mining_and_logging', period: '2016-02', value: 777 }];
    ({ run } = await baton.run(
      marketOutlook,
      { dataset: file, horizon: 3 },
      {
        by: 'a-starter',
        script: {
          approveForecast: [{ verb: 'edit', delta: { set } }, { verb: 'approve' }],
          releaseReport: [{ verb: 'approve' }],
        },
      },
    ));
    const folder = packageFolder('vega-datasets', 'data', import.meta.url);
    const text = await readFile(path.join(folder, 'us-employment.csv'), 'utf8');
    table = text.split('\n').map((line) => line.split(','));
  }, 240_000);
  afterAll(async () => {
    await baton.stop();
    await rm(out, { recursive: true, force: true });
  });

  /** The cell of the file, looked up without the code under test. */
  const inFile = (line: number, column: string): number =>
    Number(table[line - 1]![table[0]!.indexOf(column)]);

  it('is the line and column of the file, which holds that very value, and who gave the file', async () => {
    const node = await why(baton, run, 'series.series[construction].values[7]', explain);
    expect(node).toMatchObject({
      exact: true,
      value: inFile(9, 'construction'),
      by: { agent: 'data-gathering' },
    });
    expect(node.cells).toMatchObject([
      { file, place: 'line', row: 9, column: 'construction', value: inFile(9, 'construction') },
    ]);
    expect(node.from).toMatchObject([{ artifact: 'dataset', by: { kind: 'start', person: 'a-starter' } }]);
    expect(describeLineage(node).slice(1)).toEqual([
      `  ${file}, line 9, column construction: ${inFile(9, 'construction')}`,
      expect.stringMatching(
        /^ {2}dataset = "vega-datasets\/us-employment\.csv" {2}\([0-9a-f]{12}, given at the start by a-starter\)$/,
      ),
    ]);
  });

  it('is followed from a table of the report to the file, for what was observed', async () => {
    const report = (await readVersion(baton.store, await findArtifact(baton.store, run, 'report'))) as Report;
    const outlook = report.charts.find(({ kind }) => kind === 'outlook')!;
    const month = outlook.table.rows.findIndex(([period]) => period === '2015-11');
    const shown = outlook.table.rows[month]![2];
    const node = await why(baton, run, `report.charts[${outlook.id}].table.rows[${month}][2]`, explain);
    expect(node).toMatchObject({ value: shown, exact: true, from: [{ artifact: 'series', value: shown }] });
    const [cell, ...others] = flatten(node).flatMap(({ cells }) => cells);
    expect(others).toEqual([]);
    const line = table.findIndex(([period]) => period === '2015-11-01') + 1;
    expect(cell).toMatchObject({ file, row: line, value: shown });
    expect(inFile(line, cell!.column)).toBe(shown);
  });

  it('is the person who set it, and what the agent had made; what was not set is as it was made', async () => {
    const set = await why(baton, run, 'forecast.series[mining_and_logging].mean[1]', explain);
    expect(set).toMatchObject({ value: 777, changed: true, by: { kind: 'edit', person: 'a-analyst' } });
    expect(set.from).toMatchObject([
      { artifact: 'forecast', exact: true, by: { kind: 'task', task: 'forecasting' } },
    ]);
    expect(set.from[0]!.value).not.toBe(777);
    expect(set.from[0]!.digest).not.toBe(set.digest);
    expect(set.from[0]!.from[0]).toMatchObject({ place: 'series.series[mining_and_logging].values' });
    expect(flatten(set).flatMap(({ cells }) => cells).length).toBeGreaterThan(table.length - 2);
    const kept = await why(baton, run, 'forecast.series[mining_and_logging].naive[0]', explain);
    expect(kept).toMatchObject({ changed: false, from: [{ value: kept.value, exact: true }] });
  });

  it('is no more than what the artifact was made from where its agent says nothing, or is not at hand', async () => {
    for (const node of [
      await why(baton, run, 'report.title', explain),
      await why(baton, run, 'series.series[construction].values[7]', () => undefined),
    ]) {
      expect(node).toMatchObject({ exact: false, cells: [] });
      expect(describeLineage(node)[1]).toContain('does not say what this comes from');
    }
    const whole = await why(baton, run, 'report', explain);
    const kinds = flatten(whole).map(({ artifact, by }) => `${artifact} ${by.kind}`);
    expect(kinds).toEqual(
      expect.arrayContaining([
        'report task',
        'forecast edit',
        'forecast task',
        'series task',
        'horizon start',
      ]),
    );
  });

  it('is said of a place that is there alone: else what is there is named', async () => {
    const refusal = async (asked: string): Promise<unknown> =>
      why(baton, run, asked, explain).then(
        () => null,
        ({ type, message }: { type: string; message: string }) => `${type}: ${message}`,
      );
    expect(await refusal('reprot.total')).toContain('Artifact.NotMade');
    expect(await refusal('report.total')).toBe(
      'Artifact.NoSuchPlace: report has no total; it has charts, csv, html, json, language, summary, title.',
    );
    expect(await refusal('series.series[999]')).toMatch(
      /series\.series has no 999; it is a list of \d+, from 0: /,
    );
    expect(await refusal('series.frequency.every')).toContain('it is a single value');
    expect(await refusal('series.constructor')).toContain('series has no constructor');
    expect(await refusal('series..x')).toContain("can't be read from ..x on");
  });

  it('takes at most some dozens of lines on the terminal, the rest counted, and is whole in JSON', async () => {
    const place = 'forecast.series[construction].mean[0]';
    const said = async (json: boolean): Promise<string> => {
      let text = '';
      const write = vi
        .spyOn(process.stdout, 'write')
        .mockImplementation((part) => Boolean((text += String(part))));
      const config = path.resolve(import.meta.dirname, '../../baton.config.ts');
      try {
        const settings = { config, json } as Settings;
        await showWhy(settings, baton.store, (await baton.store.runs.get(run))!, place);
      } finally {
        write.mockRestore();
      }
      return text;
    };
    const lines = (await said(false)).trimEnd().split('\n');
    expect(lines.length).toBeLessThan(52);
    const last = table.filter(([month]) => month).length;
    const ends = [2, last].map((line) => inFile(line, 'construction')).join(' … ');
    expect(lines[3]).toBe(`      ${file}, lines 2 to ${last}, column construction: ${ends}`);
    expect(lines.at(-1)).toMatch(/^and \d+ more lines: --json has them all$/);
    expect(JSON.parse(await said(true))).toEqual(
      JSON.parse(JSON.stringify(await why(baton, run, place, explain))),
    );
  });

  it('is text, whatever the file holds: it can not steer the terminal nor write a line of its own', async () => {
    const name = 'jobs\u001b[2J\u202e{0} line 1';
    const rows = Array.from({ length: 40 }, (_, at) => {
      const month = `${2020 + Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`;
      return `${month},${1000 + ((at * 37) % 90)}`;
    });
    await writeFile(path.join(out, 'data', 'made-up.csv'), [`month,${name}`, ...rows].join('\n'));
    const started = await baton.client.start(
      marketOutlook,
      { dataset: 'made-up.csv', horizon: 2 },
      { by: 'a' },
    );
    await baton.opened(started.run, 'approveForecast');
    const node = await why(baton, started.run, 'series.series[0].values[3]', explain);
    expect(node.cells).toMatchObject([{ row: 5, value: 1000 + 111 - 90 }]);
    let text = '';
    const write = vi
      .spyOn(process.stdout, 'write')
      .mockImplementation((part) => Boolean((text += String(part))));
    describeLineage(node).forEach((line) => print(line));
    write.mockRestore();
    expect(text).toContain('made-up.csv, line 5, column jobs');
    expect(text).toContain('{0} line 1: 1021');
    for (const steering of ['\u001b', '\u202e']) expect(text).not.toContain(steering);
    expect(text.trimEnd().split('\n')).toHaveLength(3);
  }, 120_000);
});

it('an element is followed to its own element of what it was made from, and an edit of it to its person', async () => {
  const parts = purchasing();
  await using baton = await startTestProject(parts.project, { address });
  const { run } = await baton.run(
    purchase,
    { list: 'M8: 100 x 0.5, M14: 2 x 60' },
    {
      by: 'a-starter',
      script: ({ cell, shown, offers }) =>
        cell === 'quote/M14' && !shown.draft
          ? { verb: 'edit', delta: { price: 101 } }
          : { verb: offers[0] ?? 'approve' },
    },
  );
  const seen: Json[] = [];
  const explain: FindExplain = (agent) =>
    ({
      pricing: (value: Json, at: readonly (string | number)[], needs: { [need: string]: Json }) => {
        seen.push(value, needs['parts']!);
        return at[0] === 'price' ? ['pieces', 'each'].map((one) => ({ need: 'parts', path: [one] })) : [];
      },
      reader: (value: Json, at: readonly (string | number)[]) => {
        seen.push(value);
        return [{ remark: `of ${at.join(' ')}` }, { need: 'list', path: [] }];
      },
      summing: () => [{ need: 'quote', path: ['M14', 'price'] }],
    })[agent];
  const node = await why(baton, run, 'quote/M8.price', explain);
  expect(node).toMatchObject({
    value: 50,
    by: { kind: 'task', task: 'pricing/M8' },
    from: [
      { place: 'parts/M8.pieces', value: 100, by: { task: 'reader' }, remarks: ['of M8 pieces'] },
      { place: 'parts/M8.each', value: 0.5, by: { task: 'reader' }, remarks: ['of M8 each'] },
    ],
  });
  expect(node.from[1]!.from).toMatchObject([{ artifact: 'list', by: { kind: 'start' }, repeated: true }]);
  expect(seen[0]).toEqual({ price: 50, of: 'M8' });
  expect(seen[2]).toMatchObject({ M8: { pieces: 100 }, M14: { pieces: 2 } });
  expect(await why(baton, run, 'total.price', explain)).toMatchObject({
    from: [
      {
        place: 'quote/M14.price',
        value: 101,
        changed: true,
        by: { kind: 'edit', person: 'a-buyer' },
        from: [{ place: 'quote/M14.price', value: 120, by: { task: 'pricing/M14' } }],
      },
    ],
  });
  expect(await why(baton, run, 'total', explain)).toMatchObject({
    from: [
      {
        artifact: 'quote',
        by: { kind: 'elements' },
        from: [{ artifact: 'quote/M14' }, { artifact: 'quote/M8' }],
      },
    ],
  });
  const broken: FindExplain = () => () => [{ need: 'parts', path: ['weight'] }];
  expect(await why(baton, run, 'quote/M8.price', broken)).toMatchObject({
    exact: false,
    problem: 'parts.weight is not there',
    from: [{ place: 'parts/M8', by: { task: 'reader' } }],
  });
}, 120_000);
