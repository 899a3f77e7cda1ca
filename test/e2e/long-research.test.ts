import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileConnector } from '../../activities/connectors/file.ts';
import project from '../../baton.config.ts';
import { fetchHistories } from '../../client/fetch-histories.ts';
import { outcomesOf } from '../../client/read-run.ts';
import { sendAct } from '../../client/send-act.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import { longResearch } from '../../examples/07-long-research/process.ts';
import { cutPage } from '../../examples/07-long-research/cut.ts';
import { previewRating } from '../../examples/07-long-research/preview-rating.ts';
import { rateReading, setScores, weighTerms } from '../../examples/07-long-research/rate.ts';
import { readText } from '../../examples/07-long-research/read.ts';
import { startTestProject } from '../../testing/start-test-project.ts';
import type { TestProject } from '../../testing/start-test-project.ts';
import { temporalAddress } from '../temporal-server.ts';
import { makeCorpus, questions } from './make-corpus.ts';
import { decideAt, openedAnew } from './trace/wait.ts';
import type { Opened } from './trace/wait.ts';
import { studyAlone } from './study-alone.ts';

const address = await temporalAddress();
let folder = '';
let baton: TestProject;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'baton-research-'));
  await makeCorpus(path.join(folder, 'pages'), 60);
  baton = await startTestProject(
    { ...project, data: { folders: [folder] } },
    {
      address,
      connectors: { files: fileConnector({ root: path.join(folder, 'out') }) },
      workflowsPath: fileURLToPath(new URL('continue/short-workflow.ts', import.meta.url)),
    },
  );
});
afterAll(async () => {
  await baton.stop();
  await rm(folder, { recursive: true, force: true });
});

const editor = { id: 'an-editor', roles: ['editor'] };
const input = { corpus: ['pages'], sections: 100, questions };

const outcomes = async (run: string): Promise<Outcome[]> =>
  outcomesOf(await baton.store.ledger.read(run)).map(({ outcome }) => outcome);
const execution = async (run: string): Promise<string> =>
  (await baton.client.temporal.workflow.getHandle(run).describe()).runId;
const brake = async (run: string, pause: boolean) =>
  sendAct(
    baton.client.temporal,
    baton.store,
    baton.door,
    { kind: 'brake', run, epoch: 1, set: { pause } },
    editor,
  );

/** Tasks under way, by what the run itself says. */
async function running(run: string): Promise<string[]> {
  const { state } = await baton.client.state(run);
  return Object.keys(state.tasks).filter((task) => state.tasks[task]!.running);
}

/** Of the sections under review, those that are open once there are as many. */
async function reviews(run: string, count: number): Promise<Map<string, Opened>> {
  for (;;) {
    const { open } = await baton.client.state(run);
    const found = open.filter(({ checkpoint }) => checkpoint.name === 'lookAtRating');
    if (found.length >= count)
      return new Map(found.map((one) => [one.checkpoint.cell!.replace('rating/', ''), one]));
    await sleep(10);
  }
}

describe('long-research', () => {
  it('goes on in many executions with reviews open, stands still while it is paused, and comes to what it would have in one', async () => {
    const { run } = await baton.client.start(longResearch, input, { by: 'a-starter' });
    await reviews(run, 1);
    await brake(run, true);
    while ((await running(run)).length > 0) await sleep(10);
    const { state: paused } = await baton.client.state(run);
    const before = await execution(run);
    // Commands that change nothing, until it has gone on elsewhere: it is still paused, and still asks.
    while ((await execution(run)) === before) await baton.client.trust(run, { add: [randomUUID()] }, editor);
    const { state: still } = await baton.client.state(run);
    expect(still.brakes.pause).toBe(true);
    expect(still.tasks).toEqual(paused.tasks);
    const rated = Object.keys(paused.results).filter((task) => task.startsWith('rating/')).length;
    // How many were rated before the brake held is a matter of time; what counts is that it stays at that.
    expect(rated).toBeGreaterThan(0);
    expect((await reviews(run, 1)).size).toBeLessThanOrEqual(3);
    await brake(run, false);

    const open = await reviews(run, 3);
    while ((await running(run)).length > 0) await sleep(10);
    const [kept, left, edited] = [...open.keys()].toSorted();
    await decideAt(baton, run, open.get(left!)!, { verb: 'reject', reason: 'It only lists them.' });
    await decideAt(baton, run, open.get(edited!)!, { verb: 'edit', delta: { scores: { light: 0.5 } } });
    let draft: Opened | undefined;
    while (!draft?.checkpoint.shown.draft?.result) {
      await sleep(10);
      draft = (await reviews(run, 1)).get(edited!);
    }
    await decideAt(baton, run, draft, { verb: 'approve' });
    const { result, outputs } = await baton.finish(run, () => ({ verb: 'approve' }));

    expect(result.status).toBe('finished');
    const report = await studyAlone(folder, input, {
      leftOut: [left!],
      edits: { [edited!]: { light: 0.5 } },
    });
    expect(outputs['report']).toEqual(report);
    // 3 sections with all terms, one of them left out, and 12 with one.
    expect(report.answers['light']).toMatchObject({ mentions: 14, best: [{ section: kept }, {}, {}] });
    expect(report.answers['light']!.best[0]!.quote).toMatch(/^The \d+th lamp burns oil with a wick\.$/);
    expect(report.answers['water']).toMatchObject({ mentions: 0, best: [] });
    expect(report.leftOut).toEqual([left]);
    expect(report.measures).toMatchObject({ sections: 60 });
    const published = path.join(folder, 'out', 'long-research', run, 'publishReport', 'report.md');
    expect(await readFile(published, 'utf8')).toBe(report.text);

    const done = (await outcomes(run)).flatMap((outcome) =>
      outcome.type === 'result' ? [outcome.task] : [],
    );
    expect(done).toHaveLength(123);
    expect(new Set(done).size).toBe(123);
    expect(await baton.store.ledger.verify(run, result.head ?? undefined)).toEqual([]);
    expect((await fetchHistories(baton.client.temporal, run)).length).toBeGreaterThan(10);
  });

  it('reads as many sections as it is asked to, the same ones each time, and asks for a folder that has any', async () => {
    const few = { ...input, sections: 7, questions: { water: questions.water } };
    const [first, second] = await Promise.all([
      baton.run(longResearch, few, { script: { releaseReport: [{ verb: 'approve' }] } }),
      baton.run(longResearch, few, { script: { releaseReport: [{ verb: 'approve' }] } }),
    ]);
    expect(first.outputs['report']).toEqual(second.outputs['report']);
    expect(first.outputs['report']).toEqual(await studyAlone(folder, few));
    expect(first.outputs['report']).toMatchObject({ measures: { sections: 7 } });

    const { run } = await baton.client.start(longResearch, { ...input, corpus: ['.'] }, { by: 'a-starter' });
    const asked = await openedAnew(baton, run, 'cutting');
    expect(asked.checkpoint.shown.failure?.type).toBe('Data.NotAllowed');
    await decideAt(baton, run, asked, { verb: 'stop', reason: 'There is nothing there.' });
    expect((await baton.client.result(run)).status).toBe('stopped');
  });
});

