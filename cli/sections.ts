import type { CostInTime } from './cost-in-time.ts';
import { phrase } from './language/phrase.ts';
import { paint, print, readableDuration, widthOf } from './output.ts';

/** A heading with its lines; nothing where there are none. */
export function printSection(title: string, lines: string[]): void {
  if (lines.length === 0) return;
  print();
  print(paint('bold', title));
  for (const line of lines) print(`  ${line}`);
}

export function describeCost({ tasks, effects, people, between, total }: CostInTime): string[] {
  const rows: [string, number, string][] = [
    ...tasks.map(({ task, milliseconds, attempts }): [string, number, string] => [
      task,
      milliseconds,
      attempts > 1 ? phrase`${attempts} times` : '',
    ]),
    ...effects.map(({ slot, milliseconds }): [string, number, string] => [slot, milliseconds, '']),
    [phrase`between the steps`, between, ''],
    [
      phrase`waiting for people`,
      people.milliseconds,
      people.decisions === 1 ? phrase`1 decision` : phrase`${people.decisions} decisions`,
    ],
    [phrase`in all`, total, ''],
  ];
  const width = Math.max(...rows.map(([name]) => widthOf(name)));
  return rows.map(([name, milliseconds, remark]) =>
    `${name}${' '.repeat(width - widthOf(name))}  ${readableDuration(milliseconds).padStart(9)}  ${remark}`.trimEnd(),
  );
}
