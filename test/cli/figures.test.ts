import { describe, expect, it, vi } from 'vitest';
import { costInTime } from '../../cli/cost-in-time.ts';
import { findRemade } from '../../cli/remade.ts';
import { describeCheckpoint } from '../../cli/describe-checkpoint.ts';
import { asText, paint, print } from '../../cli/output.ts';
import { summariseArtifact } from '../../cli/summarise-artifact.ts';
import type { RecordedOutcome } from '../../client/read-run.ts';
import type { Checkpoint } from '../../contracts/checkpoint.ts';
import type { Outcome } from '../../contracts/outcome.ts';

const by = { person: 'li', roles: ['analyst'], door: 'd' };
const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();

/** Outcomes as recorded at these seconds. */
function record(...outcomes: [seconds: number, outcome: Outcome][]): RecordedOutcome[] {
  return outcomes.map(([seconds, outcome], index) => ({
    index,
    epoch: 1,
    seq: index,
    at: at(seconds),
    outcome,
  }));
}

const started = (task: string): Outcome => ({ type: 'started', task, attempt: 1, key: 'k' });
const made = (task: string, artifact: string, digest: string): Outcome => ({
  type: 'result',
  task,
  attempt: 1,
  epoch: 1,
  end: { kind: 'done', artifacts: { [artifact]: { digest, facts: {} } } },
});
const decision = (seconds: number, verb: 'approve' | 'changes'): Outcome => ({
  type: 'decision',
  at: at(seconds),
  id: `decision-${seconds}`,
  checkpoint: 'review:approve:forecast',
  kind: 'review',
  basis: 'b',
  round: 0,
  digest: 'd',
  verb,
  by,
  ...(verb === 'changes' && { changes: { task: 'forecasting', fields: { exclude: ['mining'] } } }),
});

describe('where the time of a run went', () => {
  it('tells tasks, effects, waiting for people and the rest apart, and they add up', () => {
    const cost = costInTime(
      record(
        [0, started('gather')],
        [2, made('gather', 'series', 's1')],
        [3, started('forecast')],
        [7, made('forecast', 'forecast', 'f1')],
        [17.5, decision(17, 'approve')],
        [18, { type: 'reserved', slot: 'publish', n: 0, verb: 'do', digest: 'x' }],
        [19, { type: 'effectEnded', slot: 'publish', n: 0, verb: 'do', tries: 0, end: { kind: 'success' } }],
        [19, { type: 'close', to: 'finished' }],
      ),
    );
    expect(cost).toEqual({
      tasks: [
        { task: 'gather', attempts: 1, milliseconds: 2000 },
        { task: 'forecast', attempts: 1, milliseconds: 4000 },
      ],
      effects: [{ slot: 'publish', milliseconds: 1000 }],
      people: { decisions: 1, milliseconds: 10_000 },
      between: 2000,
      total: 19_000,
    });
  });

  it('counts all that nothing ran until a person did something as time of people, whatever they did', () => {
    const failed: Outcome = {
      type: 'result',
      task: 'gather',
      attempt: 1,
      epoch: 1,
      end: { kind: 'failed', failure: { type: 'Data.NotFound', message: 'There is none.' } },
    };
    const version = { digest: 'd', facts: {} };
    const cost = costInTime(
      record(
        [0, started('gather')],
        [1, failed],
        [47, { type: 'amend', id: 'a', field: 'dataset', replaces: 'd', version, by, at: at(46.5) }],
        [47, started('gather')],
        [48, made('gather', 'series', 's1')],
        [60, { type: 'cancel', id: 'c', undo: false, by, at: at(58) }],
        [60, { type: 'close', to: 'cancelled' }],
      ),
    );
    expect(cost).toMatchObject({
      people: { decisions: 0, milliseconds: 55_500 },
      between: 2500,
      total: 60_000,
    });
  });

  it('does not count what people take while tasks run, nor the time between a close and a re-run', () => {
    const cost = costInTime(
      record(
        [0, started('a')],
        [1, started('b')],
        [2, made('a', 'x', 'x1')],
        [4, decision(4, 'approve')],
        [5, made('b', 'y', 'y1')],
        [5, { type: 'close', to: 'finished' }],
        [1000, { type: 'invalidate', id: 'i', task: 'a', by, at: at(1000) }],
        [1000, started('a')],
        [1003, made('a', 'x', 'x1')],
      ),
    );
    expect(cost.people).toEqual({ decisions: 1, milliseconds: 0 });
    expect(cost.tasks).toEqual([
      { task: 'a', attempts: 2, milliseconds: 5000 },
      { task: 'b', attempts: 1, milliseconds: 4000 },
    ]);
    expect(cost.total).toBe(8000);
  });
});

describe('what came of a request for changes', () => {
  const begin: [number, Outcome][] = [
    [0, made('gather', 'series', 's1')],
    [1, made('forecast', 'forecast', 'f1')],
    [2, decision(2, 'changes')],
  ];

  it('is what was kept, what was made again and what was made first', () => {
    const [round] = findRemade(
      record(
        ...begin,
        [3, started('forecast')],
        [4, made('forecast', 'forecast', 'f2')],
        [5, made('draw', 'report', 'r1')],
      ),
    );
    expect(round).toMatchObject({
      kept: { gather: 'series s1' },
      again: {
        forecast: { forecast: { before: 'f1', now: 'f2' } },
        draw: { report: { before: null, now: 'r1' } },
      },
    });
  });

  it('is not that a task was kept which is still being asked', () => {
    const [round] = findRemade(record(...begin, [3, started('forecast')]));
    expect(round).toMatchObject({ kept: { gather: 'series s1' }, again: {} });
    expect(round!.kept).not.toHaveProperty('forecast');
  });
});

