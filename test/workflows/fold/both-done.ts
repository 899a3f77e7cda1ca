import { manifest } from './manifests.ts';
import { Run } from './run.ts';

export const two = manifest({
  inputs: ['topic'],
  tasks: {
    write: { needs: ['topic'], produces: ['text'] },
    draw: { needs: ['topic'], produces: ['picture'] },
  },
  effects: { print: { subjects: ['text'] }, show: { subjects: ['picture'] } },
});

/** Both effects done, the picture shown first, and something still to do. */
export function bothDone(): Run {
  const run = new Run(two)
    .make('draw', { picture: 'p' })
    .perform('show')
    .make('write', { text: 't' })
    .perform('print');
  return run.invalidate('draw');
}
