import type { DecisionRequest } from '../client/create-client.ts';
import type { Person } from '../client/door.ts';
import type { Checkpoint } from '../contracts/checkpoint.ts';
import type { Manifest } from '../contracts/manifest.ts';

/** What a scripted person does at a checkpoint; who they are follows from the checkpoint unless given. */
export type ScriptedDecision = Omit<DecisionRequest, 'checkpoint' | 'digest'> & { person?: Person };

/** Decisions in the order in which they are taken, by checkpoint name; or a function of what is asked. */
export type Script =
  | { [checkpoint: string]: ScriptedDecision[] }
  | ((checkpoint: Checkpoint) => ScriptedDecision | undefined);

/** A person who may decide this checkpoint. */
export function personFor(checkpoint: Checkpoint): Person {
  const { by } = checkpoint;
  return 'role' in by ? { id: `a-${by.role}`, roles: [by.role] } : { id: by.person, roles: [] };
}

/** Whoever owns the process; where that is a role, the person of this id in it. */
export function ownerOf({ owner }: Pick<Manifest, 'owner'>, id: string): Person {
  return 'role' in owner ? { id, roles: [owner.role] } : { id: owner.person, roles: [] };
}

/** A script as it is read: the decision that is due at a checkpoint, taken off once it is made. */
export interface Reading {
  /** Throws where the script ends before the run does. */
  decide(checkpoint: Checkpoint): ScriptedDecision;
  taken(checkpoint: Checkpoint): void;
}

export function readScript(script: Script): Reading {
  const left = typeof script === 'function' ? {} : structuredClone(script);
  return {
    decide(checkpoint) {
      const { name, kind, shown } = checkpoint;
      const decision = typeof script === 'function' ? script(checkpoint) : left[name]?.[0];
      if (decision) return decision;
      throw new Error(`The script has no decision for ${name} (${kind}): ${JSON.stringify(shown)}`);
    },
    taken({ name }) {
      if (typeof script !== 'function') left[name]?.shift();
    },
  };
}
