import { z } from 'zod';
import { defineAgent } from '../../contracts/define-agent.ts';
import { SeriesTable } from '../data-gathering/agent.ts';
import { Forecast } from '../forecasting/agent.ts';

/** One chart, drawn, described in words, and as the table of its figures. */
export const Chart = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum(['outlook', 'change', 'trust']),
  /** What a reader who doesn't see it should know. */
  alt: z.string(),
  svg: z.string(),
  /** Base64. */
  png: z.string(),
  table: z.object({
    columns: z.array(z.string()),
    rows: z.array(z.array(z.union([z.string(), z.number(), z.null()]))),
  }),
});
export type Chart = z.infer<typeof Chart>;

/** The report, also as one self-contained page, as CSV and as JSON text. */
export const Report = z.object({
  title: z.string(),
  summary: z.array(z.string()),
  charts: z.array(Chart),
  html: z.string(),
  csv: z.string(),
  json: z.string(),
});
export type Report = z.infer<typeof Report>;

/** Chooses the charts that fit the figures, draws them, checks that they can be read, and writes the report. */
export const visualisation = defineAgent({
  name: 'visualisation',
  needs: { series: SeriesTable, forecast: Forecast },
  produces: { report: Report },
  facts: { report: z.object({ charts: z.int(), bytes: z.int() }) },
  adjust: z.object({
    title: z.string().min(1).max(200).optional(),
    /** Kinds of charts to draw; all that fit unless given. */
    charts: z
      .array(z.enum(['outlook', 'change', 'trust']))
      .min(1)
      .optional(),
  }),
});
