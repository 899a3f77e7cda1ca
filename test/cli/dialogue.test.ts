import { z } from 'zod';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { amendLine, decideLine } from '../../cli/decide-line.ts';
import { askDecision } from '../../cli/decide-dialogue.ts';
import { describeCheckpoint } from '../../cli/describe-checkpoint.ts';
import { meant, namesIn } from '../../cli/names-in.ts';
import { scriptedDecision } from '../../cli/scripted-decision.ts';
import { ForecastAdjustments } from '../../agents/forecasting/agent.ts';
import type { JsonSchema } from '../../contracts/json.ts';
import type { Checkpoint } from '../../contracts/checkpoint.ts';

const forecast = {
  hierarchy: [{ parts: ['durable_goods', 'nondurable_goods'], total: 'goods' }],
  periods: ['2016-01', '2016-02', '2016-03'],
  series: [
    { id: 'mining_and_logging', label: 'Mining and logging' },
    { id: 'durable_goods', label: 'Durable goods' },
    { id: 'nondurable_goods', label: 'Nondurable goods' },
  ],
};
const names = namesIn(forecast);

const review: Checkpoint = {
  id: 'review:approveForecast:forecast',
  kind: 'review',
  name: 'approveForecast',
  cell: 'forecast',
  basis: 'b',
  round: 0,
  offers: ['approve', 'edit', 'changes', 'reject'],
  by: { role: 'analyst' },
  fourEyes: false,
  accepts: {
    edit: z.toJSONSchema(ForecastAdjustments) as JsonSchema,
    changes: {
      'data-gathering': { type: 'object', properties: {} },
      forecasting: {
        type: 'object',
        properties: { exclude: { type: 'array', items: { type: 'string' } } },
      },
      visualisation: {
        type: 'object',
        properties: { charts: { type: 'array', items: { type: 'string', enum: ['outlook', 'trust'] } } },
      },
    },
    inputs: { horizon: { type: 'integer', minimum: 1, maximum: 36 } },
  },
  shown: { subjects: {}, policy: { by: { role: 'analyst' }, fourEyes: false } },
};

const question: Checkpoint = {
  ...review,
  id: 'question:forecasting:1',
  kind: 'question',
  name: 'forecasting',
  task: 'forecasting',
  offers: ['answer'],
  accepts: { answer: { type: 'string', enum: ['naive', 'leaveOut', 'proceed'] } },
  shown: {
    ...review.shown,
    question: {
      prompt: {
        kind: 'worseThanNaive',
        question: 'How should they be handled?',
        options: [{ id: 'naive', label: 'Repeat the last season' }],
      },
    },
  },
};