describe('a page is cut and read', () => {
  const page = [
    '# Lamps',
    '',
    'A **lamp** has a [wick](wick.md), and `oil`;',
    'no lamp has two.',
    '',
    '```sh',
    'oil --now',
    '```',
    '',
    '## Drains',
    '',
    '| Kind | Where |',
    '| --- | --- |',
    '| small | here: lampshade |',
    '',
    '屋頂排水向南，地面排水向北。',
  ].join('\n');

  it('under its headings, without marks and code; a row is a line, and a long text more than one section', () => {
    const cut = [...cutPage('any/lamps.md', page)];
    expect(cut.map(([key]) => key.replace(/-[0-9a-f]{4}:/, ':'))).toEqual(['lamps:lamps', 'lamps:drains']);
    expect(cut.map(([, { heading, text }]) => [heading, text])).toEqual([
      ['Lamps', 'A lamp has a wick, and oil; no lamp has two.'],
      ['Drains', 'Kind | Where\nsmall | here: lampshade\n屋頂排水向南，地面排水向北。'],
    ]);
    const long = `# Long\n\n${Array.from({ length: 3 }, () => 'word '.repeat(40)).join('\n\n')}`;
    const keys = [...cutPage('any/long.md', long).keys()];
    expect(keys.map((key) => key.replace(/-[0-9a-f]{4}:/, ':'))).toEqual([
      'long:long',
      'long:long.2',
      'long:long.3',
    ]);
    // A page of the same name elsewhere has other keys.
    expect(cutPage('other/long.md', long).has(keys[0]!)).toBe(false);
  });

  it('for whole words, for beginnings where a star says so, and in Chinese', () => {
    const text = [...cutPage('any/lamps.md', page).values()].map((one) => one.text).join('\n');
    const found = readText(text, { ...questions, plain: { ask: '', terms: ['lamp', '(oil)', '.*'] } });
    expect(found).toMatchObject({ sentences: 4, longest: 11 });
    expect(found.found).toEqual({
      light: {
        terms: { 'lamp*': 3, wick: 1, oil: 1 },
        quote: 'A lamp has a wick, and oil; no lamp has two.',
      },
      water: { terms: { 排水: 2 }, quote: '屋頂排水向南，地面排水向北。' },
      plain: { terms: { lamp: 2 }, quote: 'A lamp has a wick, and oil; no lamp has two.' },
    });
  });

  it('and rated by terms that few have; a person sets scores, of questions that were asked', () => {
    const texts = ['lamp oil', 'lamp', 'lamp and more', 'nothing of it'].map((text) =>
      readText(text, questions),
    );
    const weights = weighTerms(texts, questions);
    // Of four, three have a lamp, one oil and none a wick.
    expect(weights.terms).toMatchObject({ 'lamp*': 0.357, oil: 1.204, wick: 2.303 });
    const [rated, ...others] = texts.map((text) => rateReading(text, weights, questions));
    expect(rated!.scores['light']!.share).toBeCloseTo(1.561 / 3.864, 3);
    for (const other of others)
      expect(other.scores['light']!.score).toBeLessThan(rated!.scores['light']!.score);
    expect(setScores(rated!, { scores: { light: 0 } }).scores['light']).toMatchObject({
      score: 0,
      edited: true,
    });
    expect(() => setScores(rated!, { scores: { heat: 1 } })).toThrow(
      'There is no question heat: light, water.',
    );
    const section = { page: 'any.md', heading: '<b>', text: '<script>' };
    const preview = previewRating(rated!, section);
    expect(preview).toContain('&lt;script&gt;');
    expect(preview).toContain('40 %');
  });
});
