import type { ActAnswer } from '../contracts/messages.ts';
import { print } from './output.ts';

/** What an act opened, and how much is open. */
export function printOpen({ opened, open }: Pick<ActAnswer, 'opened' | 'open'>): void {
  for (const { id, digest } of opened) print(`  open now: ${id}, digest ${digest.slice(0, 12)}`);
  if (open > opened.length) print(`  open in all: ${open}`);
}
