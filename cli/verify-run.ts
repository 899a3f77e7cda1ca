import type { LedgerHead, LedgerRecord, RunRow, Store } from '../contracts/ports.ts';

/** Whether the end of a chain is the one that the run's history in Temporal names; else why that is not known. */
export type EndCheck = 'checked' | 'open' | 'noServer' | 'notKept';

export interface Break {
  index: number;
  problem: string;
}

export interface Verified {
  run: string;
  records: number;
  head: LedgerHead | null;
  end: EndCheck;
  /** Whether the chain was compared with a head that was kept elsewhere. */
  anchored: boolean;
  breaks: Break[];
}

export interface Heads {
  /** By run, from Temporal's histories; null where no server answers. */
  history: Map<string, LedgerHead> | null;
  /** By run, kept elsewhere. */
  anchors: Map<string, LedgerHead>;
}

/** One run's chain: by itself, against the list of runs, and against every head of it that is known. */
export async function verifyRun(store: Store, run: string, heads: Heads): Promise<Verified> {
  const row = await store.runs.get(run);
  const records = await store.ledger.read(run);
  const last = records.at(-1);
  const head = heads.history?.get(run);
  const anchor = heads.anchors.get(run);
  const breaks = await store.ledger.verify(run, head);
  const add = (found: Break[]): void => {
    for (const one of found)
      if (!breaks.some(({ index, problem }) => index === one.index && problem === one.problem))
        breaks.push(one);
  };
  if (anchor)
    add(
      (await store.ledger.verify(run, anchor)).map(({ index, problem }) => ({
        index,
        problem: problem.replace("the run's history", 'the anchor'),
      })),
    );
  if (row) add(endMissing(row, records));
  return {
    run,
    records: last ? last.index + 1 : 0,
    head: last ? { index: last.index, hash: last.hash } : null,
    end: head ? 'checked' : checkMissing(row, heads),
    anchored: anchor !== undefined,
    breaks,
  };
}

function checkMissing(row: RunRow | null, { history }: Heads): EndCheck {
  if (row?.closedAt === null) return 'open';
  return history ? 'notKept' : 'noServer';
}

/** What the list of runs says was recorded, and is not there. */
function endMissing({ epoch, status, closedAt, launched }: RunRow, records: LedgerRecord[]): Break[] {
  const index = (records.at(-1)?.index ?? -1) + 1;
  const closed = records.some(({ id, kind }) => kind === 'outcome' && id === `close:${epoch}`);
  if (closedAt !== null && !closed)
    return [{ index, problem: `The end was cut off: the run is ${status}, and no record says so.` }];
  if (launched && !records.some((record) => record.epoch === epoch))
    return [{ index, problem: `The end was cut off: of epoch ${epoch}, which has begun, nothing is there.` }];
  return [];
}
