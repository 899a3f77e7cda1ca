import { expect, test } from 'vitest';
import type { TaskEnd } from '../../../contracts/outcome.ts';
import { collection, manifest, version, whenFact } from './manifests.ts';
import { done, Run } from './run.ts';

test('a running element goes on while its collection is made again', () => {
  const run = new Run(
    manifest({
      inputs: ['topic'],
      tasks: {
        split: { needs: ['topic'], produces: ['parts'] },
        write: { needs: ['parts'], produces: ['pages'], each: 'parts' },
      },
      outputs: ['pages'],
    }),
  );
  run.make('split', { parts: collection({ a: 'one', b: 'two' }) });
  const page = run.start('write/a');
  run.amend('topic', version('topic 2'));
  expect(run.brief).toEqual({ start: ['split'] });
  // Whether it ends before or after its collection comes back, its one attempt counts.
  run.make('split', { parts: collection({ a: 'one' }) });
  expect(run.brief).toEqual({});
  run.end(page, done({ pages: 'page' }));
  expect(run.brief).toEqual({ close: 'finished' });
});

test('a running element is cancelled once its collection comes back without it', () => {
  const run = new Run(
    manifest({
      inputs: ['topic'],
      tasks: {
        split: { needs: ['topic'], produces: ['parts'] },
        write: { needs: ['parts'], produces: ['pages'], each: 'parts' },
      },
      outputs: ['pages'],
    }),
  );
  run.make('split', { parts: collection({ a: 'one', b: 'two' }) });
  run.start('write/a');
  run.amend('topic', version('topic 2'));
  run.make('split', { parts: collection({ b: 'two' }) });
  expect(run.brief).toEqual({ start: ['write/b'], cancel: ['write/a'] });
});

test('a running task goes on while the condition of what wants it is made again', () => {
  const run = new Run(
    manifest({
      inputs: ['topic'],
      tasks: {
        rate: { needs: ['topic'], produces: ['rating'] },
        draw: { produces: ['chart'] },
        report: { needs: ['chart'], produces: ['page'], when: whenFact('rating', 'good', true) },
      },
      outputs: ['page?'],
    }),
  );
  run.make('rate', { rating: version('rating 1', { good: true }) });
  const chart = run.start('draw');
  run.amend('topic', version('topic 2'));
  expect(run.brief).toEqual({ start: ['rate'] });
  const rating = run.start('rate');
  run.end(rating, done({ rating: version('rating 2', { good: true }) }));
  run.end(chart, done({ chart: 'chart' }));
  expect(run.brief).toEqual({ start: ['report'] });
});

test('answers are kept under the key they were given under, though the task asked under another since', () => {
  const asks: TaskEnd = { kind: 'asks', questions: [{ id: 'which', prompt: 'Which?' }] };
  const run = new Run(
    manifest({
      inputs: ['topic'],
      tasks: { write: { needs: ['topic'], produces: ['page'] } },
      outputs: ['page'],
    }),
  );
  run.end(run.start('write'), asks).decide('question:write:which', 'answer', { answer: 'this' });
  run.amend('topic', version('topic 2'));
  run.end(run.start('write'), asks).decide('question:write:which', 'answer', { answer: 'that' });
  run.amend('topic', version('topic 1'));
  expect(run.toStart('write').answers).toEqual({ which: 'this' });
  run.amend('topic', version('topic 2'));
  expect(run.toStart('write').answers).toEqual({ which: 'that' });
});

test('a written order does not skip ahead while an effect is under way', () => {
  const run = new Run(
    manifest({
      inputs: ['topic'],
      tasks: {
        write: { needs: ['topic'], produces: ['page'] },
        register: { needs: ['receipt'], produces: ['entry'] },
        translate: { needs: ['page'], produces: ['translation'] },
      },
      outputs: ['entry', 'translation'],
      effects: { publish: { subjects: ['page'], receipt: 'receipt' } },
      planner: { kind: 'fixed', order: ['write', 'register', 'translate'] },
    }),
  );
  run.make('write', { page: 'page' });
  const effect = run.reserve('publish');
  expect(run.brief).toEqual({});
  run.ended(effect, { kind: 'success', receipt: version('receipt') });
  expect(run.brief).toEqual({ start: ['register'] });
});
