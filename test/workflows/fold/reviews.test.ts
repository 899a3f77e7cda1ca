import { describe, expect, test } from 'vitest';
import { fold } from '../../../workflows/fold/fold.ts';
import { approveText, draft, edit, editable, edited, underReview } from './draft.ts';
import { authorise, manifest, review, version, whenFact } from './manifests.ts';
import { Run } from './run.ts';

describe('a version under review', () => {
  test('is used by nothing until it is approved', () => {
    const run = underReview();
    expect(run.brief).toEqual({ ask: [approveText] });
    run.decide(approveText, 'approve');
    expect(run.brief).toEqual({ start: ['print'] });
  });

  test('is used at once where the process is speculative, but nothing ends on it', () => {
    const run = underReview({ ...draft, speculative: true } as typeof draft);
    expect(run.brief).toEqual({ ask: [approveText], start: ['print'] });
    run.make('print', { page: 'p1' });
    expect(run.brief).toEqual({ ask: [approveText] });
    run.decide(approveText, 'approve');
    expect(run.brief).toEqual({ close: 'finished' });
  });

  test('rejected, closes the run', () => {
    const run = underReview().decide(approveText, 'reject');
    expect(run.state.status).toBe('closing');
    expect(run.brief).toEqual({ close: 'rejected' });
  });

  test('rejected, is absent where the review says so', () => {
    const run = underReview({
      ...draft,
      checkpoints: { approveText: review('text', { editable, onReject: 'absent' }) },
    });
    run.decide(approveText, 'reject');
    expect(run.brief).toEqual({ ask: ['exception:output:page'] });
    run.decide('exception:output:page', 'stop').close();
    expect(run.state.status).toBe('stopped');
  });

  test('needs no approval where the condition of its review fails', () => {
    const sometimes = review('text', { when: whenFact('text', 'risky', true) });
    const terse = { ...draft, checkpoints: { approveText: sometimes } } as unknown as typeof draft;
    const run = new Run(manifest(terse)).make('research', { notes: 'n1' });
    run.make('write', { text: version('t1', { risky: false }) });
    expect(run.brief).toEqual({ start: ['print'] });
    run.invalidate('write').make('write', { text: version('t2', { risky: true }) });
    expect(run.brief).toEqual({ ask: [approveText] });
  });

  test('waits for every one of its reviews', () => {
    const run = underReview({
      ...draft,
      checkpoints: { approveText: review('text', { editable }), second: review('text') },
    } as typeof draft);
    expect(run.brief).toEqual({ ask: [approveText, 'review:second:text'] });
    run.decide(approveText, 'approve');
    expect(run.brief).toEqual({ ask: ['review:second:text'] });
    run.decide('review:second:text', 'approve');
    expect(run.brief).toEqual({ start: ['print'] });
  });
});

