import { describe, expect, test } from 'vitest';
import { manifest, version, whenFact } from './manifests.ts';
import { Run } from './run.ts';

describe('absence (rule 7)', () => {
  const either = {
    inputs: ['order'],
    tasks: {
      rate: { needs: ['order'], produces: ['risk'] },
      check: { needs: ['order', 'risk'], produces: ['opinion'], when: whenFact('risk', 'high', true) },
      waive: { needs: ['order', 'risk'], produces: ['waiver'], when: whenFact('risk', 'high', false) },
      close: { needs: ['opinion?', 'waiver?'], produces: ['file'] },
    },
    outputs: ['file'],
  };

  test('a condition is looked at before what its task needs is made', () => {
    const when = { ...either.tasks.check, needs: ['survey'], when: whenFact('risk', 'high', true) };
    const tasks = { ...either.tasks, check: when, survey: { needs: ['order'], produces: ['survey'] } };
    const run = new Run(manifest({ ...either, tasks }));
    expect(run.brief).toEqual({ start: ['rate'] });
    run.make('rate', { risk: version('r', { high: false }) });
    expect(run.brief).toEqual({ start: ['waive'] });
  });

  test.each([
    [true, 'check', 'opinion'],
    [false, 'waive', 'waiver'],
  ])('branches meet in a task with optional needs: high %s', (high, task, artifact) => {
    const run = new Run(manifest(either)).make('rate', { risk: version('r', { high }) });
    expect(run.brief).toEqual({ start: [task] });
    run.make(task, { [artifact]: 'made' });
    const { needs } = run.toStart('close');
    expect(needs).toEqual({ opinion: null, waiver: null, [artifact]: version('made') });
  });

  test('one absent need that is required suffices, whatever the others do', () => {
    const terse = {
      inputs: ['order'],
      tasks: {
        never: { needs: ['order'], produces: ['nothing'], when: whenFact('order', 'special', true) },
        slow: { needs: ['order'], produces: ['much'] },
        both: { needs: ['nothing', 'much'], produces: ['sum'] },
      },
      outputs: ['sum?'],
    };
    const run = new Run(manifest(terse));
    expect(run.brief).toEqual({ close: 'finished' });
  });

  test("an absent artifact's facts are null to a condition", () => {
    const terse = {
      inputs: ['order'],
      tasks: {
        never: { needs: ['order'], produces: ['nothing'], when: whenFact('order', 'special', true) },
        instead: { needs: ['order'], produces: ['some'], when: { nothing: { type: 'null' } } },
      },
      outputs: ['some'],
    };
    expect(new Run(manifest(terse)).brief).toEqual({ start: ['instead'] });
  });

  test('a required output that will never be there asks how to end', () => {
    const terse = {
      inputs: ['order'],
      tasks: { never: { needs: ['order'], produces: ['file'], when: whenFact('order', 'special', true) } },
      outputs: ['file'],
    };
    const run = new Run(manifest(terse));
    expect(run.brief).toEqual({ ask: ['exception:output:file'] });
    run.amend('order', version('order 2', { special: true }), 'owner');
    expect(run.brief).toEqual({ start: ['never'] });
  });

  test('conditions that go in circles wait instead of going round (rule 18)', () => {
    const terse = {
      tasks: {
        one: { produces: ['a'], when: whenFact('b', 'x', 1) },
        two: { produces: ['b'], when: whenFact('a', 'x', 1) },
      },
      outputs: ['a'],
    };
    expect(new Run(manifest(terse)).brief).toEqual({});
  });
});
