import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { properties } from '../properties/all.ts';
import { loadRules } from '../properties/load-rules.ts';
import { inTests, runProperty } from '../properties/run.ts';
import { mutants } from './mutants.ts';
import { clearWorkshop, countOccurrences, makeCopy, makeWorkshop } from './mutate.ts';

// How loaded the machine is must not decide.
vi.setConfig({ testTimeout: 600_000 });

let workshop: string;
beforeAll(async () => {
  workshop = await makeWorkshop();
});
afterAll(() => clearWorkshop(workshop));

test('the copy without a mutant passes', async () => {
  const rules = await loadRules(await makeCopy(workshop, 'unmutated'));
  for (const property of properties) {
    expect(runProperty(rules, property, { ...inTests, runs: 10 }).report).toBe('');
  }
});

describe('a broken rule is caught', () => {
  test.each(mutants)('$name', async (mutant) => {
    expect(await countOccurrences(mutant)).toBe(1);
    const rules = await loadRules(await makeCopy(workshop, mutant.name, mutant));
    const named = properties.filter(({ id }) => mutant.caughtBy.includes(id));
    expect(named).toHaveLength(mutant.caughtBy.length);
    // The very cases that the rules themselves pass in the properties' own test.
    const caught = named.some(
      (property) => runProperty(rules, property, { ...inTests, shrink: false }).violated,
    );
    expect(caught, `none of the properties ${mutant.caughtBy.join(', ')} fails`).toBe(true);
  });
});