describe('an edit', () => {
  test('is made, shown again with its result, and counts once that is approved', () => {
    const run = edit(underReview());
    const { shown, offers } = run.asked(approveText);
    expect(shown.draft).toEqual({ delta: { to: 'edited' }, by: 'editor', result: edited });
    expect(offers).toContain('withdrawEdit');
    run.decide(approveText, 'approve');
    expect(run.toStart('print').needs).toEqual({ text: edited });
    expect(run.state.drafts).toEqual({});
  });

  test('is not asked about while it is made, and no decision on what was shown before counts', () => {
    const run = underReview();
    const before = run.asked(approveText);
    run.decide(approveText, 'edit', { delta: { to: 'edited' } });
    expect(run.brief).toEqual({ applyEdit: ['text'] });
    expect(fold(run.state, run.decision(before, 'approve'))).toBe(run.state);
  });

  test('withdrawn, leaves the version to be asked about in the next round', () => {
    const run = edit(underReview()).decide(approveText, 'withdrawEdit');
    expect(run.asked(approveText).round).toBe(1);
    run.decide(approveText, 'approve');
    expect(run.toStart('print').needs).toEqual({ text: version('t1') });
  });

  test("that can't be made is shown with why; approving takes the version as made", () => {
    const run = underReview().decide(approveText, 'edit', { delta: { to: 'nonsense' } });
    const [{ cell, base, delta }] = run.next.applyEdit as [(typeof run.next.applyEdit)[number]];
    const failure = { type: 'Agent.EditFailed', message: 'Makes no sense.' };
    run.apply({ type: 'editApplied', cell, base, delta, end: { failure } });
    expect(run.asked(approveText).shown.draft?.failure).toBe('Makes no sense.');
    run.decide(approveText, 'approve');
    expect(run.toStart('print').needs).toEqual({ text: version('t1') });
  });

  test('outside of its schema is refused', () => {
    const run = underReview();
    expect(fold(run.state, run.decision(run.asked(approveText), 'edit', { delta: { to: 1 } }))).toBe(
      run.state,
    );
  });

  test('of an edit takes its place on the same ground', () => {
    const sent = { ...draft, effects: { send: { subjects: ['page'] } } };
    const checkpoints = { ...draft.checkpoints, send: authorise('send') };
    const run = edit(underReview({ ...sent, checkpoints } as typeof draft));
    const ground = run.state.drafts['text']?.base;
    run.decide(approveText, 'approve').make('print', { page: 'p1' });
    run.decide('authorise:send:send', 'changes', { changes: { task: 'write', fields: {} } });
    run.make('write', { text: 't1' });
    expect(run.asked(approveText).shown.subjects['text']?.digest).toBe(edited.digest);
    run.decide(approveText, 'edit', { delta: { to: 'twice' } });
    const [{ cell, base, delta }] = run.next.applyEdit as [(typeof run.next.applyEdit)[number]];
    run.apply({ type: 'editApplied', cell, base, delta, end: { result: version('twice') } });
    run.decide(approveText, 'approve');
    expect(run.state.overlays['text']).toMatchObject({
      kind: 'edit',
      base: ground,
      result: version('twice'),
    });
    expect(run.toStart('print').needs).toEqual({ text: version('twice') });
  });

  test('asked for anew, is asked about anew, though the same edit was approved before', () => {
    const run = edit(underReview()).decide(approveText, 'approve');
    const before = run.state.inputs['tone'];
    run.amend('tone', version('solemn')).make('write', { text: 't2' }).decide(approveText, 'approve');
    if (before) run.amend('tone', before);
    expect(run.asked(approveText).shown.subjects['text']?.digest).toBe(version('t1').digest);
    edit(run);
    expect(run.asked(approveText)).toMatchObject({ round: 1, shown: { draft: { result: edited } } });
    run.decide(approveText, 'approve');
    expect(run.toStart('print').needs).toEqual({ text: edited });
  });

  test('rejected, takes its version along', () => {
    const checkpoints = { approveText: review('text', { editable, onReject: 'absent' }) };
    const run = edit(underReview({ ...draft, checkpoints })).decide(approveText, 'reject');
    expect(run.brief).toEqual({ ask: ['exception:output:page'] });
  });
});

describe('an overlay that no longer applies (rule 4)', () => {
  test('an edit is offered again when another version is made, and applies again when its own comes back', () => {
    const run = edit(underReview()).decide(approveText, 'approve');
    const before = run.state.inputs['tone'];
    run.amend('tone', version('solemn')).make('write', { text: 't2' });
    expect(run.asked(approveText).shown.lapsed).toEqual(edited);
    if (before) run.amend('tone', before);
    expect(run.brief).toEqual({ start: ['print'] });
    expect(run.toStart('print').needs).toEqual({ text: edited });
  });

  test('approving beside a lapsed value drops it', () => {
    const run = edit(underReview()).decide(approveText, 'approve');
    run.amend('tone', version('solemn')).make('write', { text: 't2' }).decide(approveText, 'approve');
    expect(run.state.overlays).toEqual({});
    expect(run.toStart('print').needs).toEqual({ text: version('t2') });
  });

  test('a supply is offered in a review where none is declared', () => {
    const run = new Run(manifest(draft));
    run.supply('research', run.toStart('research').key, { notes: version('by hand') });
    expect(run.brief).toEqual({ start: ['write'] });
    run.amend('topic', version('another')).make('research', { notes: 'n2' });
    expect(run.brief).toEqual({ ask: ['review:notes:notes'] });
    expect(run.asked('review:notes:notes').shown.lapsed).toEqual(version('by hand'));
    run.decide('review:notes:notes', 'approve');
    expect(run.toStart('write').needs['notes']).toEqual(version('n2'));
  });

  test('a supply given again after it was dropped is offered again', () => {
    const run = new Run(manifest(draft));
    const before = run.state.inputs['topic'] ?? version('none');
    run.supply('research', run.toStart('research').key, { notes: version('by hand') });
    run
      .amend('topic', version('another'))
      .make('research', { notes: 'n2' })
      .decide('review:notes:notes', 'approve');
    run.amend('topic', before).supply('research', run.toStart('research').key, { notes: version('by hand') });
    run.amend('topic', version('another'));
    expect(run.brief).toEqual({ ask: ['review:notes:notes'] });
    expect(run.asked('review:notes:notes').round).toBe(1);
  });

  test('a supply under a key that has passed counts for nothing', () => {
    const run = new Run(manifest(draft));
    const { key } = run.toStart('research');
    run.amend('topic', version('another'));
    const before = run.state;
    run.supply('research', key, { notes: version('by hand') });
    expect(run.state).toBe(before);
  });
});

