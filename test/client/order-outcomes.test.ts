import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomesOf } from '../../client/read-run.ts';
import { orderOutcomes } from '../../client/order-outcomes.ts';
import type { Json } from '../../contracts/json.ts';
import type { Outcome, OutcomeOf } from '../../contracts/outcome.ts';
import { recordId } from '../../contracts/outcome.ts';
import type { LedgerRecord } from '../../contracts/ports.ts';

type Batch = { from: number; outcomes: Outcome[] };

const started = (seq: number): Outcome => ({ type: 'started', task: 'teller', attempt: seq, key: `${seq}` });
const effectEnded = (seq: number, end: OutcomeOf<'effectEnded'>['end']): Outcome => {
  return { type: 'effectEnded', slot: `letter/${seq}`, n: 0, verb: 'do', tries: 0, end };
};
const close: Outcome = { type: 'close', to: 'finished' };
const sent = { kind: 'success' } as const;
const lost = { kind: 'uncertain', failure: { type: 'Effect.Uncertain', message: 'No answer.' } } as const;

/** The chain that appending these batches in this order gives: what is there already is not appended again. */
function append(batches: Batch[]): LedgerRecord[] {
  const records = new Map<string, LedgerRecord>();
  for (const [commit, { from, outcomes }] of batches.entries()) {
    for (const [place, outcome] of outcomes.entries()) {
      const id = recordId(outcome, 1, from + place);
      if (records.has(id)) continue;
      records.set(id, {
        run: 'a-run',
        index: records.size,
        epoch: 1,
        id,
        kind: 'outcome',
        body: outcome as unknown as Json,
        at: new Date(commit).toISOString(),
        previous: '',
        hash: '',
      });
    }
  }
  return [...records.values()];
}

const read = (batches: Batch[]): { order: Outcome[]; complete: boolean } => {
  const outcomes = outcomesOf(append(batches));
  return { order: outcomes.map(({ outcome }) => outcome), complete: orderOutcomes(outcomes).complete };
};
const one = (from: number, ...outcomes: Outcome[]): Batch => ({ from, outcomes });

/** What of the fold's order these batches hold, and whether a hole is left in it. */
function expected(folded: Outcome[], batches: Batch[]): { order: Outcome[]; complete: boolean } {
  const there = new Set(batches.flatMap(({ outcomes }) => outcomes));
  const order = folded.filter((outcome) => there.has(outcome));
  const last = folded.findLastIndex((outcome) => there.has(outcome) && outcome.type !== 'close');
  return { order, complete: folded.slice(0, last + 1).every((outcome) => there.has(outcome)) };
}

/** Batches of neighbours, some of which overlap, in any order, any of them missing. */
const appended = (folded: Outcome[]): fc.Arbitrary<Batch[]> =>
  fc
    .array(fc.record({ from: fc.nat({ max: folded.length - 1 }), length: fc.integer({ min: 1, max: 6 }) }), {
      maxLength: 12,
    })
    .map((pieces) =>
      pieces.map(({ from, length }) => ({ from, outcomes: folded.slice(from, from + length) })),
    );

describe('the order of the outcomes that a ledger holds', () => {
  it('is the order of the fold, whatever is missing, in whatever order batches were appended', () => {
    const history = fc.record({ length: fc.integer({ min: 1, max: 20 }), closed: fc.boolean() });
    const cases = history
      .map(({ length, closed }) => [
        ...Array.from({ length }, (_, seq) => started(seq)),
        ...(closed ? [close] : []),
      ])
      .chain((folded) => fc.record({ folded: fc.constant(folded), batches: appended(folded) }));
    fc.assert(
      fc.property(cases, ({ folded, batches }) => {
        expect(read(batches)).toEqual(expected(folded, batches));
      }),
      { numRuns: 2_000 },
    );
  });

  it('has effects ends in their places: they are recorded before they are folded, what is numbered after it', () => {
    // Each effect's end is a commit of its own, made when all before it in the fold was numbered and nothing after it.
    const kinds = fc.array(fc.constantFrom('numbered', 'effect'), { minLength: 1, maxLength: 20 });
    const cases = kinds
      .map((all) => all.map((kind, seq) => (kind === 'effect' ? effectEnded(seq, sent) : started(seq))))
      .chain((folded) =>
        fc.record({
          folded: fc.constant(folded),
          // How many commits later a numbered outcome arrives than it was folded.
          delays: fc.array(fc.nat({ max: 4 }), { minLength: folded.length, maxLength: folded.length }),
        }),
      );
    fc.assert(
      fc.property(cases, ({ folded, delays }) => {
        const batches = folded
          .map((outcome, seq) => ({
            batch: one(seq, outcome),
            time: outcome.type === 'effectEnded' ? seq : seq + 0.5 + delays[seq]!,
          }))
          .sort((a, b) => a.time - b.time)
          .map(({ batch }) => batch);
        expect(read(batches)).toEqual({ order: folded, complete: true });
      }),
      { numRuns: 2_000 },
    );
  });

  it('has effects ends in their places too where what was numbered is missing, and the rest came in order', () => {
    const kinds = fc.array(
      fc.record({ kind: fc.constantFrom('numbered', 'sent', 'lost'), there: fc.boolean() }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(kinds, (all) => {
        const folded = all.map(({ kind }, seq) =>
          kind === 'numbered' ? started(seq) : effectEnded(seq, kind === 'sent' ? sent : lost),
        );
        const batches = folded.flatMap((outcome, seq) => (all[seq]!.there ? [one(seq, outcome)] : []));
        expect(read(batches).order).toEqual(expected(folded, batches).order);
      }),
      { numRuns: 2_000 },
    );
  });

  it('walks over a gap, and says that one is there', () => {
    const [first, second, fifth] = [started(0), started(1), started(4)];
    expect(read([one(4, fifth), one(0, first, second)])).toEqual({
      order: [first, second, fifth],
      complete: false,
    });
  });

  it('has an end that a batch carried beside its neighbour, though a later batch came first', () => {
    const [first, end, third] = [started(0), effectEnded(1, lost), started(2)];
    expect(read([one(2, third), one(0, first, end)])).toEqual({ order: [first, end, third], complete: true });
  });

  it('has the close last, also before something that arrived late', () => {
    const [first, second] = [started(0), started(1)];
    expect(read([one(0, first), one(2, close), one(1, second)])).toEqual({
      order: [first, second, close],
      complete: true,
    });
  });
});
