import { describe, expect, test } from 'vitest';
import { properties } from './all.ts';
import { loadRules } from './load-rules.ts';
import { runProperty } from './run.ts';

const rules = await loadRules(new URL('../../../workflows/fold/', import.meta.url));

/** Enough for each to find every mutant that it is there for; `million.ts` runs more. */
const runs = 200;

describe('for random manifests, faults, decisions and schedules', () => {
  test.each(properties)('$id: $promise', (property) => {
    const verdict = runProperty(rules, property, { runs, seed: 20_261_122 });
    expect(verdict.report).toBe('');
    // A property that never had anything to look at would prove nothing.
    expect(verdict.telling).toBeGreaterThan(runs / 50);
  });
});
