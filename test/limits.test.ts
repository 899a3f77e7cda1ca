import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { failures } from '../contracts/failures.ts';
import { findUnstated, writeLimitsPage } from '../tools/write-limits.ts';
import { readProduction } from './sources.ts';

const page = readFileSync(path.join(import.meta.dirname, '../docs/reference/limits.md'), 'utf8');
// What the command line shows of something is cut to the terminal's size; an example's own schemas are its own.
const sources = new Map([...readProduction()].filter(([file]) => !/^(cli|examples)\//.test(file)));

describe('the page of limits', () => {
  it('states the numbers of the code; `npm run limits` writes it', () => {
    expect(page).toBe(writeLimitsPage());
    // What is misspelt in its text names no limit, and would stand there as it is.
    expect(page).not.toMatch(/[{}]/);
  });

  it('leaves out no limit that the code has', () => {
    expect(sources.size).toBeGreaterThan(100);
    expect(findUnstated(sources), 'state them in tools/limits.md').toEqual([]);
    const another = new Map([
      ['activities/another.ts', 'const hopesAtMost = 3;\nconst Wish = z.string().max(40);\n'],
    ]);
    expect(findUnstated(another)).toHaveLength(2);
  });

  it('names no failure that there is not', () => {
    const named = [...page.matchAll(/`([A-Z]\w+\.\w+)`/g)].map(([, type]) => type!);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((type) => !Object.hasOwn(failures, type))).toEqual([]);
  });
});
