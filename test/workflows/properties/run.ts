import fc from 'fast-check';
import type { Property } from './property.ts';
import type { Rules } from './rules.ts';
import { Violation } from './property.ts';
import { scenarios } from './scenario.ts';

/** What the tests run: enough for each property to find every mutant that it is there for. */
export const inTests = { runs: 200, seed: 20_261_122 };

export interface Verdict {
  failed: boolean;
  /** The property itself did not hold: nothing merely broke. */
  violated: boolean;
  /** Why, and how to see it again. */
  report: string;
  runs: number;
  /** Runs in which the property had something to look at. */
  telling: number;
}

/** Checks a property on so many scenarios; `shrink: false` stops at the first failure as found. */
export function runProperty(
  rules: Rules,
  property: Property,
  { runs, seed, shrink = true }: { runs: number; seed: number; shrink?: boolean },
): Verdict {
  let telling = 0;
  const result = fc.check(
    fc.property(scenarios(property.scope), (scenario) => {
      if (property.check(rules, scenario)) telling += 1;
    }),
    { numRuns: runs * (property.weight ?? 1), seed, endOnFailure: !shrink },
  );
  const error = result.errorInstance;
  const told = error instanceof Violation ? error.message : error instanceof Error ? (error.stack ?? '') : '';
  const path = result.counterexamplePath ?? '';
  return {
    failed: result.failed,
    violated: error instanceof Violation,
    report: result.failed ? `${property.id}: ${property.promise}\nseed ${seed}, path ${path}\n${told}` : '',
    runs: result.numRuns,
    telling,
  };
}
