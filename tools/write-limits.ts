import { readFileSync, writeFileSync } from 'node:fs';
import { limits } from './limits.ts';
import type { Limit } from './limits.ts';

/** Constants that bound a search or a picture on the screen, and that nobody meets. */
const unseen = ['MAX_WORK', 'MAX_COVERS'];

const readSource = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

/** Throws where the number no longer stands where the row says. */
function valueOf({ of: [file, number] }: Limit): number {
  const pattern = typeof number === 'string' ? new RegExp(`const ${number} = ([\\d_ *]+);`) : number;
  const found = pattern.exec(readSource(file));
  if (!found) throw new Error(`${file} has no limit ${String(number)}.`);
  return found[1]!.split('*').reduce((product, factor) => product * Number(factor.replaceAll('_', '')), 1);
}

function describe(limit: Limit): string {
  const value = valueOf(limit);
  const plain = value.toLocaleString('en');
  if (limit.unit === 'milliseconds' && value >= 60_000) return `${value / 60_000} minutes`;
  if (limit.unit === 'milliseconds') return `${value / 1000} s`;
  if (limit.unit === 'bytes' && Number.isInteger(Math.log2(value))) {
    return value >= 2 ** 20 ? `${value / 2 ** 20} MiB` : `${value / 1024} KiB`;
  }
  return `${plain} ${limit.unit}`;
}

/** Limits in these sources that no row of the table states: constants named as such, and longest texts of schemas. */
export function findUnstated(sources: ReadonlyMap<string, string>): string[] {
  const stated = Object.values(limits).flat();
  return [...sources].flatMap(([file, source]) => {
    const places = stated.filter(({ of: [where] }) => where === file).map(({ of: [, number] }) => number);
    const constants = [...source.matchAll(/const (\w+AtMost|MAX_\w+) =/g)]
      .map(([, name]) => name!)
      .filter((name) => !places.includes(name) && !unseen.includes(name));
    const schemas = [...source.matchAll(/^.*z\..*\.max\([\d_]+\).*$/gm)]
      .map(([line]) => line.trim())
      .filter((line) => !places.some((one) => one instanceof RegExp && one.test(line)));
    return [...constants, ...schemas].map((one) => `${file}: ${one}`);
  });
}

/** The page that lists the limits, with the numbers of the code. */
export function writeLimitsPage(): string {
  const sections = Object.entries(limits).flatMap(([group, rows]) => [
    `## ${group}`,
    '',
    '| What | At most | Beyond it |',
    '| --- | --- | --- |',
    ...rows.map((limit) => `| ${limit.what} | ${describe(limit)} | ${limit.beyond} |`),
    '',
  ]);
  return [
    '# Limits',
    '',
    '<!-- Made by `npm run limits`, with the numbers that stand in the code. -->',
    '',
    'How long, how large, how often: what is more is refused or cut off, as the last column says. What a failure means stands in [failures](failures.md). None of these can be set, unless their row says so; time limits and tries of agents and effects are options of their definitions.',
    '',
    'Artifacts, inputs and snapshots have no limit of their own. Each lies in the store as one value, so that SQLite sets one (a billion bytes, unless it was built otherwise), and the memory of the process that reads it. Nothing of them goes through Temporal but their digests and facts.',
    '',
    ...sections,
  ].join('\n');
}

if (import.meta.main) {
  writeFileSync(new URL('../docs/reference/limits.md', import.meta.url), writeLimitsPage());
}
