import type { RecordedOutcome } from './read-run.ts';

/**
 * One epoch's outcomes as they were folded, and whether a number is missing among them. Activities append what rides
 * with them, so neighbours in the chain may stand in another order than they were folded in: their numbers say which.
 * What bears no number took one all the same, and so stands where the numbers leave a gap.
 */
export function orderOutcomes(outcomes: RecordedOutcome[]): {
  ordered: RecordedOutcome[];
  complete: boolean;
} {
  const chain = outcomes.toSorted((a, b) => a.index - b.index);
  const placed = new Map<number, RecordedOutcome>();
  for (const one of chain) if (one.seq !== null) placed.set(one.seq, one);
  const placeAfter = (number: number, one: RecordedOutcome): number => {
    let free = number + 1;
    while (placed.has(free)) free++;
    placed.set(free, one);
    return free;
  };
  let highest = -1;
  let before: { number: number; at: string } | undefined;
  for (const one of chain) {
    const { outcome, seq, at } = one;
    if (outcome.type === 'close' && seq === null) continue;
    // What arrived in one batch with the outcome before it was numbered with it. An effect's end that arrived by itself
    // took its number only then: a higher one than all that the chain has before it.
    const batched =
      outcome.type === 'effectEnded' && outcome.end.kind === 'uncertain' && before?.at === at
        ? before.number
        : highest;
    const number = seq ?? placeAfter(batched, one);
    highest = Math.max(highest, number);
    before = { number, at };
  }
  const ordered = [...placed].sort(([a], [b]) => a - b).map(([, one]) => one);
  const complete = ordered.length === Math.max(-1, ...placed.keys()) + 1;
  // Nothing is folded after a close.
  const closes = chain.filter(({ outcome, seq }) => outcome.type === 'close' && seq === null);
  return { ordered: [...ordered, ...closes], complete };
}
