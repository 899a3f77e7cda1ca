import type { Json } from './json.ts';

/** A way into a JSON value: names of members, and positions in lists from 0. */
export type JsonPath = readonly (string | number)[];

/** A value as it stands in a file. */
export interface FileCell {
  file: string;
  /** SHA-256 of the file. */
  digest: string;
  sheet: string | null;
  /** What `row` counts, from 1: lines of a text, elements of a JSON list, rows of a sheet. */
  place: 'line' | 'element' | 'row';
  row: number;
  column: string;
  /** Null where several rows made the value. */
  value: Json;
}

/** Where a figure comes from: a place in what its artifact was made from, a cell of a file, or what is to be said instead. */
export type Origin = { need: string; path: JsonPath } | { cell: FileCell } | { remark: string };

/** Says where what stands at a path of an artifact comes from; nothing where it can't tell. */
export type Explain<Value = Json, Needs = { [need: string]: Json }> = (
  value: Value,
  path: JsonPath,
  needs: Needs,
) => Origin[] | Promise<Origin[]>;
