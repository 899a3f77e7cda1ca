import { isDeepStrictEqual } from 'node:util';
import type { Maker } from '../../client/makers-of.ts';
import { traceLineage } from '../../client/trace-lineage.ts';
import type { LineageNode } from '../../client/trace-lineage.ts';
import type { FileCell } from '../../contracts/origin.ts';
import type { RunRow, Store } from '../../contracts/ports.ts';
import { phrase } from '../language/phrase.ts';
import { cutText, paint, print, printJson } from '../output.ts';
import { loadProject } from '../settings.ts';
import type { Settings } from '../settings.ts';

/** How many lines a chain takes on the terminal; the rest is counted. */
const linesShown = 48;
/** And how many of one figure's runs of cells. */
const cellsShown = 12;

export async function showWhy(settings: Settings, store: Store, row: RunRow, asked: string): Promise<void> {
  // Where the project is not at hand, what was made from what is on record all the same.
  const agents = await loadProject(settings).then(
    ({ project }) => project.agents,
    () => null,
  );
  const tree = await traceLineage(store, row, asked, (name, artifact) => {
    const explain = agents?.find(({ agent }) => agent.name === name)?.explain;
    return explain && Object.hasOwn(explain, artifact) ? (explain[artifact] as never) : undefined;
  });
  if (settings.json) {
    printJson(tree);
    return;
  }
  const lines = describeLineage(tree);
  for (const [index, line] of lines.slice(0, linesShown).entries())
    print(index === 0 ? paint('bold', line) : line);
  if (lines.length > linesShown)
    print(phrase`and ${lines.length - linesShown} more lines: --json has them all`);
  if (agents === null)
    print(phrase`The project is not at hand: its agents can't say where their figures come from.`);
}

/** From the figure down, what it comes from below it and further in. */
export function describeLineage(node: LineageNode, indent = ''): string[] {
  const value = node.value === undefined ? '' : ` = ${shorten(JSON.stringify(node.value))}`;
  const begin = `${indent}${node.place}${value}  (${node.digest.slice(0, 12)}, ${describeMaker(node.by)})`;
  if (node.repeated) return [`${begin}, ${phrase`as above`}`];
  const inside = `${indent}  `;
  const { cells, remarks } = node;
  const isVague = node.by.kind === 'task' && node.path.length > 0 && !node.exact;
  return [
    begin,
    ...(node.changed === true ? [`${inside}${phrase`This was set by hand; before:`}`] : []),
    ...(node.problem === undefined ? [] : [`${inside}${phrase`Its agent could not say: ${node.problem}`}`]),
    ...(isVague
      ? [`${inside}${phrase`Its agent does not say what this comes from; the whole artifact was made from:`}`]
      : []),
    ...describeSome(runsOf(cells), (run) => `${inside}${describeRun(run)}`, inside),
    ...describeSome(remarks, (remark) => `${inside}${shorten(remark)}`, inside),
    ...node.from.flatMap((one) => describeLineage(one, inside)),
  ];
}

function describeSome<One>(all: One[], describe: (one: One) => string, indent: string): string[] {
  const rest = all.length - cellsShown;
  return [
    ...all.slice(0, cellsShown).map(describe),
    ...(rest > 0 ? [`${indent}${phrase`and ${rest} more`}`] : []),
  ];
}

/** Cells that stand below one another, together. */
function runsOf(cells: FileCell[]): FileCell[][] {
  const runs: FileCell[][] = [];
  for (const cell of cells) {
    const run = runs.at(-1);
    if (run && isNext(run.at(-1)!, cell)) run.push(cell);
    else runs.push([cell]);
  }
  return runs;
}

function isNext(above: FileCell, { row, value, ...column }: FileCell): boolean {
  const { row: last, value: before, ...same } = above;
  return row === last + 1 && (value === null) === (before === null) && isDeepStrictEqual(column, same);
}

function describeRun(run: FileCell[]): string {
  const [{ file, sheet, place, row, column: name, value }, last = null] = [run[0]!, run.at(-1)];
  const where = sheet === null ? file : `${file}, ${sheet}`;
  const column = shorten(name);
  const texts = {
    line: [
      () => phrase`${where}, line ${row}, column ${column}`,
      () => phrase`${where}, lines ${row} to ${last?.row}, column ${column}`,
    ],
    row: [
      () => phrase`${where}, row ${row}, column ${column}`,
      () => phrase`${where}, rows ${row} to ${last?.row}, column ${column}`,
    ],
    element: [
      () => phrase`${where}, element ${row}, member ${column}`,
      () => phrase`${where}, elements ${row} to ${last?.row}, member ${column}`,
    ],
  } as const;
  const at = texts[place][run.length === 1 ? 0 : 1]();
  if (value === null || !last) return at;
  const values = run.length === 1 ? [value] : [value, last.value];
  return `${at}: ${values.map((one) => shorten(JSON.stringify(one))).join(' … ')}`;
}

function describeMaker(by: Maker): string {
  switch (by.kind) {
    case 'task':
      return phrase`made by ${by.task} ${by.agentVersion}`;
    case 'edit':
      return phrase`edited by ${by.person ?? '?'}`;
    case 'supply':
      return phrase`supplied by ${by.person ?? '?'}`;
    case 'amendment':
      return phrase`amended by ${by.person ?? '?'}`;
    case 'start':
      return phrase`given at the start by ${by.person ?? '?'}`;
    case 'effect':
      return phrase`receipt of ${by.slot}`;
    case 'elements':
      return phrase`made one by one`;
    case 'unknown':
      return phrase`its maker is not on record`;
  }
}

function shorten(text: string): string {
  return cutText(text, 72);
}
