import { buildFrame } from './build-frame.ts';
import type { Profiled } from './build-frame.ts';
import { checkFrame } from './check-frame.ts';
import { findStructure } from './find-structure.ts';
import type { Structure } from './find-structure.ts';
import type { Answers, Frame, Problem } from './frame.ts';
import { gridOf, openFile } from './open-file.ts';
import type { OpenedFile } from './open-file.ts';
import { tableOf } from './parse-table.ts';
import type { Reading } from './reading.ts';
import { repairFrame } from './repair-frame.ts';
import type { Repaired } from './repair-frame.ts';

export interface ProfiledFile extends Profiled {
  rows: number;
  columnCount: number;
}

export function openBytes(input: { bytes: Uint8Array; answers: Answers }): Reading<OpenedFile> {
  return openFile(input.bytes, input.answers);
}

export function profileText(input: {
  text: string;
  form?: OpenedFile['form'];
  answers: Answers;
}): Reading<ProfiledFile> {
  const grid = gridOf({ form: input.form ?? 'delimited', text: input.text });
  if (!grid.ok) return grid;
  const table = tableOf(grid.value);
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
