import { readFileSync, writeFileSync } from 'node:fs';

/** A limit of the code, as the page's text names it: `{file number unit}`. */
interface Limit {
  file: string;
  /** Where the number stands: a constant's name, or an expression whose first group it is. */
  number: string | RegExp;
  unit: string;
}

const page = 'tools/limits.md';
const named = /\{\S+\.ts (?:\/.+?\/|\w+) \w+\}/g;

function readLimit(text: string): Limit {
  const [, file, expression, constant, unit] = /^\{(\S+) (?:\/(.+)\/|(\w+)) (\w+)\}$/.exec(text)!;
  return {
    file: file!,
    number: expression === undefined ? constant! : new RegExp(expression),
    unit: unit!,
  };
}

/** Constants that bound a search or a picture on the screen, and that nobody meets. */
const unseen = ['MAX_WORK', 'MAX_COVERS'];

const readSource = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

/** Throws where the number no longer stands where the page's text says. */
function valueOf({ file, number }: Limit): number {
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

/** Limits in these sources that the page does not state: constants named as such, and longest texts of schemas. */
export function findUnstated(sources: ReadonlyMap<string, string>): string[] {
  const stated = readSource(page).match(named)!.map(readLimit);
  return [...sources].flatMap(([file, source]) => {
    const places = stated.filter((limit) => limit.file === file).map(({ number }) => number);
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
  return readSource(page).replaceAll(named, (text) => describe(readLimit(text)));
}

if (import.meta.main) {
  writeFileSync(new URL('../docs/reference/limits.md', import.meta.url), writeLimitsPage());
}
