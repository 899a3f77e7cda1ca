import type { LedgerHead, Store } from '../../contracts/ports.ts';
import { exitCodes } from '../exit-codes.ts';
import { findRun, hasStore, withStore } from '../open-folder.ts';
import { paint, print, printJson, say } from '../output.ts';
import type { Settings } from '../settings.ts';

interface Verified {
  run: string;
  records: number;
  head: LedgerHead | null;
  /** Whether the head was compared with the one in the run's history. */
  anchored: boolean;
  breaks: { index: number; problem: string }[];
}

/** Verifies the chain of one run, or of all; against the heads in Temporal's histories where its server answers. */
export async function verifyLedger(settings: Settings, given: string | undefined): Promise<void> {
  if (!hasStore(settings) && given === undefined) {
    print(`Nothing was recorded in ${settings.folder} yet.`);
    if (settings.json) printJson([]);
    return;
  }
  const verified = await withStore(settings, async (store) => {
    const runs = given === undefined ? await store.ledger.runs() : [(await findRun(store, given)).run];
    const heads = await readHeads(settings, store, runs);
    const results: Verified[] = [];
    for (const run of runs) results.push(await verifyRun(store, run, heads.get(run)));
    return results;
  });
  for (const one of verified) {
    const head = one.head ? `head ${one.head.hash.slice(0, 16)}` : 'no head';
    const anchor = one.anchored ? ", as in Temporal's history" : '';
    if (one.breaks.length === 0)
      print(`${paint('green', 'whole ')}  ${one.run}  ${one.records} records, ${head}${anchor}`);
    else print(`${paint('red', 'broken')}  ${one.run}  ${one.records} records`);
    for (const { index, problem } of one.breaks) print(`          record ${index}: ${problem}`);
  }
  if (verified.length === 0) print('Nothing was recorded yet.');
  if (settings.json) printJson(verified);
  if (verified.some(({ breaks }) => breaks.length > 0)) process.exitCode = exitCodes.broken;
}

async function verifyRun(store: Store, run: string, head: LedgerHead | undefined): Promise<Verified> {
  const last = (await store.ledger.read(run)).at(-1);
  return {
    run,
    records: last ? last.index + 1 : 0,
    head: last ? { index: last.index, hash: last.hash } : null,
    anchored: head !== undefined,
    breaks: await store.ledger.verify(run, head),
  };
}

/** The heads that Temporal keeps, for the runs that it still has. None where no server answers. */
async function readHeads(settings: Settings, store: Store, runs: string[]): Promise<Map<string, LedgerHead>> {
  const heads = new Map<string, LedgerHead>();
  const { readHistoryHeads } = await import('../history-heads.ts');
  try {
    for (const [run, head] of await readHistoryHeads(settings, store, runs)) heads.set(run, head);
  } catch {
    say(
      "No Temporal server answers: chains are verified by themselves, without the heads in Temporal's histories.",
    );
  }
  return heads;
}
