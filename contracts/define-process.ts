import type { z } from 'zod';
import type { By, Needs } from './define-agent.ts';
import type { When } from './condition.ts';
import type {
  Authorise,
  CheckCheckpoints,
  CheckCoordinator,
  CheckEffects,
  Checkpoints,
  CheckOutputs,
  CheckTeam,
  CheckWhens,
  Coordinator,
  Effects,
  FieldOf,
  Process,
  Review,
  Team,
  Whens,
} from './process-types.ts';
import { checkProcess } from './check-process.ts';
import { deriveManifest } from './derive-manifest.ts';
import { refuseUnknownOptions } from './process-fault.ts';

export interface ProcessDefinition<
  Name extends string = string,
  I extends z.ZodObject = z.ZodObject,
  O extends Needs = Needs,
  T extends Team = Team,
  C extends Checkpoints = Checkpoints,
  E extends Effects = Effects,
  W extends Whens = Whens,
  K extends Coordinator = Coordinator,
> {
  name: Name;
  /** Each top-level field becomes an artifact of its own. */
  input: I;
  /** Input fields that a decision may change while the run is under way. */
  amendable?: readonly FieldOf<I>[];
  /** Input fields whose values no rule may look at. */
  personal?: readonly FieldOf<I>[];
  /** What a finished run gives, by artifact. */
  output: O;
  team: T;
  /** `derived()` unless given. */
  coordinator?: K;
  checkpoints?: C;
  effects?: E;
  /** By task: on which facts it runs at all. */
  when?: W;
  /** Who takes part in what no checkpoint declares (questions, exceptions, corrections): the role 'owner' unless given. */
  owner?: By;
  budget?: { usd: number };
  /** Tasks may start from what is still under review; effects never do. */
  speculative?: boolean;
}

/**
 * Declares a process. Throws `Process.Invalid`, with every fault and its mend, for what can't work;
 * what TypeScript can tell is an error where it is written.
 */
export function defineProcess<
  const Name extends string,
  I extends z.ZodObject,
  O extends Needs,
  const T extends Team,
  C extends Checkpoints = Record<never, never>,
  E extends Effects = Record<never, never>,
  const W extends Whens = Record<never, never>,
  K extends Coordinator = { kind: 'derived' },
>(
  definition: ProcessDefinition<Name, I, O, T, C, E, W, K> & {
    output: CheckOutputs<O, T, I, E>;
    team: CheckTeam<T, I, E>;
    coordinator?: CheckCoordinator<K, T>;
    checkpoints?: CheckCheckpoints<C, T, I, E>;
    effects?: CheckEffects<E, T, I>;
    when?: CheckWhens<W, T, I>;
  },
): Process<Name, I, O, T, C, E> {
  const plain = definition as ProcessDefinition;
  checkProcess(plain);
  return {
    name: definition.name,
    manifest: deriveManifest(plain),
    inputSchema: definition.input,
    outputs: definition.output,
    team: definition.team,
    checkpoints: definition.checkpoints ?? ({} as C),
    effects: definition.effects ?? ({} as E),
  };
}

/** Chains backwards from outputs and effects: whatever is ready runs, side by side. */
export function derived(): { kind: 'derived' } {
  return { kind: 'derived' };
}

/** One task after the other, in this order. */
export function fixed<const Task extends string>(
  order: readonly Task[],
): { kind: 'fixed'; order: readonly Task[] } {
  return { kind: 'fixed', order };
}

/** Nothing uses the artifact before somebody has approved it. */
export function review<const Of extends string, const W extends When = Record<never, never>>(
  of: Of,
  options: {
    by: By;
    /** Not by who started the run, supplied or edited. */
    fourEyes?: boolean;
    /** What an approver may change by hand; the agent's `applyEdit` makes the new value from it. */
    editable?: z.ZodType;
    /** A rejection closes the run, or makes the artifact absent: 'close' unless given. */
    onReject?: 'close' | 'absent';
    when?: W;
  },
): Review<Of, NoInfer<W>> {
  refuseUnknownOptions(`review of '${of}'`, options, ['by', 'fourEyes', 'editable', 'onReject', 'when']);
  return {
    kind: 'review',
    of,
    by: options.by,
    fourEyes: options.fourEyes ?? false,
    editable: options.editable,
    onReject: options.onReject ?? 'close',
    when: options.when,
  };
}

/** The effect does not happen before somebody has approved exactly what will happen. */
export function authorise<const Name extends string, const W extends When = Record<never, never>>(
  effect: Name,
  options: {
    by: By;
    /** Not by who started the run, supplied or edited. */
    fourEyes?: boolean;
    when?: W;
  },
): Authorise<Name, NoInfer<W>> {
  refuseUnknownOptions(`authorise '${effect}'`, options, ['by', 'fourEyes', 'when']);
  return {
    kind: 'authorise',
    effect,
    by: options.by,
    fourEyes: options.fourEyes ?? false,
    when: options.when,
  };
}
