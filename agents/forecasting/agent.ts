import { z } from 'zod';
import { defineAgent } from '../../contracts/define-agent.ts';
import { demandClasses } from './classify-demand.ts';
import { Hierarchy, SeriesTable } from '../data-gathering/agent.ts';

const Figures = z.array(z.number());

/** Hong Kong, Taiwan, the United States. */
export const HolidayRegion = z.enum(['HK', 'TW', 'US']);
export type HolidayRegion = z.infer<typeof HolidayRegion>;

/** How a method did on the series' own past: errors as a share of the seasonal naive method's (MASE). */
export const Backtest = z.object({
  mase: z.number(),
  naiveMase: z.number(),
  /** Share of the figures that came to lie within the 95 % interval, 0 to 1; null where too few were tried. */
  coverage95: z.number().nullable(),
  origins: z.int(),
  /** `cumulative` where demand is intermittent: errors are then of the demand added up, in the same unit. */
  measure: z.enum(['mase', 'cumulative']).optional(),
  /** Every method that was tried from the same origins, with its error; the one that was taken among them. */
  tried: z
    .array(z.object({ method: z.string(), mase: z.number(), coverage95: z.number().nullable() }))
    .optional(),
});
export type Backtest = z.infer<typeof Backtest>;

/** One series' forecast; every array has as many figures as there are periods. */
export const SeriesForecast = z.object({
  id: z.string(),
  label: z.string(),
  method: z.string(),
  /** Why this method. */
  reason: z.string(),
  mean: Figures,
  lower80: Figures,
  upper80: Figures,
  lower95: Figures,
  upper95: Figures,
  /** What the seasonal naive method says. */
  naive: Figures,
  backtest: Backtest,
  trust: z.enum(['good', 'fair', 'poor']),
  /** A person changed at least one figure. */
  edited: z.boolean(),
  /** How regular demand is, where no value is negative. */
  demand: z.enum(demandClasses).optional(),
});
export type SeriesForecast = z.infer<typeof SeriesForecast>;

/** Forecasts of several series over the same periods ahead, whose totals and parts add up. */
export const Forecast = z.object({
  horizon: z.int().min(1),
  season: z.int().min(1),
  /** Written as in the table of series. */
  periods: z.array(z.string()),
  /** Of the intervals, in percent. */
  levels: z.array(z.number()),
  series: z.array(SeriesForecast),
  hierarchy: z.array(Hierarchy),
  /** How totals and parts were made to add up, and the largest gap that is left. */
  reconciliation: z.object({
    method: z.string(),
    maxGap: z.number(),
    /** How each way would have done on the past, over all series that add up: error and share within 95 %. */
    tried: z
      .array(z.object({ method: z.string(), mase: z.number().nullable(), coverage95: z.number().nullable() }))
      .optional(),
  }),
  leftOut: z.array(z.object({ id: z.string(), reason: z.string() })),
  notes: z.array(z.string()),
});
export type Forecast = z.infer<typeof Forecast>;

/** Figures that an approver sets by hand. */
export const ForecastAdjustments = z.object({
  set: z.array(z.object({ series: z.string(), period: z.string(), value: z.number() })).min(1),
  reason: z.string().optional(),
});
export type ForecastAdjustments = z.infer<typeof ForecastAdjustments>;

/** Forecasts each series with intervals, says how far to trust it, and makes totals and parts add up. */
export const forecasting = defineAgent({
  name: 'forecasting',
  needs: { series: SeriesTable, horizon: z.int().min(1).max(36) },
  produces: { forecast: Forecast },
  facts: { forecast: z.object({ worstMase: z.number(), series: z.int(), edited: z.boolean() }) },
  adjust: z.object({
    /** Series that are not to be forecast. */
    exclude: z.array(z.string()).default([]),
    /** Whose holidays to heed in days and weeks; if left out, a backtest decides. */
    holidays: z.array(HolidayRegion).optional(),
  }),
});
