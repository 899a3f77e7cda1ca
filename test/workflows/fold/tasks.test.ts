import type { JsonSchema } from '../../../contracts/json.ts';
import { describe, expect, test } from 'vitest';
import { fold } from '../../../workflows/fold/fold.ts';
import { taskKey } from '../../../workflows/fold/keys.ts';
import { manifest, version } from './manifests.ts';
import { Run, actor, failed } from './run.ts';

const broken = 'exception:task:cut';
const chain = {
  inputs: ['size'],
  tasks: {
    cut: {
      needs: ['size'],
      produces: ['piece'],
      adjust: { type: 'object', properties: { fine: { type: 'boolean' } } },
    },
    paint: { needs: ['piece'], produces: ['product'] },
  },
  outputs: ['product'],
};

function broke(terse: Parameters<typeof manifest>[0] = chain): Run {
  const run = new Run(manifest(terse));
  return run.end(run.start('cut'), failed);
}

describe('a task that failed for good', () => {
  test('asks the owner how to go on', () => {
    const { shown, offers, by } = broke().asked(broken);
    expect(shown.failure).toEqual({ type: 'Agent.Failed', message: 'It broke.' });
    expect(offers).toEqual(['retry', 'redo', 'supply', 'stop']);
    expect(by).toEqual({ role: 'owner' });
  });

  test('retried, runs again under the same key', () => {
    const run = broke();
    const { key } = run.state.tasks['cut']?.failed ?? {};
    run.decide(broken, 'retry');
    expect(run.toStart('cut')).toMatchObject({ key, attempt: 2 });
  });

  test('failing again after a retry asks anew: the former decision does not count twice', () => {
    const run = broke();
    const first = run.decision(run.asked(broken), 'retry');
    run.apply(first);
    run.end(run.start('cut'), failed);
    expect(fold(run.state, { ...first, id: 'again' })).toBe(run.state);
    expect(run.brief).toEqual({ ask: [broken] });
  });

  test('redone, runs under another key with the fields that were set', () => {
    const run = broke();
    const { key } = run.state.tasks['cut']?.failed ?? {};
    run.decide(broken, 'redo', { changes: { task: 'cut', fields: { fine: true }, words: 'Finer.' } });
    const start = run.toStart('cut');
    expect(start.key).not.toBe(key);
    expect(start.changes).toEqual({ fields: { fine: true }, words: 'Finer.' });
  });

  test('supplied, is done', () => {
    const run = broke().decide(broken, 'supply', { artifacts: { piece: version('by hand') } });
    expect(run.toStart('paint').needs).toEqual({ piece: version('by hand') });
  });

  test('can be left out only where whatever takes its artifacts can do without', () => {
    const paint = { needs: ['piece?'], produces: ['product'] };
    const run = broke({ ...chain, tasks: { ...chain.tasks, paint } });
    expect(run.asked(broken).offers).toContain('without');
    run.decide(broken, 'without');
    expect(run.toStart('paint').needs).toEqual({ piece: null });
  });

  test('stops the run if asked to', () => {
    const run = broke().decide(broken, 'stop');
    expect(run.brief).toEqual({ close: 'stopped' });
  });

  test('is not asked about any more once it has another key, and again when the key comes back', () => {
    const run = broke();
    const before = run.state.inputs['size'];
    run.amend('size', version('large'));
    expect(run.brief).toEqual({ start: ['cut'] });
    if (before) run.amend('size', before);
    expect(run.brief).toEqual({ ask: [broken] });
  });
});

