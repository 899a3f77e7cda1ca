import { z } from 'zod';
import { Finding } from '../../agents/data-gathering/agent.ts';
import { demandClasses } from '../../agents/forecasting/classify-demand.ts';
import { intermittentNames, methodNames } from '../../agents/forecasting/methods/fit-method.ts';
import { defineAgent, whole } from '../../contracts/define-agent.ts';

/** A product's pieces by week from its first sale on, oldest first; null in a week without any sale of anything. */
export const Demand = z.object({
  label: z.string(),
  weeks: z.array(z.string()),
  values: z.array(z.number().nullable()),
  /** How many of the last weeks the test of the forecast may not know. */
  holdout: z.int(),
  /** Median over the weeks of what a piece sold for on average: the ledger holds no cost. */
  price: z.number(),
});
export type Demand = z.infer<typeof Demand>;

/** What became of the rows of the ledger, and of the products that are not among those chosen. */
export const LedgerNotes = z.object({
  rows: z.int(),
  counted: z.int(),
  weeks: z.array(z.string()),
  products: z.int(),
  chosen: z.int(),
  /** Of all pieces that were counted in these weeks, the share that the chosen products have: 0 to 1. */
  share: z.number(),
  findings: z.array(Finding),
});
export type LedgerNotes = z.infer<typeof LedgerNotes>;

const Figures = z.array(z.number());
const Method = z.enum([...methodNames, ...intermittentNames]);

/** A product's weeks ahead, and how the same way of choosing a method did on the weeks held out. */
export const Outlook = z.object({
  label: z.string(),
  price: z.number(),
  class: z.enum(demandClasses),
  /** Pieces of the largest week so far. */
  most: z.number(),
  method: Method,
  weeks: z.array(z.string()),
  mean: Figures,
  lower80: Figures,
  upper80: Figures,
  test: z.object({
    method: Method,
    weeks: z.array(z.string()),
    actual: z.array(z.number().nullable()),
    forecast: Figures,
    lower80: Figures,
    upper80: Figures,
    naive: Figures,
    /** The mean of as many weeks before: a yardstick that is harder to beat than naive. */
    recent: z.number(),
  }),
  /** Mean absolute errors on the weeks held out, in weeks' worth of the demand known before. */
  error: z.number(),
  naiveError: z.number(),
});
export type Outlook = z.infer<typeof Outlook>;

/** What to order, beside what the rule proposed, and the files of it. */
export const OrderPlan = z.object({
  leadWeeks: z.int(),
  rule: z.string(),
  lines: z.array(
    z.object({
      code: z.string(),
      label: z.string(),
      expected: z.number(),
      safety: z.number(),
      /** The interval reached beyond the largest week so far, and counts to there alone. */
      capped: z.boolean(),
      stock: z.number(),
      /** What the rule came to. */
      proposed: z.int(),
      quantity: z.int(),
      /** What is expected to be in stock before the goods after these arrive: below 0 where it will not do. */
      left: z.number(),
      price: z.number(),
      cost: z.number(),
      /** The quantity is another one than was proposed. */
      edited: z.boolean(),
    }),
  ),
  pieces: z.int(),
  cost: z.number(),
  proposed: z.object({ pieces: z.int(), cost: z.number() }),
  csv: z.string(),
  /** The workbook in base64: the order, and on a second sheet how it was reckoned. */
  xlsx: z.string(),
});
export type OrderPlan = z.infer<typeof OrderPlan>;

/** Quantities that an approver sets, by stock code; 0 orders none. */
export const QuantityEdit = z.object({ quantities: z.record(z.string(), z.int().min(0)) });

export const Report = z.object({
  classes: z.array(
    z.object({
      class: z.enum(['all', ...demandClasses]),
      products: z.int(),
      pieces: z.number(),
      /** Sums of absolute errors as shares of the pieces sold; null where none were. */
      error: z.number().nullable(),
      naiveError: z.number().nullable(),
      recentError: z.number().nullable(),
      /** By how much more was forecast than sold, as a share of it. */
      bias: z.number().nullable(),
      /** Share of the held-out figures within their 80 % interval. */
      within80: z.number().nullable(),
      worseThanNaive: z.int(),
    }),
  ),
  text: z.string(),
});
export type Report = z.infer<typeof Report>;

export const salesLedger = defineAgent({
  name: 'sales-ledger',
  needs: { dataset: z.string(), products: z.int(), holdout: z.int() },
  produces: { demand: z.record(z.string(), Demand), ledgerNotes: LedgerNotes },
  facts: { ledgerNotes: z.object({ rows: z.int(), counted: z.int(), products: z.int() }) },
});

export const forecastingDemand = defineAgent({
  name: 'forecasting-demand',
  needs: { demand: Demand, horizon: z.int() },
  produces: { outlook: Outlook },
  facts: {
    outlook: z.object({ class: z.enum(demandClasses), error: z.number(), worseThanNaive: z.number() }),
  },
  adjust: z.object({
    /** Instead of the one that does best on the product's own past. */
    method: Method.optional(),
  }),
  each: { over: 'demand', atOnce: 4 },
});

export const ordering = defineAgent({
  name: 'ordering',
  needs: { outlook: whole(Outlook), leadWeeks: z.int(), stock: z.record(z.string(), z.number()) },
  produces: { orderPlan: OrderPlan },
  facts: { orderPlan: z.object({ cost: z.number(), pieces: z.int(), lines: z.int() }) },
});

export const reporting = defineAgent({
  name: 'reporting',
  needs: { outlook: whole(Outlook), ledgerNotes: LedgerNotes },
  produces: { report: Report },
});
