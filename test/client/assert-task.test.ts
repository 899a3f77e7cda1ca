import { expect, it } from 'vitest';
import { assertTask } from '../../client/assert-task.ts';
import { collection, manifest } from '../workflows/fold/manifests.ts';
import { Run } from '../workflows/fold/run.ts';

const process = manifest({
  name: 'sums',
  inputs: ['list'],
  tasks: {
    split: { needs: ['list'], produces: ['items'] },
    work: { needs: ['items'], produces: ['part'], each: 'items' },
    add: { needs: ['part'], produces: ['total'] },
  },
  outputs: ['total'],
});
const splitInto = (...keys: string[]): Run =>
  new Run(process).make('split', { items: collection(Object.fromEntries(keys.map((key) => [key, key]))) });
const assertIn = (run: Run, task: string) => (): void => assertTask(run.state, task);
const refused = (message: string): object => expect.objectContaining({ type: 'Task.Unknown', message });

it('a task is one of the process, or of an element that there is', () => {
  const run = splitInto('a', 'b/c');
  for (const task of ['split', 'work', 'work/a', 'work/b/c', 'add'])
    expect(assertIn(run, task)).not.toThrow();
  expect(assertIn(run, 'nobody')).toThrow(refused('sums has no task nobody; it has split, work, add.'));
  expect(assertIn(run, 'add/a')).toThrow(
    refused('sums has no task add/a; add is one task, not one for each element.'),
  );
  expect(assertIn(run, 'work/c')).toThrow(
    refused('sums has no task work/c; of work it has work/a, work/b/c.'),
  );
  expect(assertIn(run, 'constructor')).toThrow(expect.objectContaining({ type: 'Task.Unknown' }));
});

it('where the elements are not known, none is taken at its word', () => {
  expect(assertIn(new Run(process), 'work/a')).toThrow(
    refused('sums has no task work/a; items has no elements now: re-run from work, or from before it.'),
  );
});

it('a long list of elements is cut off', () => {
  const keys = Array.from({ length: 12 }, (_, n) => `item-${n}`);
  expect(assertIn(splitInto(...keys), 'work/x')).toThrow(
    expect.objectContaining({ message: expect.stringMatching(/work\/item-9 and 2 more\.$/) }),
  );
});
