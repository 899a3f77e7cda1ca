import { manifest, review, version } from './manifests.ts';
import { Run, actor } from './run.ts';

export const editable = { type: 'object', properties: { to: { type: 'string' } }, required: ['to'] };
export const draft = {
  inputs: ['topic', 'tone'],
  tasks: {
    research: { needs: ['topic'], produces: ['notes'] },
    write: { needs: ['notes', 'tone'], produces: ['text'] },
    print: { needs: ['text'], produces: ['page'] },
  },
  outputs: ['page'],
  checkpoints: { approveText: review('text', { editable }) },
};
export const approveText = 'review:approveText:text';
export const edited = version('edited');

export function underReview(terse = draft): Run {
  return new Run(manifest(terse)).make('research', { notes: 'n1' }).make('write', { text: 't1' });
}

/** Has the text edited by a person, up to where the result is shown. */
export function edit(run: Run, person = 'editor'): Run {
  run.decide(approveText, 'edit', { delta: { to: 'edited' }, by: actor(person, 'analyst') });
  const [wanted] = run.next.applyEdit;
  if (!wanted) throw new Error('No edit is to be applied.');
  const { cell, base, delta } = wanted;
  return run.apply({ type: 'editApplied', cell, base, delta, end: { result: edited } });
}
