import { describe, expect, test } from 'vitest';
import { manifest, version } from './manifests.ts';
import { Run } from './run.ts';

const failure = { type: 'Effect.Uncertain', message: 'No answer.' };

describe('receipts (rule 20)', () => {
  const chain = manifest({
    inputs: ['topic'],
    tasks: { write: { needs: ['topic'], produces: ['text'] } },
    effects: {
      order: { subjects: ['text'], receipt: 'orderReceipt' },
      tell: { subjects: ['orderReceipt'] },
    },
  });

  test('an effect can follow an effect', () => {
    const run = new Run(chain).make('write', { text: 't1' });
    expect(run.brief).toEqual({ perform: ['do order 0'] });
    run.perform('order', version('order 17'));
    expect(run.next.perform).toMatchObject([
      { slot: 'tell', subjects: { orderReceipt: version('order 17') } },
    ]);
    run.perform('tell');
    expect(run.brief).toEqual({ close: 'finished' });
  });

  test.each(['leave', 'undoThenDo'] as const)(
    'a receipt waits while its slot is not current; then: %s',
    (verb) => {
      const run = new Run(chain).make('write', { text: 't1' }).perform('order', version('order 17'));
      run.perform('tell').amend('topic', version('another')).make('write', { text: 't2' });
      expect(run.brief).toEqual({ ask: ['correction:order:order'] });
      run.decide('correction:order:order', verb);
      if (verb === 'leave') return expect(run.brief).toEqual({ close: 'finished' });
      run.perform('order');
      // Undone, and about to be done: nobody is asked about a receipt that is gone for a moment.
      expect(run.brief).toEqual({ perform: ['do order 1'] });
      run.perform('order', version('order 18'));
      expect(run.brief).toEqual({ ask: ['correction:tell:tell'] });
      const { subjects } = run.asked('correction:tell:tell').shown;
      expect(subjects['orderReceipt']?.digest).toBe(version('order 18').digest);
    },
  );

  test('no task starts without a receipt that is undone only to be done again', () => {
    const run = new Run(
      manifest({
        inputs: ['topic'],
        tasks: {
          write: { needs: ['topic'], produces: ['text'] },
          file: { needs: ['orderReceipt?'], produces: ['entry'] },
        },
        effects: { order: { subjects: ['text'], receipt: 'orderReceipt' } },
        outputs: ['entry'],
      }),
    );
    run.make('write', { text: 't1' }).perform('order', version('order 17')).make('file', { entry: 'e1' });
    run.amend('topic', version('another')).make('write', { text: 't2' });
    run.decide('correction:order:order', 'undoThenDo').perform('order');
    expect(run.brief).toEqual({ perform: ['do order 1'] });
    run.perform('order', version('order 18'));
    expect(run.brief).toEqual({ start: ['file'] });
  });

  test('a person who says that it happened may hand in the receipt', () => {
    const run = new Run(chain).make('write', { text: 't1' });
    run.ended(run.reserve('order'), { kind: 'uncertain', failure });
    run.decide('exception:slot:order', 'happened', { artifacts: { orderReceipt: version('order 17') } });
    expect(run.brief).toEqual({ perform: ['do tell 0'] });
  });
});