describe('an artifact on the terminal', () => {
  const reason = 'Tested on its own past, this method was the best of five.';
  const trusted = {
    horizon: 2,
    html: 'x'.repeat(1000),
    periods: ['2016-01', '2016-02', '2016-03', '2016-04', '2016-05', '2016-06', '2016-07'],
    series: ['a', 'b'].map((id, index) => ({
      backtest: { coverage95: null, mase: 0.5 + index / 4, naiveMase: 1 },
      edited: false,
      id,
      lower80: [1, 2 - index / 2],
      mean: [2, 3 + index + 0.54321],
      reason: `${reason}${' '.repeat(index)}`,
      trust: 'good',
    })),
  };

  it('is a table: names first, figures of parts beside, what all rows share in the heading, long texts last', () => {
    const [plain, , heading, columns, , last] = summariseArtifact(trusted);
    expect(plain).toBe('horizon 2, periods 2016-01 … 2016-07 (7)');
    expect(heading).toBe('series (2), all with coverage95 -, naiveMase 1, edited false, trust good');
    expect(columns).toMatch(/^id +mase +mean +lower80 +reason$/);
    expect(last).toMatch(
      /^b +0\.75 +2 … 4\.5432 +1 … 1\.5 +Tested on its own past, this method was the best/,
    );
  });

  it('shows how far to trust each series where that differs, and what has no room by its name', () => {
    const [one, two] = trusted.series;
    const rows = summariseArtifact({ series: [one!, { ...two!, trust: 'poor' }] }, 40);
    expect(rows[2]).toMatch(/^id +mase +trust +mean +lower80$/);
    expect(rows[4]).toMatch(/^b +0\.75 +poor /);
    expect(rows[5]).toBe('not shown: reason');
    expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(40);
  });

  it('names the parts of a total, and cuts no title where there is room', () => {
    const title = 'Outlook for the longest name that any data set here has to December 2016';
    const [plain, , heading, , ...rows] = summariseArtifact({
      title,
      hierarchy: [
        { maxGap: 0, parts: ['private', 'government'], tolerance: 1.5, total: 'nonfarm' },
        { maxGap: 0, parts: ['goods', 'services'], tolerance: 1.5, total: 'nonfarm' },
      ],
    });
    expect(plain).toBe(`title ${title}`);
    expect(heading).toBe('hierarchy (2), all with maxGap 0, tolerance 1.5, total nonfarm');
    expect(rows).toEqual(['private, government', 'goods, services']);
  });

  it('says sentences in full, over several lines', () => {
    expect(summariseArtifact({ summary: ['All goes up, and up, and up.', 'Nothing falls.'] }, 20)).toEqual([
      '',
      'summary',
      '- All goes up, and',
      '  up, and up.',
      '- Nothing falls.',
    ]);
  });
});

it('styles are what the command line gives alone: not what a question says, nor what comes of printing it twice', () => {
  const written: string[] = [];
  const write = vi
    .spyOn(process.stdout, 'write')
    .mockImplementation((text) => written.push(String(text)) > 0);
  vi.stubEnv('FORCE_COLOR', '1');
  vi.stubEnv('NO_COLOR', undefined);
  try {
    const question = 'Pay?\u001b[22m\n\u001b[1mapproved by the chief\u001b[8m';
    const checkpoint = {
      kind: 'question',
      task: 'asker',
      by: { role: 'clerk' },
      accepts: {},
      shown: {
        question: { question, why: 'so\nby clerk' },
        subjects: { bill: subject('9\u001b[2K\nin all 1') },
      },
    } as unknown as Checkpoint;
    const [title, ...lines] = describeCheckpoint(checkpoint);
    print(paint('bold', title!));
    for (const line of lines) print(line);
  } finally {
    write.mockRestore();
    vi.unstubAllEnvs();
  }
  expect(written).toEqual([
    '\u001b[1masker asks: Pay?[22m⏎[1mapproved by the chief[8m\u001b[22m\n',
    'asked of   someone in the role clerk\n',
    'subject    bill abc  total 9[2K⏎in all 1\n',
    'why        so⏎by clerk\n',
  ]);
});

function subject(total: string) {
  return { digest: 'abc', facts: { total } };
}

it('text of models and documents can not steer the terminal', () => {
  expect(asText('a\u001b[2Jb\u001b]0;title\u0007c\rd\u202ee\u009b1mf')).toBe('a[2Jb]0;titlecd<U+202E>e1mf');
  expect(asText('\u001b[8mhidden\u001b[0m 矿业 👩‍🌾')).toBe('[8mhidden[0m 矿业 👩‍🌾');
  expect(asText('paid\nsubject    invoice\r\nx\u2028y\u0085z')).toBe('paid⏎subject    invoice⏎x⏎y⏎z');
  expect(asText('a\u200bb\u2066c\u{e0041}\ufeff\u00ad')).toBe('a<U+200B>b<U+2066>c<U+E0041><U+FEFF><U+00AD>');
});
