import { buildFrame } from './build-frame.ts';
import type { Profiled } from './build-frame.ts';
import { checkFrame } from './check-frame.ts';
import type { DataProfile } from './agent.ts';
import { profileTable } from './compare-profile.ts';
import { findStructure } from './find-structure.ts';
import type { Structure } from './find-structure.ts';
import type { Answers, Frame, Problem } from './frame.ts';
import { leavePersonalOut } from './find-personal.ts';
import { gridOf, openFile } from './open-file.ts';
import type { OpenedFile } from './open-file.ts';
import { tableOf } from './parse-table.ts';
import { readParquet } from './read-parquet.ts';
import type { Reading } from './reading.ts';
import { repairFrame } from './repair-frame.ts';
import type { Repaired } from './repair-frame.ts';

export interface ProfiledFile extends Profiled {
  rows: number;
  columnCount: number;
  /** Null while a question is open. */
  profile: DataProfile | null;
}

export function openBytes(input: { bytes: Uint8Array; answers: Answers }): Reading<OpenedFile> {
  return openFile(input.bytes, input.answers);
}

export async function openParquet(input: { bytes: Uint8Array }): Promise<Reading<OpenedFile>> {
  return readParquet(input.bytes);
}

export function profileText(input: {
  text: string;
  form?: OpenedFile['form'];
  answers: Answers;
  personal?: string[];
}): Reading<ProfiledFile> {
  const grid = gridOf({ form: input.form ?? 'delimited', text: input.text });
  if (!grid.ok) return grid;
  const table = tableOf(grid.value);
  if (!table.ok) return table;
  const { rows, header } = table.value;
  const fit = leavePersonalOut(table.value, input.personal ?? []);
  const left = fit.leftOut.map(({ column }) => column);
  const profiled = buildFrame(fit.table, input.answers);
  if (!profiled.ok) {
    const without =
      left.length === 0 ? '' : ` Read without ${left.join(', ')}, which seem to be about persons.`;
    return { ...profiled, message: `${profiled.message}${without}` };
  }
  const { value } = profiled;
  // While a question is open nothing is said: all of it is read again with the answer.
  const findings = value.frame === null ? [] : [...fit.findings, ...value.findings];
  const leftOut = value.frame === null ? [] : [...fit.leftOut, ...value.leftOut];
  const profile = value.frame === null ? null : profileTable(value.columns, rows.length, value.frame);
  return {
    ok: true,
    value: { ...value, findings, leftOut, profile, rows: rows.length, columnCount: header.length },
  };
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
