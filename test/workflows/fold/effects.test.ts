import { describe, expect, test } from 'vitest';
import { fold } from '../../../workflows/fold/fold.ts';
import { versionId } from '../../../workflows/fold/versions.ts';
import { letter, release, written } from './letter.ts';
import { authorise, collection, manifest, review, version, whenFact } from './manifests.ts';
import { Run, actor, at } from './run.ts';

const exception = 'exception:slot:send';
const failure = { type: 'Effect.Refused', message: 'No.' };

function rewritten(run: Run): Run {
  return run.amend('topic', version('another')).make('write', { text: 't2' });
}

describe('an effect', () => {
  test('is shown with all that it will do before anybody authorises it', () => {
    const { shown } = written().asked(release);
    expect(shown.effect).toEqual({
      name: 'send',
      connector: 'file',
      destination: { path: 'out' },
      arguments: {},
      consequences: 'A file is written.',
      n: 0,
    });
    expect(shown.subjects['text']?.digest).toBe(version('t1').digest);
  });

  test('is performed by policy where nobody need be asked, and never twice', () => {
    const run = written({}, false);
    expect(run.brief).toEqual({ perform: ['do send 0'] });
    run.perform('send');
    expect(run.brief).toEqual({ close: 'finished' });
  });

  test('is asked about where the condition of its authorisation holds', () => {
    const process = {
      ...letter(),
      checkpoints: { release: authorise('send', { when: whenFact('text', 'long', true) }) },
    };
    const run = new Run(process).make('write', { text: version('t', { long: true }) });
    expect(run.brief).toEqual({ ask: [release] });
    run.amend('topic', version('another')).make('write', { text: version('t', { long: false }) });
    expect(run.brief).toEqual({ perform: ['do send 0'] });
  });

  test('is not wanted where its own condition fails, or a subject is absent', () => {
    const run = new Run(letter({ when: whenFact('topic', 'public', true) }));
    expect(run.brief).toEqual({ close: 'finished' });
  });

  test('refused by a person, is not done, and the run can end', () => {
    const run = written().decide(release, 'reject');
    expect(run.brief).toEqual({ close: 'finished' });
    rewritten(run);
    expect(run.brief).toEqual({ ask: [release] });
  });

  test('waits until every subject is firm (rule 9)', () => {
    const process = manifest({
      tasks: { write: { produces: ['text'] }, draw: { needs: ['text'], produces: ['picture'] } },
      checkpoints: { look: review('text') },
      effects: { send: { subjects: ['picture', 'text'] } },
      speculative: true,
    });
    const run = new Run(process).make('write', { text: 't' }).make('draw', { picture: 'p' });
    expect(run.brief).toEqual({ ask: ['review:look:text'] });
    run.decide('review:look:text', 'approve');
    expect(run.next.perform).toMatchObject([
      { slot: 'send', subjects: { picture: version('p'), text: version('t') } },
    ]);
  });

  test('under way ends before anything else is looked at', () => {
    const run = written().decide(release, 'approve');
    const effect = run.reserve('send');
    rewritten(run);
    expect(run.brief).toEqual({});
    run.ended(effect);
    expect(run.brief).toEqual({ ask: ['correction:send:send'] });
  });

  test('an authorisation lapses with what it was given for', () => {
    const run = written().decide(release, 'approve').brake({ pause: true });
    run.amend('topic', version('another')).brake({ pause: false }).make('write', { text: 't2' });
    expect(run.brief).toEqual({ ask: [release] });
  });
});

describe('an effect that the other side refused', () => {
  const refused = (): Run => {
    const run = written().decide(release, 'approve');
    return run.ended(run.reserve('send'), { kind: 'refused', failure });
  };

  test('asks how to go on, and is tried again on its authorisation', () => {
    const run = refused();
    expect(run.asked(exception)).toMatchObject({ offers: ['retry', 'leave', 'stop'], shown: { failure } });
    run.decide(exception, 'retry');
    expect(run.next.perform).toMatchObject([{ verb: 'do', n: 0, tries: 1 }]);
  });

  test('can be left undone; coming back to the same content asks again', () => {
    const run = refused().decide(exception, 'leave');
    expect(run.brief).toEqual({ close: 'finished' });
    const before = run.state.inputs['topic'];
    run.amend('topic', version('another')).make('write', { text: 't2' }).decide(release, 'reject');
    if (before) run.amend('topic', before);
    expect(run.brief).toEqual({ close: 'finished' });
  });

  test('does not stand in the way of other content', () => {
    const run = rewritten(refused());
    expect(run.brief).toEqual({ ask: [release] });
  });
});

describe('an effect of which nobody knows whether it happened', () => {
  const uncertain = (): Run => {
    const run = written().decide(release, 'approve');
    return run.ended(run.reserve('send'), { kind: 'uncertain', failure });
  };

  test('asks a person, and nothing else', () => {
    const run = uncertain();
    expect(run.brief).toEqual({ ask: [exception] });
    expect(run.asked(exception).offers).toEqual(['happened', 'didNot']);
  });

  test('happened: is done', () => {
    const run = uncertain().decide(exception, 'happened');
    expect(run.state.slots['send']).toMatchObject({ status: 'done', n: 0, digest: versionId(version('t1')) });
    expect(run.brief).toEqual({ close: 'finished' });
  });

  test('did not happen: a matching authorisation performs again (rule 10)', () => {
    const run = uncertain().decide(exception, 'didNot');
    expect(run.next.perform).toMatchObject([{ verb: 'do', n: 0, tries: 1 }]);
  });

  test('did not happen: other content has to be authorised', () => {
    const run = rewritten(uncertain());
    expect(run.brief).toEqual({ ask: [exception] });
    run.decide(exception, 'didNot');
    expect(run.brief).toEqual({ ask: [release] });
  });

  test('a late proof of the same call settles it; a late refusal does not', () => {
    const run = uncertain();
    const late = { type: 'effectEnded', slot: 'send', n: 0, verb: 'do', tries: 0 } as const;
    expect(fold(run.state, { ...late, end: { kind: 'refused', failure } })).toBe(run.state);
    run.apply({ ...late, end: { kind: 'success' } });
    expect(run.state.slots['send']?.status).toBe('done');
  });
});

