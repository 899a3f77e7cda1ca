import { ApplicationFailure } from '@temporalio/common';
import type { Reference, Version } from '../contracts/artifact.ts';
import { failures } from '../contracts/failures.ts';
import type { Json } from '../contracts/json.ts';
import { canonicalJson } from '../contracts/json.ts';
import type { PerformEffectInput, PerformEffectOutput } from '../contracts/messages.ts';
import { recordId } from '../contracts/outcome.ts';
import type { OutcomeOf } from '../contracts/outcome.ts';
import type { Commit, LedgerHead, SlotRow, Store } from '../contracts/ports.ts';
import type { CallEnd } from './call-connector.ts';

type EffectEnded = OutcomeOf<'effectEnded'>;

/** Records how a held slot's call ended, with the close that its success leads to. */
export async function settle(
  store: Store,
  input: PerformEffectInput,
  holder: string,
  end: CallEnd,
): Promise<PerformEffectOutput> {
  const { run, slot, n, verb, tries } = input;
  const outcome = await toOutcome(store, input, end);
  const proof: NonNullable<Commit['settle']> = {
    run,
    slot,
    n,
    verb,
    tries,
    holder,
    end: end.kind,
    ...(end.kind === 'success' ? { receipt: end.receipt } : { failure: end.failure }),
  };
  const { closes, commit } = toCommit(input, outcome);
  try {
    return { outcome, head: await store.commit({ ...commit, settle: proof }), closed: closes };
  } catch (error) {
    if (end.kind !== 'success' || isUnavailable(error)) throw error;
    // Too late to say how this try ended, but not to prove that it happened: whoever asks next is told so.
    await store.commit({ settle: proof });
    throw overtaken(error, slot);
  }
}

/** What is on record of a try that ended, and the record itself where this try was ended by another's proof. */
export async function recordEnded(
  store: Store,
  input: PerformEffectInput,
  row: SlotRow,
): Promise<PerformEffectOutput> {
  const outcome = await toOutcome(store, input, endOf(row, input));
  const { closes, commit } = toCommit(input, outcome);
  try {
    return { outcome, head: await store.commit(commit), closed: closes };
  } catch (error) {
    if (!(error instanceof ApplicationFailure) || error.type !== 'Ledger.Broken') throw error;
    // A proof came after this try's end was recorded otherwise: what the record says of the try stands.
    const { recorded, head } = await readRecorded(store, input, outcome);
    if (!recorded) throw error;
    return { outcome: recorded, head, closed: false };
  }
}

function endOf(row: SlotRow, input: PerformEffectInput): CallEnd {
  if (row.status === 'success') {
    if (row.digest === input.digest) return { kind: 'success', receipt: row.receipt ?? null };
    const message = `An earlier call for ${input.slot} turned out to have happened, with other content (${row.digest}).`;
    return { kind: 'uncertain', failure: { type: 'Effect.Uncertain', message } };
  }
  const failure = row.failure ?? {
    type: 'Effect.Uncertain',
    message: 'It is not known whether it happened.',
  };
  return { kind: row.status === 'refused' ? 'refused' : 'uncertain', failure };
}

async function toOutcome(store: Store, input: PerformEffectInput, end: CallEnd): Promise<EffectEnded> {
  const { slot, n, verb, tries, receipt } = input;
  const named: Omit<EffectEnded, 'end'> = { type: 'effectEnded', slot, n, verb, tries };
  if (end.kind !== 'success') return { ...named, end: { kind: end.kind, failure: end.failure } };
  if (receipt === undefined) return { ...named, end: { kind: 'success' } };
  const kept = await keepReceipt(store, receipt, end.receipt);
  return { ...named, end: { kind: 'success', receipt: kept.version }, reference: kept.reference };
}

function toCommit(input: PerformEffectInput, outcome: EffectEnded): { closes: boolean; commit: Commit } {
  const { run, epoch } = input;
  const close = outcome.end.kind === 'success' ? input.closes : undefined;
  const batch = { run, epoch, from: 0, outcomes: close ? [outcome, close] : [outcome] };
  if (!close) return { closes: false, commit: { batch } };
  return {
    closes: true,
    commit: { batch, close: { run, epoch, status: close.to } },
  };
}

async function keepReceipt(
  store: Store,
  name: string,
  receipt: Json,
): Promise<{ version: Version; reference: Reference }> {
  const content = new Uint8Array(Buffer.from(canonicalJson(receipt)));
  const references = await store.artifacts.put([{ name, mediaType: 'application/json', content, facts: {} }]);
  const reference = references[0]!;
  return { version: { digest: reference.digest, facts: {} }, reference };
}

async function readRecorded(
  store: Store,
  { run, epoch }: PerformEffectInput,
  outcome: EffectEnded,
): Promise<{ recorded: EffectEnded | undefined; head: LedgerHead | null }> {
  const id = recordId(outcome, epoch, 0);
  const records = await store.ledger.read(run);
  const record = records.findLast((one) => one.kind === 'outcome' && one.epoch === epoch && one.id === id);
  const last = records.at(-1);
  return {
    recorded: record?.body as EffectEnded | undefined,
    head: last ? { index: last.index, hash: last.hash } : null,
  };
}

function isUnavailable(error: unknown): boolean {
  return error instanceof ApplicationFailure && error.type === 'Store.Unavailable';
}

/** `Ledger.Broken` would end the run, but here nothing is broken: this try was ended without this attempt. */
function overtaken(error: unknown, slot: string): unknown {
  if (!(error instanceof ApplicationFailure) || error.type !== 'Ledger.Broken') return error;
  return ApplicationFailure.create({
    type: 'Effect.Leased',
    message: `Another attempt at ${slot} has ended this try.`,
    details: [{ name: slot, mend: failures['Effect.Leased'].mend }],
  });
}
