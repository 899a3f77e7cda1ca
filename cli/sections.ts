import type { CostInTime } from './cost-in-time.ts';
import { paint, print, readableDuration } from './output.ts';

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
      attempts > 1 ? `${attempts} times` : '',
    ]),
    ...effects.map(({ slot, milliseconds }): [string, number, string] => [slot, milliseconds, '']),
    ['between the steps', between, ''],
    [
      'waiting for people',
      people.milliseconds,
      people.decisions === 1 ? '1 decision' : `${people.decisions} decisions`,
    ],
    ['in all', total, ''],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, milliseconds, remark]) =>
    `${name.padEnd(width)}  ${readableDuration(milliseconds).padStart(9)}  ${remark}`.trimEnd(),
  );
}