let printed: string[];
beforeEach(() => {
  printed = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.push(String(text));
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

/** Asks as a person answers who types these lines. */
const typing = (lines: string[]) => async (_question: string) => lines.shift() ?? '';

describe('the dialogue', () => {
  it('takes a request for changes in fields, inputs and words, with names as people say them', async () => {
    const lines = ['changes', '2', 'mining', '24', 'Leave out mining, and look two years ahead'];
    expect(await askDecision(typing(lines), review, { names })).toEqual({
      verb: 'changes',
      changes: {
        task: 'forecasting',
        fields: { exclude: ['mining_and_logging'] },
        inputs: { horizon: 24 },
        words: 'Leave out mining, and look two years ahead',
      },
    });
    expect(printed.join('')).toContain('mining is mining_and_logging');
  });

  it('asks again where a name means several things or nothing, or a value does not fit', async () => {
    const lines = ['3', 'fore', 'goods', 'steel', 'durable', '99', 'soon', '', ''];
    expect(await askDecision(typing(lines), review, { names })).toEqual({
      verb: 'changes',
      changes: { task: 'forecasting', fields: { exclude: ['durable_goods'] } },
    });
    expect(printed.join('')).toContain('which of durable_goods, nondurable_goods?');
    expect(printed.join('')).toContain('steel: there is mining_and_logging');
  });

  it('takes an edit row by row, what is needed first, with an example and names as people say them', async () => {
    const asked: string[] = [];
    const lines = [
      'edit',
      'mining',
      '2016-02',
      '700',
      'nondurable',
      '2017-01',
      '2016-03',
      'many',
      '4600',
      '',
      'Strike',
    ];
    const ask = async (question: string): Promise<string> => {
      asked.push(question.trim());
      return lines.shift() ?? '';
    };
    expect(await askDecision(ask, review, { names })).toEqual({
      verb: 'edit',
      delta: {
        set: [
          { series: 'mining_and_logging', period: '2016-02', value: 700 },
          { series: 'nondurable_goods', period: '2016-03', value: 4600 },
        ],
        reason: 'Strike',
      },
    });
    const text = printed.join('');
    expect(text).toContain('such as series mining_and_logging, period 2016-01, value (a number).');
    expect(text).toContain('mining is mining_and_logging');
    expect(text).toContain('2017-01: there is 2016-01, 2016-02, 2016-03.');
    expect(text).toContain('value: has to be a number.');
    expect(asked.slice(1, 4)).toEqual(['series:', 'period (2016-01, 2016-02, 2016-03):', 'value:']);
    expect(asked.at(-1)).toBe('reason:');
  });

  it('takes rows as JSON as well, and asks again where nothing was edited or a row is cut short', async () => {
    const set = '[{"series": "mining", "period": "2016-01", "value": 1}]';
    const lines = ['edit', '', '', 'edit', 'mining', '', '', '', 'edit', '[{"series": "steel"}]', set, ''];
    expect(await askDecision(typing(lines), review, { names })).toEqual({
      verb: 'edit',
      delta: { set: [{ series: 'mining_and_logging', period: '2016-01', value: 1 }] },
    });
    const text = printed.join('');
    expect(text.match(/Nothing was changed: an edit needs set\./g)).toHaveLength(2);
    expect(text).toContain('That one is left out.');
    expect(text).toContain('set: 0: needs period, value.');
  });

  it('asks again where a request for changes asks for nothing, and lists what a field may hold', async () => {
    const asked: string[] = [];
    const lines = [
      'changes',
      'visualisation',
      '',
      '',
      ' ',
      'changes',
      'visualisation',
      'pie',
      'trust',
      '',
      '',
    ];
    const ask = async (question: string): Promise<string> => {
      asked.push(question);
      return (lines.shift() ?? '').trim();
    };
    expect(await askDecision(ask, review, { names })).toEqual({
      verb: 'changes',
      changes: { task: 'visualisation', fields: { charts: ['trust'] } },
    });
    expect(asked).toContain('  charts (of outlook, trust; separated by commas): ');
    expect(printed.join('')).toContain('Nothing was asked of visualisation');
    expect(printed.join('')).toContain('charts: 0: has to be one of outlook, trust.');
  });

  it('takes another value for an input instead, where one may be amended', async () => {
    const failed: Checkpoint = { ...review, kind: 'exception', offers: ['retry', 'stop'] };
    const amendable = { horizon: { type: 'integer', maximum: 36 } } satisfies { [field: string]: JsonSchema };
    expect(await askDecision(typing(['a', '', 'amend', '99', '24']), failed, { amendable })).toEqual({
      amend: { field: 'horizon', value: 24 },
    });
    expect(printed.join('')).toContain('horizon: has to be 36 or less.');
    expect(await askDecision(typing(['a', 'q']), failed)).toBeNull();
  });

  it('takes an answer by number, and leaves a question open where it stays blank', async () => {
    expect(await askDecision(typing(['4', '2']), question)).toEqual({ verb: 'answer', answer: 'leaveOut' });
    expect(await askDecision(typing(['']), question)).toBeNull();
  });

  it('asks anew where an edit is left blank: nothing would be edited', async () => {
    const edit = { type: 'object', properties: { note: { type: 'string' } } };
    const editable = { ...review, accepts: { ...review.accepts, edit } };
    const lines = ['e', '', 'edit', 'better'];
    expect(await askDecision(typing(lines), editable)).toEqual({ verb: 'edit', delta: { note: 'better' } });
  });

  it('takes a verb by number, name or its beginning, and nothing else', async () => {
    expect(await askDecision(typing(['9', 'aprove', '1']), review)).toEqual({ verb: 'approve' });
    expect(await askDecision(typing(['', 'a']), review)).toEqual({ verb: 'approve' });
    expect(await askDecision(typing(['reject', 'too late']), review)).toEqual({
      verb: 'reject',
      reason: 'too late',
    });
    expect(await askDecision(typing(['q']), review)).toBeNull();
  });

  it("shows a question's text and its choices, not its JSON", () => {
    const [title, ...lines] = describeCheckpoint(question);
    expect(title).toBe('forecasting asks: How should they be handled?');
    expect(lines).toContain('options    naive  Repeat the last season');
  });
});

describe('a checkpoint is described', () => {
  it('with the failure and its mend, where something failed', () => {
    const failed: Checkpoint = {
      ...review,
      kind: 'exception',
      task: 'data-gathering',
      shown: { ...review.shown, failure: { type: 'Data.NotFound', message: 'There is no data set a.csv.' } },
    };
    expect(describeCheckpoint(failed)).toEqual([
      "data-gathering can't go on: There is no data set a.csv.",
      'asked of   someone in the role analyst',
      'failure    Data.NotFound',
      "mend       Check the data set's name or path.",
    ]);
  });

  it('with what may be answered, unless the question lists it', () => {
    const listed: Checkpoint = { ...question, accepts: { answer: { enum: ['naive'] } } };
    expect(describeCheckpoint(listed).join()).not.toContain('answers ');
    const plain: Checkpoint = { ...question, shown: { ...question.shown, question: 'Which one?' } };
    expect(describeCheckpoint(plain)).toContain('answers    naive, leaveOut, proceed');
  });

  it('with the files that will be written by their names, and nothing hidden of other arguments', () => {
    const file = (name: string) => ({ artifact: 'report', member: 'html', name });
    const release = (args: object): string[] =>
      describeCheckpoint({
        ...review,
        kind: 'authorise',
        shown: {
          ...review.shown,
          effect: {
            name: 'publish',
            connector: 'files',
            destination: { folder: 'out' },
            arguments: args as never,
            consequences: '',
            n: 0,
          },
        },
      });
    expect(release({ files: [file('report.html'), file('forecast.csv')] })).toContain(
      'with       files report.html, forecast.csv',
    );
    expect(
      release({
        items: [
          { name: 'pen', amount: 3 },
          { name: 'ink', amount: 1 },
        ],
      }),
    ).toContain('with       items name pen, amount 3; name ink, amount 1');
  });

  it('with a command that decides: one word each for a shell, and the first value where one is needed', () => {
    expect(decideLine('run-1', review, '0123456789abcdef')).toBe(
      'decide run-1 review:approveForecast:forecast approve --digest 0123456789ab --as YOU --role analyst',
    );
    expect(amendLine('run-1', review, 'dataset')).toBe('amend run-1 dataset VALUE --as YOU --role analyst');
    const asked = (answer: object): string =>
      decideLine(
        'run-1',
        { ...question, by: { role: "it's me" }, accepts: { answer: answer as never } },
        '0',
      );
    expect(asked({ type: 'string', enum: ['two words'] })).toMatch(
      / answer --digest 0 --as YOU --role 'it'\\''s me' --answer 'two words'$/,
    );
    expect(asked({ type: 'string' })).toMatch(/ --answer 'YOUR ANSWER'$/);
    expect(asked({ type: 'integer', enum: [3, 4] })).toMatch(/ --answer 3$/);
    expect(asked({ type: 'array', items: { type: 'string' } })).toMatch(/ --answer '\[\]'$/);
  });
});

it('a script approves, and answers what is stated, or what the question offers first', () => {
  expect(scriptedDecision(review, {})).toEqual({ verb: 'approve' });
  expect(scriptedDecision(question, {})).toEqual({ verb: 'answer', answer: 'naive' });
  expect(scriptedDecision(question, { forecasting: 'proceed' })).toEqual({
    verb: 'answer',
    answer: 'proceed',
  });
});

it('names are found in every list of what is shown, and meant by id, beginning or part', () => {
  expect(names.map(({ id, list }) => `${list} ${id}`)).toEqual([
    'series mining_and_logging',
    'series durable_goods',
    'series nondurable_goods',
    'periods 2016-01',
    'periods 2016-02',
    'periods 2016-03',
  ]);
  expect(meant('durable_goods', names).map(({ id }) => id)).toEqual(['durable_goods']);
  expect(meant('Mining and', names).map(({ id }) => id)).toEqual(['mining_and_logging']);
  expect(meant('logging', names).map(({ id }) => id)).toEqual(['mining_and_logging']);
  expect(meant('steel', names)).toEqual([]);
});
