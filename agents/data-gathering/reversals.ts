import type { GroupPlan } from './group-plan.ts';
import { readNumber } from './parse-number.ts';
import type { LedgerMarks } from './settle-ledger.ts';
import { refuse } from './reading.ts';
import type { Reading } from './reading.ts';
import { compileScreen } from './screen-rows.ts';
import type { RecordStream } from './stream-records.ts';

const MAX_REVERSALS = 500_000;

export interface Reversals {
  /** Whether a later row takes this one back; each takes back one. */
  takesBack: (
    cells: readonly string[],
    numberAt: (position: number) => number | null,
    line: number,
  ) => boolean;
}

/** Reads a ledger for the rows that take others back, since these stand after them; null where the plan has none. */
export async function collectReversals(
  { reversals, screens }: GroupPlan,
  open: (columns: readonly string[]) => Promise<Reading<RecordStream>>,
  { mark, positionOf }: LedgerMarks,
): Promise<Reading<Reversals | null>> {
  if (!reversals) return { ok: true, value: null };
  const index = screens.findIndex(({ kind }) => kind === reversals.screen);
  const screen = screens[index];
  if (!screen)
    return refuse(
      'Data.Unfit',
      `The plan has no screen ${reversals.screen} whose rows could take others back.`,
    );
  const screened = screens.slice(0, index + 1).flatMap(({ when }) => when.map(({ column }) => column));
  const opened = await open([...reversals.match, reversals.amount, ...screened]);
  if (!opened.ok) return opened;
  const positions = reversals.match.map(positionOf);
  const amountAt = positionOf(reversals.amount);
  const isReversal = compileScreen(screen, positionOf);
  const before = screens.slice(0, index).filter(({ treat }) => treat === 'leaveOut');
  const leftOut = before.map((one) => compileScreen(one, positionOf));
  const keyOf = (cells: readonly string[], amount: number): string =>
    `${positions.map((at) => cells[at] ?? '').join('\u001f')}\u001f${amount}`;
  /** Lines of the rows that take back, oldest first. */
  const waiting = new Map<string, number[]>();
  let count = 0;
  const fault = await opened.value.read((cells, line) => {
    const numberAt = (at: number): number | null => readNumber(cells[at] ?? '', mark);
    if (!isReversal(cells, numberAt) || leftOut.some((test) => test(cells, numberAt))) return null;
    const amount = numberAt(amountAt);
    if (amount === null || amount === 0) return null;
    count += 1;
    if (count > MAX_REVERSALS) {
      return refuse('Data.TooLarge', `Over ${MAX_REVERSALS} rows take others back; that is the limit.`);
    }
    const key = keyOf(cells, -amount);
    const lines = waiting.get(key);
    if (lines) lines.push(line);
    // A cell is a window on the piece of the file that it came from, and would keep all of it.
    else waiting.set(detach(key), [line]);
    return null;
  });
  if (fault) return fault;
  return {
    ok: true,
    value: {
      takesBack: (cells, numberAt, line) => {
        const amount = numberAt(amountAt);
        const lines = amount === null ? undefined : waiting.get(keyOf(cells, amount));
        const at = lines?.findIndex((later) => later > line) ?? -1;
        if (at < 0) return false;
        lines?.splice(at, 1);
        return true;
      },
    },
  };
}

/** A copy that shares no memory with the text it was cut from. */
export function detach(text: string): string {
  return Buffer.from(text).toString();
}
