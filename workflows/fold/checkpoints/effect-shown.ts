import type { Version } from '../../../contracts/artifact.ts';
import type { Shown } from '../../../contracts/checkpoint.ts';
import type { Slot } from '../view.ts';
import { versionOf } from './basis.ts';

/** All that a person has to know of an effect: what goes where, and what it will have done to the world. */
export function showEffect({ effect, declared, held }: Slot, n: number): NonNullable<Shown['effect']> {
  const { connector, destination, arguments: passed, consequences } = declared;
  const filled = held.status === 'done' && held.digest !== undefined ? { filled: held.digest } : {};
  return { name: effect, connector, destination, arguments: passed, consequences, n, ...filled };
}

/** What would be done with: nothing where a subject is gone for good. */
export function showSubjects({ content, subjects, declared }: Slot): { [artifact: string]: Version | null } {
  if (content.state === 'wanted') return content.subjects;
  const cells = new Map(subjects.map(({ artifact, cell }) => [artifact, cell]));
  return Object.fromEntries(
    declared.subjects.map((artifact) => {
      const cell = cells.get(artifact);
      return [artifact, cell ? versionOf(cell) : null];
    }),
  );
}

/** What the shown subjects hang on, by identity. */
export function partsOf(slot: Slot): unknown[] {
  return [slot.held, slot.content.state, ...Object.values(showSubjects(slot))];
}
