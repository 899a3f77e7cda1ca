import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { failures, toFailure } from '../contracts/failures.ts';
import type { FailureType } from '../contracts/failures.ts';
import { findUnmet, noteMet } from '../tools/met-failures.ts';
import { writeFailuresPage } from '../tools/write-failures.ts';
import { readProduction } from './sources.ts';

const root = path.join(import.meta.dirname, '..');
const types = Object.keys(failures) as FailureType[];

const production = readProduction();
production.delete('contracts/failures.ts');

describe('the table of failures', () => {
  it('has no row that nothing raises', () => {
    const text = [...production.values()].join('\n');
    expect(types.filter((type) => !text.includes(`'${type}'`))).toEqual([]);
  });

  it('is held against what assertions of a whole run met, at the end of `npm run verify`', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'baton-met-'));
    expect(findUnmet(folder)).toEqual(types);
    const [first, second, ...rest] = types;
    noteMet(folder, [first, { nested: [expect.objectContaining({ type: second })] }]);
    expect(findUnmet(folder)).toEqual(rest);
    noteMet(folder, [new RegExp(`${rest[0]!.replace('.', String.raw`\.`)}: it`), 'No.Row', ...rest.slice(2)]);
    expect(findUnmet(folder)).toEqual([rest[1]]);
    rmSync(folder, { recursive: true });
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
