import { describe, expect, test } from 'vitest';
import type { ManifestEffect } from '../../../contracts/manifest.ts';
import { versionId } from '../../../workflows/fold/versions.ts';
import { letter, release, written } from './letter.ts';
import { version, whenFact } from './manifests.ts';
import { Run } from './run.ts';

const correct = 'correction:send:send';

function sent(effect: Partial<ManifestEffect> = {}): Run {
  return written(effect).decide(release, 'approve').perform('send');
}

/** The letter was sent, then written anew. */
function outdated(effect: Partial<ManifestEffect> = {}): Run {
  return sent(effect).amend('topic', version('another')).make('write', { text: 't2' });
}

describe('a filled slot whose content is no longer the wanted one', () => {
  test('shows what it holds and what it would hold, and asks', () => {
    const { shown, offers, by } = outdated().asked(correct);
    expect(shown.effect?.filled).toBe(versionId(version('t1')));
    expect(shown.subjects['text']?.digest).toBe(version('t2').digest);
    expect(offers).toEqual(['leave', 'amend', 'undoThenDo', 'changes']);
    // Whoever authorises the effect corrects it.
    expect(by).toEqual({ role: 'manager' });
  });

  test('offers only what the connector can do', () => {
    expect(outdated({ amendable: false, undoable: false }).asked(correct).offers).toEqual([
      'leave',
      'changes',
    ]);
  });

  test('left, is settled until the content differs again', () => {
    const run = outdated().decide(correct, 'leave');
    expect(run.brief).toEqual({ close: 'finished' });
    run.amend('topic', version('third')).make('write', { text: 't3' });
    expect(run.brief).toEqual({ ask: [correct] });
  });

  test('amended, holds the new content at the next n', () => {
    const run = outdated().decide(correct, 'amend');
    expect(run.next.perform).toMatchObject([
      { verb: 'amend', n: 0, former: versionId(version('t1')), digest: versionId(version('t2')) },
    ]);
    run.perform('send');
    expect(run.state.slots['send']).toMatchObject({ status: 'done', n: 1, digest: versionId(version('t2')) });
    expect(run.brief).toEqual({ close: 'finished' });
  });

  test('undone, then done with exactly what was shown (rule 10)', () => {
    const run = outdated().decide(correct, 'undoThenDo');
    expect(run.brief).toEqual({ perform: ['undo send 0'] });
    run.perform('send');
    expect(run.brief).toEqual({ perform: ['do send 1'] });
    run.perform('send');
    expect(run.brief).toEqual({ close: 'finished' });
  });

  test('undone, other content is asked about again', () => {
    const run = outdated().decide(correct, 'undoThenDo').perform('send');
    run.amend('topic', version('third')).make('write', { text: 't3' });
    expect(run.brief).toEqual({ ask: [release] });
    expect(run.asked(release).shown.effect?.n).toBe(1);
  });

  test('undone once, needs a person even where policy filled it (rule 10)', () => {
    const run = written({}, false)
      .perform('send')
      .amend('topic', version('another'))
      .make('write', { text: 't2' });
    run
      .decide(correct, 'undoThenDo')
      .perform('send')
      .amend('topic', version('third'))
      .make('write', { text: 't3' });
    expect(run.brief).toEqual({ ask: ['authorise:send:send'] });
    expect(run.asked('authorise:send:send').by).toEqual({ role: 'owner' });
  });

  test('the same content again does nothing', () => {
    const run = sent().invalidate('write').make('write', { text: 't1' });
    expect(run.brief).toEqual({ close: 'finished' });
  });

  test('a request for changes goes upstream and the slot stays as it is', () => {
    const run = outdated().decide(correct, 'changes', { changes: { task: 'write', fields: {} } });
    expect(run.brief).toEqual({ start: ['write'] });
    run.make('write', { text: 't2' });
    expect(run.asked(correct).round).toBe(1);
  });

  test('absent content: leave it, or undo it', () => {
    const effect = { when: whenFact('topic', 'private', false) };
    const inputs = { topic: version('topic', { private: false }) };
    const run = new Run(letter(effect), { inputs })
      .make('write', { text: 't1' })
      .decide(release, 'approve')
      .perform('send');
    run.amend('topic', version('topic', { private: true }));
    expect(run.asked(correct).offers).toEqual(['leave', 'undo']);
    run.decide(correct, 'undo');
    expect(run.brief).toEqual({ perform: ['undo send 0'] });
    run.perform('send');
    expect(run.state.slots['send']).toMatchObject({ status: 'undone', n: 1 });
    expect(run.brief).toEqual({ close: 'finished' });
  });
});
