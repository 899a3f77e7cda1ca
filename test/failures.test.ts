import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { failures, toFailure } from '../contracts/failures.ts';
import type { FailureType } from '../contracts/failures.ts';
import { writeFailuresPage } from '../tools/write-failures.ts';
import { readProduction, readSources } from './sources.ts';

const root = path.join(import.meta.dirname, '..');
const types = Object.keys(failures) as FailureType[];

const production = readProduction();
production.delete('contracts/failures.ts');
const tests = readSources('test');
tests.delete('test/failures.test.ts');

/** Types that no source has as a string of its own: in a title or a message they prove nothing. */
function missingFrom(sources: Map<string, string>): string[] {
  const text = [...sources.values()].join('\n');
  return types.filter((type) => !text.includes(`'${type}'`));
}

describe('the table of failures', () => {
  it('has no row that nothing raises', () => {
    expect(missingFrom(production)).toEqual([]);
  });

  it('has no row that no test provokes', () => {
    expect(missingFrom(tests)).toEqual([]);
  });

  it('is what the reference page shows; `npm run failures` writes it', () => {
    expect(readFileSync(path.join(root, 'docs/reference/failures.md'), 'utf8')).toBe(writeFailuresPage());
  });

  it.each(types)('%s says what to do, and tells Temporal whether to try again', (type) => {
    const failure = toFailure(type, 'It happened.', { name: 'this' });
    expect(failure).toMatchObject({ type, nonRetryable: !failures[type].retryable });
    expect(failure.details).toEqual([{ name: 'this', mend: failures[type].mend }]);
    expect(failures[type].mend).toMatch(/^[A-Z].*[.]$/s);
  });

  it('knows every type that is raised', () => {
    const raised = [...production].flatMap(([file, source]) =>
      [...source.matchAll(/(?:toFailure|nonRetryable|refuse)\(\s*'([A-Z]\w+\.\w+)'/g)].map(([, type]) => ({
        file,
        type,
      })),
    );
    expect(raised.length).toBeGreaterThan(20);
    expect(raised.filter(({ type }) => !Object.hasOwn(failures, type!))).toEqual([]);
  });
});
