import { describe, expect, it } from 'vitest';
import type { Failpoint } from '../kill/failpoints.ts';
import { planRound } from './plan.ts';

const failpoints: Failpoint[] = [
  'commit started',
  'snapshots.save gatherer',
  'answer',
  'reserve',
  'connector.call',
  'commit settle',
].flatMap((operation) => (['before', 'after'] as const).map((moment) => ({ operation, moment, nth: 1 })));
const known = { once: failpoints, each: failpoints, elements: failpoints };
const rounds = Array.from({ length: 400 }, (_, seed) => planRound(seed, known));
const plans = rounds.flatMap((round) => round.plans);

describe('hours of kills', () => {
  it('can be tried again: what dies when follows from the seed', () => {
    expect(planRound(7, known)).toEqual(planRound(7, known));
    expect(new Set(rounds.map((round) => JSON.stringify(round))).size).toBe(rounds.length);
  });

  it('come to each failpoint, to each decision, to any moment, and to the server', () => {
    const hit = new Set(plans.flatMap((plan) => plan.failpoints));
    expect(failpoints.filter((one) => !hit.has(one))).toEqual([]);
    expect(new Set(plans.map(({ process }) => process))).toEqual(new Set(['once', 'each', 'elements']));
    expect(new Set(plans.flatMap(({ waiting }) => waiting ?? []))).toEqual(new Set([0, 1, 2, 3]));
    expect(plans.filter(({ moment }) => moment !== undefined).length).toBeGreaterThan(100);
    expect(rounds.filter(({ serverDies }) => serverDies !== undefined).length).toBeGreaterThan(100);
  });

  it('kill a worker in every run, and several only where no node of a graph can run a third time', () => {
    const effect = failpoints.slice(6);
    for (const plan of plans) {
      const { failpoints: chosen, moment, waiting } = plan;
      expect([chosen.length > 0, moment !== undefined, waiting !== undefined].filter(Boolean)).toHaveLength(
        1,
      );
      if (chosen.length > 1) expect(effect).toEqual(expect.arrayContaining(chosen));
    }
    expect(plans.some((plan) => plan.failpoints.length > 2)).toBe(true);
  });
});
