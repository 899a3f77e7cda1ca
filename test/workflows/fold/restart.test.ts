import { describe, expect, test } from 'vitest';
import { fold } from '../../../workflows/fold/fold.ts';
import { fork } from '../../../workflows/fold/fork.ts';
import { next } from '../../../workflows/fold/next.ts';
import { abandon, restart } from '../../../workflows/fold/restart.ts';
import { bothDone, two } from './both-done.ts';
import { authorise, manifest, marketOutlook, review, version, whenFact } from './manifests.ts';
import { Run, failed } from './run.ts';

function restarted(run: Run): Run {
  run.state = restart(run.state);
  return run;
}

describe('restart (rule 15)', () => {
  const draft = {
    inputs: ['topic'],
    tasks: { write: { needs: ['topic'], produces: ['text'] } },
    outputs: ['text'],
  };

  test('of a finished run starts nothing and finishes again', () => {
    const run = new Run(two)
      .make('write', { text: 't' })
      .make('draw', { picture: 'p' })
      .perform('print')
      .perform('show')
      .close();
    restarted(run);
    expect(run.state).toMatchObject({ epoch: 2, status: 'open' });
    expect(run.brief).toEqual({ close: 'finished' });
  });

  test('of a rejected run asks before closing again, and no decision of the former epoch counts', () => {
    const run = new Run(manifest({ ...draft, checkpoints: { look: review('text') } })).make('write', {
      text: 't',
    });
    const asked = run.asked('review:look:text');
    const approval = run.decision(asked, 'approve');
    run.decide('review:look:text', 'reject').close();
    restarted(run);
    expect(run.asked('review:look:text')).toMatchObject({ basis: asked.basis, round: 1 });
    expect(fold(run.state, approval)).toBe(run.state);
  });

  test('asks about what was rejected for good also where nobody would have to be asked by now', () => {
    const process = manifest({
      ...draft,
      checkpoints: { look: review('text', { when: whenFact('topic', 'n', 1) }) },
    });
    const run = new Run(process).amend('topic', version('one', { n: 1 })).make('write', { text: 't' });
    run.decide('review:look:text', 'reject').close();
    restarted(run)
      .amend('topic', version('two', { n: 2 }))
      .make('write', { text: 't' });
    expect(run.brief).toEqual({ ask: ['review:look:text'] });
  });

  test('keeps approvals of versions, and drops authorisations that nothing came of', () => {
    const process = manifest({
      ...draft,
      checkpoints: { look: review('text'), release: authorise('send') },
      effects: { send: { subjects: ['text'] } },
    });
    const run = new Run(process).make('write', { text: 't' }).decide('review:look:text', 'approve');
    run.decide('authorise:release:send', 'approve').cancel().close();
    expect(restarted(run).brief).toEqual({ ask: ['authorise:release:send'] });
  });

  test('keeps what was refused where that did not close the run', () => {
    const process = manifest({
      ...draft,
      tasks: { ...draft.tasks, sum: { needs: ['text?'], produces: ['file'] } },
      outputs: ['file'],
      checkpoints: { look: review('text', { onReject: 'absent' }), release: authorise('send') },
      effects: { send: { subjects: ['file'] } },
    });
    const run = new Run(process).make('write', { text: 't' }).decide('review:look:text', 'reject');
    run.make('sum', { file: 'f' }).decide('authorise:release:send', 'reject').close();
    expect(restarted(run).brief).toEqual({ close: 'finished' });
  });

  test("drops failures and attempts, and keeps the attempt's number and the answers", () => {
    const run = new Run(manifest(draft));
    run.end(run.start('write'), { kind: 'asks', questions: [{ id: 'q', prompt: '?' }] });
    run.decide('question:write:q', 'answer', { answer: 1 });
    run.end(run.start('write'), failed).decide('exception:task:write', 'stop').close();
    expect(restarted(run).toStart('write')).toMatchObject({ attempt: 3, answers: { q: 1 } });
  });

  test('a slot once undone needs a person', () => {
    const run = bothDone().cancel(true).perform('print').perform('show').close();
    restarted(run).make('draw', { picture: 'p' });
    expect(run.brief).toEqual({ ask: ['authorise:print:print', 'authorise:show:show'] });
  });

  test('of an open run does nothing', () => {
    const { state } = new Run(two);
    expect(restart(state)).toBe(state);
  });
});

describe('forks (rule 21)', () => {
  test('carry what was made, and neither perform nor ask', () => {
    const run = new Run(two).make('write', { text: 't' }).make('draw', { picture: 'p' }).perform('print');
    const forked = fork(run.state, { run: 'run-2' });
    expect(forked).toMatchObject({ run: 'run-2', epoch: 1, slots: {}, verdicts: {} });
    expect(next(forked)).toMatchObject({ start: [], ask: [], perform: [], close: 'finished' });
  });

  test('told to perform, ask about every effect, also where policy would not', () => {
    const run = new Run(two).make('write', { text: 't' }).make('draw', { picture: 'p' }).perform('print');
    const forked = next(fork(run.state, { run: 'run-2', performs: true }));
    expect(forked.perform).toEqual([]);
    expect(forked.ask.map(({ id }) => id)).toEqual(['authorise:print:print', 'authorise:show:show']);
  });

  test('find results that were made after a request for changes', () => {
    const run = new Run(marketOutlook())
      .make('gather', { series: 's' })
      .make('forecasting', { forecast: 'f' });
    const changes = { task: 'forecasting', fields: { exclude: ['mining'] } };
    run
      .decide('review:approveForecast:forecast', 'changes', { changes })
      .make('forecasting', { forecast: 'g' });
    const { start, ask } = next(fork(run.state, { run: 'run-2' }));
    expect(start).toEqual([]);
    expect(ask.map(({ id }) => id)).toEqual(['review:approveForecast:forecast']);
  });
});

describe('a run whose workflow was ended from outside', () => {
  test('goes on as the next epoch, and asks what became of an effect that was under way', () => {
    const run = new Run(
      manifest({
        inputs: ['topic'],
        tasks: { write: { needs: ['topic'], produces: ['text'] } },
        outputs: ['text'],
        effects: { send: { subjects: ['text'] } },
      }),
    ).make('write', { text: 't' });
    const [send] = next(run.state).perform;
    run.state = fold(run.state, {
      type: 'reserved',
      slot: send!.slot,
      n: send!.n,
      verb: send!.verb,
      digest: send!.digest,
    });
    run.state = restart(abandon(run.state));
    expect(run.state).toMatchObject({
      epoch: 2,
      status: 'open',
      slots: { send: { status: 'uncertain', tries: 1 } },
    });
    expect(next(run.state).perform).toEqual([]);
    expect(next(run.state).ask).toMatchObject([
      { kind: 'exception', slot: 'send', offers: ['happened', 'didNot'] },
    ]);
  });

  test('loses nothing that was made', () => {
    const run = new Run(two).make('write', { text: 't' });
    expect(restart(abandon(run.state)).results).toEqual(run.state.results);
  });
});