describe('approval (rule 5)', () => {
  test('stands when the same version comes back by another way', () => {
    const run = underReview().decide(approveText, 'approve');
    run.amend('tone', version('solemn')).make('write', { text: 't1' });
    expect(run.brief).toEqual({ start: ['print'] });
  });

  test('is asked again for another version', () => {
    const run = underReview().decide(approveText, 'approve');
    run.amend('tone', version('solemn')).make('write', { text: 't2' });
    expect(run.brief).toEqual({ ask: [approveText] });
  });
});

describe('a request for changes (rule 6)', () => {
  test('may name any task upstream, sets its fields, and asks again even about an equal remake', () => {
    const run = underReview();
    expect(Object.keys(run.asked(approveText).accepts.changes ?? {})).toEqual(['research', 'write']);
    run.decide(approveText, 'changes', { changes: { task: 'research', fields: { deep: true } } });
    expect(run.toStart('research').changes).toEqual({ fields: { deep: true } });
    run.make('research', { notes: 'n1' });
    expect(run.brief).toEqual({ ask: [approveText] });
    expect(run.asked(approveText).round).toBe(1);
  });

  test('leaves earlier fields in force until they are replaced', () => {
    const run = underReview();
    run.decide(approveText, 'changes', {
      changes: { task: 'write', fields: { a: 1, b: 1 }, words: 'Shorter.' },
    });
    run.make('write', { text: 't2' });
    run.decide(approveText, 'changes', { changes: { task: 'write', fields: { b: 2 } } });
    expect(run.toStart('write').changes).toEqual({ fields: { a: 1, b: 2 }, words: 'Shorter.' });
  });

  test('may amend the inputs that are amendable, and only those', () => {
    const inputs = { topic: { amendable: false }, tone: {} };
    const run = new Run(manifest({ ...draft, inputs }))
      .make('research', { notes: 'n1' })
      .make('write', { text: 't1' });
    const changes = { task: 'write', fields: {}, inputs: { tone: version('solemn') } };
    const wrong = run.decision(run.asked(approveText), 'changes', {
      changes: { ...changes, inputs: { topic: version('another') } },
    });
    expect(fold(run.state, wrong)).toBe(run.state);
    run.decide(approveText, 'changes', { changes });
    expect(run.toStart('write').needs['tone']).toEqual(version('solemn'));
    expect(run.state.amendedBy).toEqual({});
  });

  test('withdraws approvals of what the named task makes', () => {
    const both = { approveText: review('text'), approveNotes: review('notes') };
    const run = new Run(manifest({ ...draft, checkpoints: both })).make('research', { notes: 'n1' });
    run.decide('review:approveNotes:notes', 'approve').make('write', { text: 't1' });
    run.decide(approveText, 'changes', { changes: { task: 'research', fields: {} } });
    run.make('research', { notes: 'n1' });
    expect(run.brief).toEqual({ ask: ['review:approveNotes:notes'] });
    expect(run.asked('review:approveNotes:notes').round).toBe(1);
  });

  test('that names a task which is not upstream is refused', () => {
    const run = underReview();
    const wrong = run.decision(run.asked(approveText), 'changes', { changes: { task: 'print', fields: {} } });
    expect(fold(run.state, wrong)).toBe(run.state);
  });

  test('invalidating withdraws nothing', () => {
    const run = underReview().decide(approveText, 'approve');
    run.invalidate('write').make('write', { text: 't1' });
    expect(run.brief).toEqual({ start: ['print'] });
  });
});
