import { z } from 'zod';
import { ENCODINGS } from './detect-encoding.ts';
import { Screen } from './screen-rows.ts';

/** What is added up in each group and period: a column, the product of two, or the rows themselves. */
export const Measure = z.union([
  z.object({ sum: z.string(), times: z.string().optional() }),
  z.object({ count: z.literal('rows') }),
]);
export type Measure = z.infer<typeof Measure>;

/** How a ledger of any size becomes sums by period and key while it is read. */
export const GroupPlan = z.object({
  period: z.object({
    column: z.string(),
    every: z.enum(['yearly', 'quarterly', 'monthly', 'weekly', 'daily']),
    /** For dates such as 3/4/2024, where the first rows leave it open. */
    dayOrder: z.enum(['dayFirst', 'monthFirst']).optional(),
  }),
  /** Columns whose cells together name a group; without any there is one group. */
  keys: z.array(z.string()),
  /** A column that says in words what a group is: of its cells the longest of the first few is kept. */
  label: z.string().optional(),
  measures: z.record(z.string(), Measure),
  /** In this order; a row that one of them leaves out is not seen by those after it. */
  screens: z.array(Screen).default([]),
  /**
   * Rows that take an earlier one back, such as cancellations: those of the screen named, and for each the earliest row
   * before it with the same cells in `match` and the opposite number in `amount`, are left out both.
   */
  reversals: z
    .object({ screen: z.string(), match: z.array(z.string()).min(1), amount: z.string() })
    .optional(),
  /** Columns that may be keys or labels although they seem to be about persons. */
  personal: z.array(z.string()).default([]),
  encoding: z.enum(ENCODINGS).optional(),
  decimalMark: z.enum(['.', ',']).optional(),
});
export type GroupPlan = z.infer<typeof GroupPlan>;

/** The columns that a plan reads, each once. */
export function plannedColumns({ period, keys, label, measures, screens, reversals }: GroupPlan): string[] {
  const measured = Object.values(measures).flatMap((measure) =>
    'sum' in measure ? [measure.sum, ...(measure.times === undefined ? [] : [measure.times])] : [],
  );
  const screened = screens.flatMap(({ when }) => when.map(({ column }) => column));
  const reversed = reversals ? [...reversals.match, reversals.amount] : [];
  return [
    ...new Set([
      period.column,
      ...keys,
      ...(label === undefined ? [] : [label]),
      ...measured,
      ...screened,
      ...reversed,
    ]),
  ];
}
