import type { Checkpoint, Verb } from '../contracts/checkpoint.ts';
import type { JsonObject } from '../contracts/json.ts';
import { drawFrom, pickFrom, sampleSchema } from './sample-schema.ts';
import type { Draw } from './sample-schema.ts';
import type { ScriptedDecision } from './script.ts';

export interface RandomReviewerOptions {
  /** Decisions at one checkpoint after which it is only approved, retried and answered, so that runs end; 3 unless given. */
  patience?: number;
  /** Verbs that are never chosen, such as 'reject'. */
  never?: readonly Verb[];
}

/** What leads to the end of a run, by the kind of question. */
const onwards: readonly Verb[] = [
  'approve',
  'retry',
  'answer',
  'supply',
  'leave',
  'undo',
  'didNot',
  'without',
  'stop',
];

/**
 * Takes part in a run by chance: any decision that is offered, with any fields that fit. What is decided hangs on the
 * seed, the checkpoint and how often it was decided before alone, never on the order in which checkpoints open.
 */
export function randomReviewer(
  seed: number,
  { patience = 3, never = [] }: RandomReviewerOptions = {},
): (checkpoint: Checkpoint) => ScriptedDecision {
  const decided = new Map<string, number>();
  return (checkpoint) => {
    const { id, offers } = checkpoint;
    const before = decided.get(id) ?? 0;
    decided.set(id, before + 1);
    const draw = drawFrom(seed, id, String(before));
    const allowed = offers.filter((verb) => !never.includes(verb));
    const ending = onwards.filter((verb) => allowed.includes(verb));
    const verb = before >= patience ? ending[0] : pickFrom(draw, allowed);
    if (verb === undefined)
      throw new Error(`Nothing of what ${id} offers (${offers.join(', ')}) may be chosen here.`);
    return { verb, ...payloadOf(verb, checkpoint, draw) };
  };
}

function payloadOf(verb: Verb, { accepts, task }: Checkpoint, draw: Draw): Omit<ScriptedDecision, 'verb'> {
  switch (verb) {
    case 'edit':
      return { delta: sampleSchema(accepts.edit ?? {}, draw) };
    case 'answer':
      return { answer: accepts.answer ? sampleSchema(accepts.answer, draw) : 'yes' };
    case 'supply':
      return {
        artifacts: Object.fromEntries(
          Object.entries(accepts.supply ?? {}).map(([name, schema]) => [name, sampleSchema(schema, draw)]),
        ),
      };
    case 'changes':
    case 'redo': {
      const asked = pickFrom(draw, Object.keys(accepts.changes ?? {})) ?? task;
      if (asked === undefined) return {};
      const fields = sampleSchema(accepts.changes?.[asked] ?? { type: 'object' }, draw);
      return { changes: { task: asked, fields: fields as JsonObject } };
    }
    default:
      return {};
  }
}
