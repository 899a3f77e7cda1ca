import { describe, expect, test } from 'vitest';
import { fold } from '../../../workflows/fold/fold.ts';
import { approveText, draft, edit, editable, underReview } from './draft.ts';
import { authorise, manifest, review, version } from './manifests.ts';
import { Run, actor } from './run.ts';

describe('four eyes (rule 12)', () => {
  const watched = {
    ...draft,
    checkpoints: { approveText: review('text', { editable, fourEyes: true }) },
  };
  const approves = (run: Run, person: string): boolean => {
    const decision = run.decision(run.asked(approveText), 'approve', { by: actor(person, 'analyst') });
    return fold(run.state, decision) !== run.state;
  };

  test('who started the run may not approve, but may ask for changes', () => {
    const run = underReview(watched);
    expect(approves(run, 'starter')).toBe(false);
    expect(approves(run, 'somebody')).toBe(true);
    const changes = { changes: { task: 'write', fields: {} }, by: actor('starter', 'analyst') };
    run.decide(approveText, 'changes', changes).make('write', { text: 't2' });
    expect(run.brief).toEqual({ ask: [approveText] });
  });

  test('who asked for changes may approve', () => {
    const run = underReview(watched);
    run.decide(approveText, 'changes', {
      changes: { task: 'write', fields: {} },
      by: actor('critic', 'analyst'),
    });
    run.make('write', { text: 't2' });
    expect(approves(run, 'critic')).toBe(true);
  });

  test('who edited may not approve the edit', () => {
    const run = edit(underReview(watched), 'editor');
    expect(approves(run, 'editor')).toBe(false);
    expect(approves(run, 'somebody')).toBe(true);
  });

  test('who supplied or amended anything upstream may not approve', () => {
    const run = new Run(manifest(watched));
    run.supply('research', run.toStart('research').key, { notes: version('by hand') }, 'supplier');
    run.amend('tone', version('solemn'), 'amender').make('write', { text: 't1' });
    expect(['supplier', 'amender', 'somebody'].map((person) => approves(run, person))).toEqual([
      false,
      false,
      true,
    ]);
  });

  test('nobody decides without the role that the checkpoint names', () => {
    const run = underReview();
    const decision = run.decision(run.asked(approveText), 'approve', { by: actor('somebody', 'manager') });
    expect(fold(run.state, decision)).toBe(run.state);
  });

  test('an authorisation looks at everything behind the effect', () => {
    const sent = {
      ...draft,
      checkpoints: { send: authorise('send', { fourEyes: true }) },
      effects: { send: { subjects: ['page'] } },
    };
    const run = new Run(manifest(sent as unknown as typeof draft)).amend(
      'topic',
      version('another'),
      'amender',
    );
    run.make('research', { notes: 'n' }).make('write', { text: 't' }).make('print', { page: 'p' });
    const asked = run.asked('authorise:send:send');
    const refused = run.decision(asked, 'approve', { by: actor('amender', 'manager') });
    expect(fold(run.state, refused)).toBe(run.state);
    run.decide('authorise:send:send', 'approve');
    expect(run.brief).toEqual({ perform: ['do send 0'] });
  });
});