describe("an agent's questions", () => {
  const questions = [
    { id: 'q1', prompt: 'How many?', answer: { type: 'integer' } },
    { id: 'q2', prompt: 'Which?' },
  ];
  const asking = (): Run => {
    const run = new Run(manifest(chain));
    return run.end(run.start('cut'), { kind: 'asks', questions });
  };

  test('are asked one by one, and the agent goes on once all are answered', () => {
    const run = asking();
    expect(run.brief).toEqual({ ask: ['question:cut:q1', 'question:cut:q2'] });
    run.decide('question:cut:q1', 'answer', { answer: 3 });
    expect(run.brief).toEqual({ ask: ['question:cut:q2'] });
    run.decide('question:cut:q2', 'answer', { answer: 'the left one' });
    expect(run.toStart('cut')).toMatchObject({ attempt: 2, answers: { q1: 3, q2: 'the left one' } });
  });

  test('are other questions where other answers are offered', () => {
    const basisOf = (answer: JsonSchema): string => {
      const run = new Run(manifest(chain));
      run.end(run.start('cut'), { kind: 'asks', questions: [{ id: 'q1', prompt: 'Which?', answer }] });
      return run.asked('question:cut:q1').basis;
    };
    const basis = basisOf({ type: 'string', enum: ['pay', 'wait'] });
    expect(basisOf({ type: 'string', enum: ['pay', 'pay twice'] })).not.toBe(basis);
    expect(basisOf({ enum: ['pay', 'wait'], type: 'string' })).toBe(basis);
  });

  test('take answers in their form alone', () => {
    const run = asking();
    const wrong = run.decision(run.asked('question:cut:q1'), 'answer', { answer: 'many' });
    expect(fold(run.state, wrong)).toBe(run.state);
  });

  test('keep their answers under the key when the agent asks on, fails and is tried again', () => {
    const run = asking()
      .decide('question:cut:q1', 'answer', { answer: 3 })
      .decide('question:cut:q2', 'answer', { answer: 'x' });
    run.end(run.start('cut'), { kind: 'asks', questions: [{ id: 'q3', prompt: 'Sure?' }] });
    run.decide('question:cut:q3', 'answer', { answer: true });
    run.end(run.start('cut'), failed).decide(broken, 'retry');
    expect(run.toStart('cut').answers).toEqual({ q1: 3, q2: 'x', q3: true });
  });

  test('asked again under the same id want another answer', () => {
    const run = asking()
      .decide('question:cut:q1', 'answer', { answer: 3 })
      .decide('question:cut:q2', 'answer', { answer: 'x' });
    run.end(run.start('cut'), { kind: 'asks', questions: [{ id: 'q2', prompt: 'Which of these?' }] });
    expect(run.brief).toEqual({ ask: ['question:cut:q2'] });
  });

  test('lapse with the key that they were asked under', () => {
    const run = asking().amend('size', version('large'));
    expect(run.brief).toEqual({ start: ['cut'] });
    expect(run.toStart('cut').answers).toBeUndefined();
  });
});

describe('what a person or the outside makes', () => {
  const terse = {
    inputs: ['size'],
    tasks: {
      sketch: { maker: 'person' as const, by: { role: 'designer' }, needs: ['size'], produces: ['plan'] },
      quote: { maker: 'outside' as const, produces: ['price'] },
      sum: { needs: ['plan', 'price'], produces: ['offer'] },
    },
    outputs: ['offer'],
  };

  test('a person is asked for it, in the role that is named', () => {
    const run = new Run(manifest(terse));
    expect(run.brief).toEqual({ ask: ['input:sketch'] });
    expect(run.asked('input:sketch')).toMatchObject({ by: { role: 'designer' }, offers: ['supply'] });
    const nothing = run.decision(run.asked('input:sketch'), 'supply', { artifacts: {} });
    expect(fold(run.state, nothing)).toBe(run.state);
    run.decide('input:sketch', 'supply', { artifacts: { plan: version('drawn') } });
    expect(run.brief).toEqual({});
  });

  test('nobody is asked for what comes from outside; it counts under the key it is given for', () => {
    const run = new Run(manifest(terse)).decide('input:sketch', 'supply', {
      artifacts: { plan: version('drawn') },
    });
    run.supply('quote', taskKeyOf(run, 'quote'), { price: version('12') });
    expect(run.toStart('sum').needs).toEqual({ plan: version('drawn'), price: version('12') });
  });

  test('a person is asked again when what they looked at changed, beside what they gave', () => {
    const run = new Run(manifest(terse)).decide('input:sketch', 'supply', {
      artifacts: { plan: version('drawn') },
    });
    run.amend('size', version('large'));
    expect(run.asked('input:sketch').shown.lapsed).toEqual(version('drawn'));
  });
});

describe('amending', () => {
  test('names the version that it replaces, and only an amendable input', () => {
    const run = new Run(manifest({ ...chain, inputs: { size: {}, grain: { amendable: false } } }));
    const amend = { type: 'amend', at: '', by: actor('somebody'), version: version('new') } as const;
    const apart = { ...amend, id: 'decision-a', field: 'size', replaces: 'something else' };
    expect(fold(run.state, apart)).toBe(run.state);
    expect(
      fold(run.state, { ...amend, id: 'decision-b', field: 'grain', replaces: version('grain 1').digest }),
    ).toBe(run.state);
    run.amend('size', version('large'), 'amender');
    expect(run.state.amendedBy).toEqual({ size: ['amender'] });
  });

  test('counts once, however often it arrives', () => {
    const run = new Run(manifest(chain));
    const outcome = {
      type: 'invalidate',
      id: 'decision-x',
      at: '',
      by: actor('somebody'),
      task: 'cut',
    } as const;
    const once = run.apply(outcome).state;
    expect(fold(once, outcome)).toBe(once);
    expect(once.changes['cut']?.n).toBe(1);
  });
});

function taskKeyOf(run: Run, task: string): string {
  const key = taskKey(run.state, task);
  if (key === undefined) throw new Error(`${task} has no key.`);
  return key;
}
