import type { Checkpoint, Verb } from '../../../contracts/checkpoint.ts';
import type { Manifest } from '../../../contracts/manifest.ts';
import type { Actor, OutcomeOf } from '../../../contracts/outcome.ts';
import type { Version } from '../../../contracts/artifact.ts';
import type { Fold } from '../../../contracts/fold.ts';
import type { State } from '../../../contracts/state.ts';

/** All that the properties need of the rules: the real ones, or a mutant of them. */
export interface Rules extends Omit<Fold, 'mayDecide'> {
  mayDecide(state: State, checkpoint: Checkpoint, actor: Actor, verb: Verb): string | null;
  initialState(start: {
    run: string;
    manifest: Manifest;
    startedBy: string;
    trusted: string[];
    inputs: { [field: string]: Version };
  }): State;
  restart(state: State): State;
  fork(state: State, performs: boolean): State;
  /** Null, or why this decision does not count. */
  checkDecision(state: State, decision: OutcomeOf<'decision'>): string | null;
  /** The key of a task, once it has one. */
  keyOf(state: State, task: string): string | undefined;
  /** Whether a task's artifacts are there under its current key. */
  isMade(state: State, task: string): boolean;
  versionId(version: Version): string;
  /** By cell: the version in use or shown for review, and whether it is usable. */
  artifactsOf(state: State): {
    [cell: string]: { state: string; firm: boolean; version?: Version };
  };
}
