import { describe, expect, it } from 'vitest';
import { decisionDigest } from '../../contracts/checkpoint.ts';
import type { Json } from '../../contracts/json.ts';
import type { Act } from '../../contracts/act.ts';
import { VerifiedAct } from '../../contracts/signed-act.ts';
import { judgeAct } from '../../workflows/acts/judge-act.ts';
import { fold } from '../../workflows/fold/fold.ts';
import { marketOutlook, version } from './fold/manifests.ts';
import { Run } from './fold/run.ts';

const now = Date.parse('2026-01-01T00:00:00.000Z');

/** A run that asks for its forecast, and the act that would approve it. */
function asking() {
  const run = new Run(marketOutlook());
  run.make('gather', { series: version('s1') }).make('forecasting', { forecast: version('f1') });
  const checkpoint = run.next.ask[0]!;
  const state = { ...run.state, trusted: ['a-door'] };
  const act = {
    kind: 'decide',
    id: 'decision-1',
    run: state.run,
    epoch: state.epoch,
    person: 'an-analyst',
    roles: 'role' in checkpoint.by ? [checkpoint.by.role] : [],
    at: '2026-01-01T00:00:00.000Z',
    expiresAt: '2026-01-01T00:10:00.000Z',
    nonce: 'n'.repeat(16),
    checkpoint: checkpoint.id,
    digest: decisionDigest(state.run, state.epoch, checkpoint),
    verb: 'approve',
  } as const;
  return { state, act };
}

const judge = (
  state: ReturnType<typeof asking>['state'],
  act: object,
  { by = 'a-door', at = now }: { by?: string; at?: number } = {},
) => judgeAct(state, new VerifiedAct(by, act as Act), at);

describe('whether an act counts', () => {
  it('until the moment it expires, and not after', () => {
    const { state, act } = asking();
    const expiry = Date.parse(act.expiresAt);
    expect(judge(state, act, { at: expiry }).kind).toBe('accepted');
    expect(judge(state, act, { at: expiry + 1 })).toMatchObject({ type: 'Decision.Expired' });
  });

  it('judging changes nothing: the same act gets the same judgement', () => {
    const { state, act } = asking();
    const before = JSON.stringify(state);
    expect(judge(state, act)).toEqual(judge(state, act));
    expect(JSON.stringify(state)).toBe(before);
  });

  it('once folded it has been seen, also when it has expired since; another one under its id has not', () => {
    const { state, act } = asking();
    const judgement = judge(state, act);
    if (judgement.kind !== 'accepted') throw new Error('The act should have been accepted.');
    const after = fold(state, judgement.outcome);
    const late = { at: now + 3_600_000 };
    expect(judge(after, act, late)).toEqual({ kind: 'seen', id: act.id });
    expect(judge(after, { ...act, verb: 'reject' }, late)).toMatchObject({ type: 'Decision.IdInUse' });
    expect(judge(after, { ...act, person: 'another' }, late)).toMatchObject({ type: 'Decision.IdInUse' });
    expect(judge(after, { ...act, id: 'decision-2' })).toMatchObject({ type: 'Checkpoint.NotOpen' });
  });

  it('only what the converter made of verified bytes is an act at all', () => {
    const { state, act } = asking();
    for (const claimed of [act, { by: 'a-door', act }, null, undefined, 'approve', 1]) {
      expect(judgeAct(state, claimed, now)).toMatchObject({ type: 'Decision.Unsigned' });
    }
    expect(judge(state, act, { by: '' })).toMatchObject({ type: 'Decision.BadSignature' });
    expect(judge(state, act, { by: 'another-door' })).toMatchObject({ type: 'Decision.Untrusted' });
  });

  it('text that can not be hashed, or nesting without end, makes no act', () => {
    const { state, act } = asking();
    const half = '\ud83d';
    let deep: Json = 'deep';
    for (let level = 0; level < 10_000; level++) deep = [deep];
    const unfit = [{ reason: half }, { person: half }, { answer: { [half]: 1 } }, { answer: ['a', [half]] }];
    for (const part of [...unfit, { delta: deep }])
      expect(judge(state, { ...act, ...part } as Act)).toMatchObject({ type: 'Decision.Malformed' });
    expect(judge(state, { ...act, reason: '😀' } as Act).kind).toBe('accepted');
  });

  it('an id that every object has is no decision that was seen', () => {
    const { state, act } = asking();
    expect(judge(state, { ...act, id: 'constructor' }).kind).toBe('accepted');
    expect(judge(state, { ...act, id: '__proto__' }).kind).toBe('accepted');
  });
});
