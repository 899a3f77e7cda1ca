import { z } from 'zod';
import { defineAgent, optional } from '../../contracts/define-agent.ts';

/** A total among the series, its parts, the largest gap found between it and their sum, and the gap allowed for rounding. */
export const Hierarchy = z.object({
  total: z.string(),
  parts: z.array(z.string()),
  maxGap: z.number(),
  tolerance: z.number(),
});
export type Hierarchy = z.infer<typeof Hierarchy>;

/** Something that was noticed in the data, and whether it was mended. */
export const Finding = z.object({
  kind: z.string(),
  severity: z.enum(['note', 'warning']),
  column: z.string().optional(),
  /** Line of the file, from 1. */
  row: z.int().optional(),
  /** How many rows, cells or periods it is about, where that was counted. */
  count: z.int().optional(),
  message: z.string(),
  repaired: z.boolean(),
});
export type Finding = z.infer<typeof Finding>;

/**
 * Where the values of the series stand in the file. What is in none of `runs` and `merged` was not read there: it is
 * missing, or filled in, as the findings say.
 */
export const Lineage = z.object({
  /** What `row` counts, from 1: lines of a text, elements of a JSON list, rows of a sheet. */
  place: z.enum(['line', 'element', 'row']),
  sheet: z.string().nullable(),
  series: z.array(
    z.object({
      id: z.string(),
      /** The column of the file: its name, and where it stands, from 1. */
      column: z.string(),
      position: z.int(),
      /** Of `count` periods from `period` on (from 0), each value stands `step` rows below the one before. */
      runs: z.array(z.object({ period: z.int(), count: z.int(), row: z.int(), step: z.int() })),
      /** Periods of which the value was made from the values of several rows, or chosen among them. */
      merged: z.array(z.object({ period: z.int(), rows: z.array(z.int()) })),
    }),
  ),
});
export type Lineage = z.infer<typeof Lineage>;

/** What is worth knowing of a table the next time it comes: kept with the series, and compared with then. */
export const DataProfile = z.object({
  rows: z.int(),
  frequency: z.enum(['yearly', 'quarterly', 'monthly', 'weekly', 'daily']),
  first: z.string(),
  last: z.string(),
  columns: z.array(
    z.object({
      name: z.string(),
      type: z.enum(['number', 'constant', 'period', 'boolean', 'text', 'empty']),
      /** Share of the rows whose cell holds nothing that can be read. */
      missing: z.number(),
    }),
  ),
  series: z.array(
    z.object({
      name: z.string(),
      unit: z.string().nullable(),
      least: z.number().nullable(),
      most: z.number().nullable(),
      /** Median of all values, and of the latest season's. */
      level: z.number().nullable(),
      latest: z.number().nullable(),
    }),
  ),
});
export type DataProfile = z.infer<typeof DataProfile>;

/** Series of one frequency over the same periods, oldest first, read off one table. */
export const SeriesTable = z.object({
  dataset: z.string(),
  source: z.object({
    bytes: z.int(),
    /** SHA-256 of the file. */
    digest: z.string(),
    rows: z.int(),
    columns: z.int(),
  }),
  frequency: z.enum(['yearly', 'quarterly', 'monthly', 'weekly', 'daily']),
  /** Periods in a season: 12 for months, 4 for quarters, 1 where there is none. */
  season: z.int().min(1),
  unit: z.string().nullable(),
  /** ISO: 2015, 2015-Q4, 2015-12, 2015-W52, 2015-12-31. */
  periods: z.array(z.string()),
  series: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      unit: z.string().nullable(),
      /** As many as there are periods; null where nothing was observed. */
      values: z.array(z.number().nullable()),
      role: z.enum(['total', 'part', 'single']),
    }),
  ),
  hierarchy: z.array(Hierarchy),
  leftOut: z.array(z.object({ column: z.string(), reason: z.string() })),
  findings: z.array(Finding),
  lineage: Lineage.optional(),
  profile: DataProfile.optional(),
});
export type SeriesTable = z.infer<typeof SeriesTable>;

const gathering = {
  produces: { series: SeriesTable },
  facts: { series: z.object({ series: z.int(), rows: z.int(), warnings: z.int() }) },
  adjust: z.object({
    /** Columns that are not to become series. */
    leaveOut: z.array(z.string()).default([]),
    /** Columns that may travel on although they seem to be about persons. */
    personal: z.array(z.string()).default([]),
  }),
};

/** Reads a table, profiles and mends it, finds what adds up to what, and picks the series. */
export const dataGathering = defineAgent({
  name: 'data-gathering',
  needs: { dataset: z.string() },
  ...gathering,
});

/** The same for a table that comes again and again: what drifted since the last time stands among its findings. */
export const recurringGathering = defineAgent({
  name: 'recurring-gathering',
  needs: { dataset: z.string(), lastProfile: optional(DataProfile) },
  ...gathering,
});
