import { buildFrame } from './build-frame.ts';
import type { Profiled } from './build-frame.ts';
import { checkFrame } from './check-frame.ts';
import { findStructure } from './find-structure.ts';
import type { Structure } from './find-structure.ts';
import type { Answers, Frame, Problem } from './frame.ts';
import { parseTable } from './parse-table.ts';
import type { Reading } from './reading.ts';
import { repairFrame } from './repair-frame.ts';
import type { Repaired } from './repair-frame.ts';

export interface ProfiledFile extends Profiled {
  rows: number;
  columnCount: number;
}

export function profileText(input: { text: string; answers: Answers }): Reading<ProfiledFile> {
  const table = parseTable(input.text);
  if (!table.ok) return table;
  const profiled = buildFrame(table.value, input.answers);
  if (!profiled.ok) return profiled;
  const { rows, header } = table.value;
  return { ok: true, value: { ...profiled.value, rows: rows.length, columnCount: header.length } };
}

export function findProblems(input: {
  frame: Frame;
  answers: Answers;
  restored: boolean;
}): Reading<Problem[]> {
  return checkFrame(input.frame, input.answers, input.restored);
}

export function repairProblems(input: { frame: Frame; problems: Problem[] }): Repaired {
  return repairFrame(input.frame, input.problems);
}

export function findSeries(input: { frame: Frame; leaveOut: string[] }): Structure {
  return findStructure(input.frame, input.leaveOut);
}