describe('effects by element (rule 8)', () => {
  const each = manifest({
    inputs: ['list'],
    tasks: { split: { needs: ['list'], produces: ['bills'] } },
    checkpoints: { release: authorise('pay') },
    effects: { pay: { subjects: ['bills'], each: true } },
  });

  test("fill a slot each; a removed element's question closes, its filled slot gets a correction", () => {
    const run = new Run(each).make('split', { bills: collection({ a: '1', b: '2', c: '3' }) });
    expect(run.brief).toEqual({
      ask: ['authorise:release:pay/a', 'authorise:release:pay/b', 'authorise:release:pay/c'],
    });
    run.decide('authorise:release:pay/a', 'approve').perform('pay/a');
    run.amend('list', version('shorter')).make('split', { bills: collection({ c: '3' }) });
    expect(run.brief).toEqual({ ask: ['authorise:release:pay/c', 'correction:pay:pay/a'] });
    expect(run.asked('correction:pay:pay/a').offers).toEqual(['leave', 'undo']);
  });
});

describe('recall', () => {
  const slow = { recall: 60_000 };

  test('an authorised effect waits for its time to pass, and can be recalled until then', () => {
    const run = written(slow).decide(release, 'approve');
    expect(run.next.wait).toMatchObject([{ slot: 'send', milliseconds: 60_000 }]);
    run.recall('send');
    expect(run.asked(release).round).toBe(1);
    run.decide(release, 'approve');
    const [wait] = run.next.wait;
    run.apply({ type: 'elapsed', slot: 'send', basis: wait?.basis ?? '' });
    expect(run.brief).toEqual({ perform: ['do send 0'] });
    const before = run.state;
    run.recall('send');
    expect(run.state).toBe(before);
  });

  test('the time to recall is set once for what was granted, and anew for what is granted again', () => {
    const run = written(slow).decide(release, 'approve');
    const [wait] = run.next.wait;
    const recallable = { type: 'recallable', slot: 'send', basis: wait?.basis ?? '', until: at } as const;
    expect(fold(run.state, { ...recallable, basis: 'another' })).toBe(run.state);
    run.apply(recallable).apply({ ...recallable, until: '2027-01-01T00:00:00.000Z' });
    expect(run.next.wait).toEqual([{ ...wait, until: at }]);
    run.recall('send').decide(release, 'approve');
    expect(run.next.wait).toEqual([wait]);
  });

  test('a pause does not stretch the time to recall, and does nothing when it is over', () => {
    const run = written(slow).decide(release, 'approve').brake({ pause: true });
    const [wait] = run.next.wait;
    run.apply({ type: 'elapsed', slot: 'send', basis: wait?.basis ?? '' });
    expect(run.brief).toEqual({});
    run.brake({ pause: false });
    expect(run.brief).toEqual({ perform: ['do send 0'] });
  });

  test('time that passed for something else counts for nothing', () => {
    const run = written(slow).decide(release, 'approve');
    expect(fold(run.state, { type: 'elapsed', slot: 'send', basis: 'another' })).toBe(run.state);
  });

  test('what policy would do can be recalled as well, and is asked about from then on', () => {
    const run = written(slow, false);
    expect(run.brief).toEqual({ wait: ['send'] });
    run.recall('send');
    expect(run.brief).toEqual({ ask: ['authorise:send:send'] });
  });
});

describe('reservations', () => {
  test('count only for the slot as it is', () => {
    const run = written().decide(release, 'approve');
    const [effect] = run.next.perform;
    const wrong = {
      type: 'reserved',
      slot: 'send',
      n: 1,
      verb: 'do',
      digest: effect?.digest ?? null,
    } as const;
    expect(fold(run.state, wrong)).toBe(run.state);
    expect(fold(run.state, { ...wrong, n: 0, verb: 'amend' })).toBe(run.state);
  });

  test('the end of another try changes nothing', () => {
    const run = written().decide(release, 'approve');
    run.ended(run.reserve('send'), { kind: 'refused', failure }).decide(exception, 'retry').reserve('send');
    const late = {
      type: 'effectEnded',
      slot: 'send',
      n: 0,
      verb: 'do',
      tries: 0,
      end: { kind: 'success' },
    } as const;
    expect(fold(run.state, late)).toBe(run.state);
  });
});

test('a decision on what has been decided is refused, whoever sends it (rule 11)', () => {
  const run = written();
  const first = run.decision(run.asked(release), 'approve');
  const rival = run.decision(run.asked(release), 'reject', { by: actor('rival', 'manager') });
  run.apply(first);
  expect(fold(run.state, rival)).toBe(run.state);
  expect(fold(run.state, { ...first, at })).toBe(run.state);
  expect(run.state.seen[first.id]).toEqual({ verb: 'approve', digest: first.digest, by: 'somebody' });
});
