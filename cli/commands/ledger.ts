import { z } from 'zod';
import type { LedgerHead, Store } from '../../contracts/ports.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { findRun, hasStore, withStore } from '../open-folder.ts';
import { paint, print, printJson, say } from '../output.ts';
import { readJson } from '../read-input.ts';
import type { Settings } from '../settings.ts';
import { verifyRun } from '../verify-run.ts';
import type { EndCheck, Verified } from '../verify-run.ts';

export interface VerifyOptions {
  anchor?: string;
}

/** What `ledger verify --json` writes, as far as it is an anchor. */
const Anchors = z.array(
  z.object({ run: z.string(), head: z.object({ index: z.int().min(0), hash: z.string() }).nullable() }),
);

/** Verifies the chain of one run, or of all; against the heads in Temporal's histories and in an anchor, where there are. */
export async function verifyLedger(
  settings: Settings,
  given: string | undefined,
  options: VerifyOptions,
): Promise<void> {
  const anchors = options.anchor === undefined ? new Map<string, LedgerHead>() : readAnchors(options.anchor);
  if (!hasStore(settings) && given === undefined && anchors.size === 0) {
    print(`Nothing was recorded in ${settings.folder} yet.`);
    if (settings.json) printJson([]);
    return;
  }
  const verified = await withStore(settings, async (store) => {
    const runs = given === undefined ? await allRuns(store, anchors) : [(await findRun(store, given)).run];
    const heads = { history: await readHeads(settings, store, runs), anchors };
    const results: Verified[] = [];
    for (const run of runs) results.push(await verifyRun(store, run, heads));
    return results;
  });
  verified.forEach(printVerified);
  if (verified.length === 0) print('Nothing was recorded yet.');
  if (settings.json) printJson(verified);
  if (verified.some(({ breaks }) => breaks.length > 0)) process.exitCode = exitCodes.broken;
}

const endTexts: { [End in EndCheck]: string } = {
  checked: "end as in Temporal's history",
  open: 'end not checked: the run is open',
  noServer: 'end not checked: no server',
  notKept: "end not checked: Temporal's history of it is gone",
};

function printVerified({ run, records, head, end, anchored, breaks }: Verified): void {
  const parts = [
    `${records} records`,
    head ? `head ${head.hash.slice(0, 16)}` : 'no head',
    endTexts[end],
    ...(anchored ? ['goes on from the anchor'] : []),
  ];
  if (breaks.length === 0) print(`${paint('green', 'whole ')}  ${run}  ${parts.join(', ')}`);
  else print(`${paint('red', 'broken')}  ${run}  ${records} records`);
  for (const { index, problem } of breaks) print(`          record ${index}: ${problem}`);
}

/** Those on record, those that the list of runs has begun, and those that an anchor names. */
async function allRuns(store: Store, anchors: Map<string, LedgerHead>): Promise<string[]> {
  const listed = (await store.runs.list()).filter(({ launched }) => launched);
  const recorded = await store.ledger.runs();
  return [...new Set([...recorded, ...listed.map(({ run }) => run), ...anchors.keys()])].toSorted();
}

function readAnchors(file: string): Map<string, LedgerHead> {
  const read = Anchors.safeParse(readJson(`@${file}`, '--anchor'));
  if (!read.success) throw new UsageError(`--anchor: ${file} is not what \`ledger verify --json\` wrote.`);
  return new Map(read.data.flatMap(({ run, head }) => (head ? [[run, head]] : [])));
}

/** The heads that Temporal keeps, for the runs that it still has; null where no server answers. */
async function readHeads(
  settings: Settings,
  store: Store,
  runs: string[],
): Promise<Map<string, LedgerHead> | null> {
  const { readHistoryHeads } = await import('../history-heads.ts');
  try {
    return await readHistoryHeads(settings, store, runs);
  } catch {
    say("No Temporal server answers: the heads in its histories can't be compared.");
    return null;
  }
}
