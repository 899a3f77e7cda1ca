import type { Version } from '../../contracts/artifact.ts';
import type { Manifest } from '../../contracts/manifest.ts';
import type { State } from '../../contracts/state.ts';

export interface Start {
  run: string;
  manifest: Manifest;
  inputs: { [field: string]: Version };
  /** Artifacts supplied from the start: nothing upstream of them is made. */
  pinned?: { [artifact: string]: Version };
  startedBy: string;
  /** Fingerprints of the doors' keys that count. */
  trusted: string[];
}

/** A run in which nothing has happened yet. */
export function initialState({ run, manifest, inputs, pinned, startedBy, trusted }: Start): State {
  return {
    rules: 1,
    run,
    epoch: 1,
    manifest,
    status: 'open',
    startedBy,
    trusted,
    inputs,
    amendedBy: {},
    pinned: pinned ?? {},
    changes: {},
    results: {},
    tasks: {},
    overlays: {},
    drafts: {},
    verdicts: {},
    slots: {},
    seen: {},
    brakes: { pause: false, askAlways: false },
  };
}
