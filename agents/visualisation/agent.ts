import { z } from 'zod';
import { defineAgent, optional } from '../../contracts/define-agent.ts';
import { SeriesTable } from '../data-gathering/agent.ts';
import { Forecast } from '../forecasting/agent.ts';

/** English, and the written Chinese of Hong Kong and of Taiwan, in traditional characters. */
export const Language = z.enum(['en', 'zh-Hant-HK', 'zh-Hant-TW']);
export type Language = z.infer<typeof Language>;

/** What a chart shows: where a series goes, one figure's odds, shares, sizes, changes, their spread, a relation, trust. */
export const ChartKind = z.enum([
  'outlook',
  'odds',
  'shares',
  'sizes',
  'change',
  'spread',
  'relation',
  'trust',
]);
export type ChartKind = z.infer<typeof ChartKind>;

/** One chart, drawn, described in words, and as the table of its figures. */
export const Chart = z.object({
  id: z.string(),
  title: z.string(),
  kind: ChartKind,
  /** What a reader who doesn't see it should know. */
  alt: z.string(),
  svg: z.string(),
  /** Base64; null where the fonts at hand lack a letter, which the report then says. */
  png: z.string().nullable(),
  /** The same at twice the size, for dense screens and print. */
  png2x: z.string().nullable(),
  table: z.object({
    columns: z.array(z.string()),
    rows: z.array(z.array(z.union([z.string(), z.number(), z.null()]))),
  }),
});
export type Chart = z.infer<typeof Chart>;

/** The report, also as one self-contained page, as CSV and as JSON text. */
export const Report = z.object({
  title: z.string(),
  language: Language,
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
  needs: { series: SeriesTable, forecast: Forecast, language: optional(Language) },
  produces: { report: Report },
  facts: { report: z.object({ charts: z.int(), bytes: z.int() }) },
  adjust: z.object({
    title: z.string().min(1).max(200).optional(),
    /** Kinds of charts to draw; all that fit unless given, and `relation` only where asked for. */
    charts: z.array(ChartKind).min(1).optional(),
    /** In place of the language that the process gives; English where neither does. */
    language: Language.optional(),
  }),
});
