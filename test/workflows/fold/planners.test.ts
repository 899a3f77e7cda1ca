import { describe, expect, test } from 'vitest';
import { manifest } from './manifests.ts';
import { Run, failed } from './run.ts';

describe('planners choose among what is ready (rule 19)', () => {
  const tasks = {
    one: { produces: ['a'] },
    two: { produces: ['b'] },
    three: { needs: ['a', 'b'], produces: ['c'] },
  };

  test('derived starts all that is ready', () => {
    expect(new Run(manifest({ tasks, outputs: ['c'] })).brief).toEqual({ start: ['one', 'two'] });
  });

  test('fixed starts one after another, in its order', () => {
    const run = new Run(
      manifest({ tasks, outputs: ['c'], planner: { kind: 'fixed', order: ['two', 'one', 'three'] } }),
    );
    expect(run.brief).toEqual({ start: ['two'] });
    run.start('two');
    expect(run.brief).toEqual({});
  });

  test('fixed waits for a person where an earlier task does', () => {
    const run = new Run(
      manifest({ tasks, outputs: ['c'], planner: { kind: 'fixed', order: ['one', 'two', 'three'] } }),
    );
    run.end(run.start('one'), failed);
    expect(run.brief).toEqual({ ask: ['exception:task:one'] });
  });

  test('an order that goes against the needs still comes to an end', () => {
    const run = new Run(
      manifest({ tasks, outputs: ['c'], planner: { kind: 'fixed', order: ['three', 'two', 'one'] } }),
    );
    expect(run.brief).toEqual({ start: ['two'] });
    run.make('two', { b: 'b' }).make('one', { a: 'a' }).make('three', { c: 'c' });
    expect(run.brief).toEqual({ close: 'finished' });
  });
});
