import { describe, expect, test } from 'vitest';
import { fold } from '../../../workflows/fold/fold.ts';
import { manifest, version } from './manifests.ts';
import { Run, done } from './run.ts';

const chain = manifest({
  inputs: ['size', 'colour'],
  tasks: {
    cut: { needs: ['size'], produces: ['piece'] },
    paint: { needs: ['piece', 'colour'], produces: ['product'] },
  },
  outputs: ['product'],
});

describe('staleness (rule 1)', () => {
  test('an amended input makes stale what hangs on it, and nothing else', () => {
    const run = new Run(chain).make('cut', { piece: 'p1' }).make('paint', { product: 'x1' });
    run.amend('colour', version('red'));
    expect(run.brief).toEqual({ start: ['paint'] });
  });

  test('an input amended back finds its results again', () => {
    const run = new Run(chain);
    const before = run.state.inputs['size'];
    run.make('cut', { piece: 'p1' }).make('paint', { product: 'x1' });
    run.amend('size', version('large'));
    expect(run.brief).toEqual({ start: ['cut'] });
    if (before) run.amend('size', before);
    expect(run.brief).toEqual({ close: 'finished' });
  });

  test('invalidating raises the count alone: the task is made again under another key', () => {
    const run = new Run(chain).make('cut', { piece: 'p1' });
    const key = Object.keys(run.state.results['cut'] ?? {})[0];
    run.invalidate('cut');
    expect(run.brief).toEqual({ start: ['cut'] });
    expect(run.toStart('cut').key).not.toBe(key);
  });
});

describe('results (rule 2)', () => {
  test("a fenced attempt's result changes nothing", () => {
    const run = new Run(chain);
    const first = run.start('cut');
    run.amend('size', version('large'));
    const second = run.start('cut');
    expect(second.attempt).toBe(2);
    const late = {
      type: 'result',
      task: 'cut',
      attempt: first.attempt,
      epoch: 1,
      end: done({ piece: 'late' }),
    } as const;
    expect(fold(run.state, late)).toBe(run.state);
    run.end(second, done({ piece: 'p2' }));
    expect(run.brief).toEqual({ start: ['paint'] });
  });

  test('a result of an older epoch changes nothing', () => {
    const run = new Run(chain);
    const start = run.start('cut');
    const late = {
      type: 'result',
      task: 'cut',
      attempt: start.attempt,
      epoch: 0,
      end: done({ piece: 'p' }),
    } as const;
    expect(fold(run.state, late)).toBe(run.state);
  });

  test('a result that arrives while a need is remade is kept under its own key', () => {
    const run = new Run(chain).make('cut', { piece: 'p1' });
    const paint = run.start('paint');
    run.invalidate('cut');
    expect(run.brief).toEqual({ start: ['cut'] });
    run.end(paint, done({ product: 'x1' }));
    run.make('cut', { piece: 'p1' });
    expect(run.brief).toEqual({ close: 'finished' });
  });

  test('a result that lacks a declared artifact fails the task', () => {
    const run = new Run(chain);
    run.end(run.start('cut'), { kind: 'done', artifacts: {} });
    expect(run.asked('exception:task:cut').shown.failure?.type).toBe('Agent.InvalidOutput');
  });
});

test('an equal remake cuts the rebuilding off (rule 3)', () => {
  const run = new Run(chain).make('cut', { piece: 'p1' }).make('paint', { product: 'x1' });
  run.amend('size', version('large')).make('cut', { piece: 'p1' });
  expect(run.brief).toEqual({ close: 'finished' });
});

test('other facts make another version, even of equal content (rule 3)', () => {
  const run = new Run(chain)
    .make('cut', { piece: version('p1', { weight: 1 }) })
    .make('paint', { product: 'x1' });
  run.amend('size', version('large')).make('cut', { piece: version('p1', { weight: 2 }) });
  expect(run.brief).toEqual({ start: ['paint'] });
});

test('keys hang on content and local counters alone, not on the order of what happened (rule 17)', () => {
  const both = manifest({
    inputs: ['left', 'right'],
    tasks: {
      one: { needs: ['left'], produces: ['a'] },
      two: { needs: ['right'], produces: ['b'] },
      join: { needs: ['a', 'b'], produces: ['c'] },
    },
    outputs: ['c'],
  });
  const forwards = new Run(both).make('one', { a: 'a' }).make('two', { b: 'b' });
  const backwards = new Run(both).make('two', { b: 'b' });
  backwards.end(backwards.start('one'), {
    kind: 'failed',
    failure: { type: 'Agent.Failed', message: 'once' },
  });
  backwards.decide('exception:task:one', 'retry').make('one', { a: 'a' });
  expect(backwards.toStart('join').key).toBe(forwards.toStart('join').key);
});

describe('attempts', () => {
  test('an attempt that works under another key is cancelled, and another may start', () => {
    const run = new Run(chain);
    run.start('cut');
    run.amend('size', version('large'));
    expect(run.brief).toEqual({ start: ['cut'], cancel: ['cut'] });
    run.apply({ type: 'cancelled', task: 'cut', attempt: 1 });
    expect(run.brief).toEqual({ start: ['cut'] });
  });

  test('an attempt goes on while a need of its task is remade', () => {
    const run = new Run(chain).make('cut', { piece: 'p1' });
    run.start('paint');
    run.invalidate('cut');
    expect(run.brief).toEqual({ start: ['cut'] });
    run.make('cut', { piece: 'p2' });
    expect(run.brief).toEqual({ start: ['paint'], cancel: ['paint'] });
  });

  test('an attempt whose artifacts were supplied meanwhile is cancelled', () => {
    const run = new Run(chain);
    const { key } = run.start('cut');
    run.supply('cut', key, { piece: version('by hand') });
    expect(run.brief).toEqual({ start: ['paint'], cancel: ['cut'] });
  });

  test('only what outputs and effects hang on is started', () => {
    const run = new Run(
      manifest({
        tasks: { wanted: { produces: ['a'] }, unwanted: { produces: ['b'] } },
        outputs: ['a'],
      }),
    );
    expect(run.brief).toEqual({ start: ['wanted'] });
  });

  test('an artifact pinned at the start has nothing upstream', () => {
    const run = new Run(chain, { pinned: { piece: version('ready-made') } });
    expect(run.brief).toEqual({ start: ['paint'] });
    expect(run.toStart('paint').needs['piece']).toEqual(version('ready-made'));
  });
});
