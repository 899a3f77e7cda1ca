import type { ManifestEffect } from '../../../contracts/manifest.ts';
import { authorise, manifest } from './manifests.ts';
import { Run } from './run.ts';

export const release = 'authorise:release:send';

/** Somebody writes a letter, somebody releases it, and it is sent. */
export function letter(effect: Partial<ManifestEffect> = {}, asked = true) {
  return manifest({
    inputs: ['topic'],
    tasks: { write: { needs: ['topic'], produces: ['text'] } },
    checkpoints: asked ? { release: authorise('send') } : {},
    effects: { send: { subjects: ['text'], ...effect } },
  });
}

export function written(effect: Partial<ManifestEffect> = {}, asked = true): Run {
  return new Run(letter(effect, asked)).make('write', { text: 't1' });
}
