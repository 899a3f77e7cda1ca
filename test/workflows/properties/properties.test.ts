import { describe, expect, test, vi } from 'vitest';
import { properties } from './all.ts';
import { loadRules } from './load-rules.ts';
import { inTests, runProperty } from './run.ts';

// How loaded the machine is must not decide.
vi.setConfig({ testTimeout: 600_000 });

const rules = await loadRules(new URL('../../../workflows/fold/', import.meta.url));

describe('for random manifests, faults, decisions and schedules', () => {
  test.each(properties)('$id: $promise', (property) => {
    const verdict = runProperty(rules, property, inTests);
    expect(verdict.report).toBe('');
    // A property that never had anything to look at would prove nothing.
    expect(verdict.telling).toBeGreaterThan(verdict.runs / 100);
  });
});
