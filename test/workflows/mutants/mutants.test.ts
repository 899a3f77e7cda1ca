import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { properties } from '../properties/all.ts';
import { loadRules } from '../properties/load-rules.ts';
import { runProperty } from '../properties/run.ts';
import { mutants } from './mutants.ts';
import { clearWorkshop, countOccurrences, makeCopy, makeWorkshop } from './mutate.ts';

/** A mutant's run ends with its first failure; most need far fewer. */
const runs = 600;
const seed = 20_261_122;

let workshop: string;
beforeAll(async () => {
  workshop = await makeWorkshop();
});
afterAll(() => clearWorkshop(workshop));

test('the copy without a mutant passes', async () => {
  const rules = await loadRules(await makeCopy(workshop, 'unmutated'));
  for (const property of properties) {
    expect(runProperty(rules, property, { runs: 20, seed }).report).toBe('');
  }
});

describe('a broken rule is caught', () => {
  test.each(mutants)('$name', async (mutant) => {
    expect(await countOccurrences(mutant)).toBe(1);
    const rules = await loadRules(await makeCopy(workshop, mutant.name, mutant));
    const named = properties.filter(({ id }) => mutant.caughtBy.includes(id));
    expect(named).toHaveLength(mutant.caughtBy.length);
    const caught = named.some(
      (property) => runProperty(rules, property, { runs, seed, shrink: false }).failed,
    );
    expect(caught, `none of the properties ${mutant.caughtBy.join(', ')} fails`).toBe(true);
  });
});
