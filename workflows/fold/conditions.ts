import type { Condition } from '../../contracts/manifest.ts';
import type { Cell } from './view.ts';
import { meetsSchema } from './meets-schema.ts';

/** Whether a condition holds, and whether that can still change without an amendment. */
export interface Truth {
  holds: 'yes' | 'no' | 'unknown';
  firm: boolean;
}

export const holdsAlways: Truth = { holds: 'yes', firm: true };

/** Whether a condition over facts holds, by what each of its artifacts is now; an absent one's facts are null. */
export function evaluate(when: Condition | undefined, look: (artifact: string) => Cell): Truth {
  if (when === undefined) return holdsAlways;
  let firm = true;
  let unknown = false;
  let fails = false;
  let failsFirmly = false;
  for (const [artifact, schema] of Object.entries(when)) {
    const cell = look(artifact);
    if (cell.state === 'waiting' || cell.state === 'gated') {
      unknown = true;
      continue;
    }
    if (!meetsSchema(schema, cell.state === 'absent' ? null : cell.version.facts)) {
      fails = true;
      failsFirmly ||= cell.firm;
    }
    firm &&= cell.firm;
  }
  if (fails) return { holds: 'no', firm: failsFirmly };
  return unknown ? { holds: 'unknown', firm: false } : { holds: 'yes', firm };
}
