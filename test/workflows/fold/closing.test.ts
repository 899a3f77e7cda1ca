import { describe, expect, test } from 'vitest';
import { fold } from '../../../workflows/fold/fold.ts';
import { outputsOf } from '../../../workflows/fold/outputs.ts';
import { bothDone, two } from './both-done.ts';
import { manifest, marketOutlook, version } from './manifests.ts';
import { Run } from './run.ts';

const failure = { type: 'Effect.Refused', message: 'No.' };

describe('closing (rule 13)', () => {
  test('cancels what runs, and then closes', () => {
    const run = new Run(two);
    run.start('write');
    run.cancel();
    expect(run.brief).toEqual({ cancel: ['write'] });
    run.apply({ type: 'cancelled', task: 'write', attempt: 1 });
    expect(run.brief).toEqual({ close: 'cancelled' });
    run.close();
    expect(run.state.status).toBe('cancelled');
    expect('closing' in run.state).toBe(false);
  });

  test('leaves what was done unless undoing is asked for', () => {
    const run = bothDone().cancel();
    expect(run.brief).toEqual({ close: 'cancelled' });
  });

  test('undoes what was done, newest first', () => {
    const run = bothDone().cancel(true);
    expect(run.brief).toEqual({ perform: ['undo print 0'] });
    run.perform('print');
    expect(run.brief).toEqual({ perform: ['undo show 0'] });
    run.perform('show');
    expect(run.brief).toEqual({ close: 'cancelled' });
  });

  test('waits for what is under way and finds out what is uncertain', () => {
    const run = new Run(two).make('write', { text: 't' });
    const effect = run.reserve('print');
    run.cancel(true);
    expect(run.brief).toEqual({});
    run.ended(effect, { kind: 'uncertain', failure });
    expect(run.brief).toEqual({ ask: ['exception:slot:print'] });
    run.decide('exception:slot:print', 'happened');
    expect(run.brief).toEqual({ perform: ['undo print 0'] });
  });

  test("asks about what can't be undone, and may leave it", () => {
    const run = bothDone().cancel(true);
    run.ended(run.reserve('print'), { kind: 'refused', failure });
    expect(run.asked('exception:slot:print').offers).toEqual(['retry', 'leave']);
    run.decide('exception:slot:print', 'leave');
    expect(run.brief).toEqual({ perform: ['undo show 0'] });
    run.perform('show').close();
    expect(run.state.slots['print']).toMatchObject({ status: 'done' });
  });

  test('where the effect names somebody for it, they are asked first, one effect after another', () => {
    const asked = manifest({
      inputs: ['topic'],
      tasks: { write: { needs: ['topic'], produces: ['text'] } },
      effects: {
        print: { subjects: ['text'], undoBy: { role: 'printer' } },
        show: { subjects: ['text'], undoBy: { role: 'curator' } },
      },
    });
    const run = new Run(asked).make('write', { text: 't' }).perform('print').perform('show');
    run.invalidate('write').cancel(true);
    expect(run.brief).toEqual({ ask: ['undo:show:show'] });
    expect(run.asked('undo:show:show')).toMatchObject({ by: { role: 'curator' }, offers: ['undo', 'leave'] });
    run.decide('undo:show:show', 'undo');
    run.ended(run.reserve('show'), { kind: 'refused', failure });
    expect(run.brief).toEqual({ ask: ['exception:slot:show'] });
    run.decide('exception:slot:show', 'retry').perform('show');
    run.decide('undo:print:print', 'leave');
    expect(run.brief).toEqual({ close: 'cancelled' });
    expect(run.close().state.slots).toMatchObject({ print: { status: 'done' }, show: { status: 'undone' } });
  });

  test('takes no commands but brakes', () => {
    const run = bothDone().cancel(true);
    const before = run.state;
    run.amend('topic', version('another')).invalidate('write').cancel();
    expect(run.state).toBe(before);
    run.brake({ pause: true });
    expect(run.brief).toEqual({});
  });

  test('a closed run folds nothing', () => {
    const run = bothDone().cancel().close();
    const before = run.state;
    run.amend('topic', version('another')).brake({ pause: true });
    expect(run.state).toBe(before);
  });

  test('a close that does not follow from the state counts for nothing', () => {
    const run = new Run(two);
    expect(fold(run.state, { type: 'close', to: 'finished' })).toBe(run.state);
  });
});

describe('finishing (rule 14)', () => {
  test('waits for outputs to be firm and for every slot to be settled', () => {
    const run = new Run(marketOutlook());
    run.make('gather', { series: 's' }).make('forecasting', { forecast: 'f' });
    run.decide('review:approveForecast:forecast', 'approve').make('visualisation', { report: 'r' });
    expect(run.next.close).toBeUndefined();
    run.decide('authorise:releaseReport:publishReport', 'approve').perform('publishReport').close();
    expect(outputsOf(run.state)).toEqual({ report: version('r') });
  });
});
