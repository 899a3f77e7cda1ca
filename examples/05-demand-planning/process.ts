import { z } from 'zod';
import { defineEffect } from '../../contracts/define-effect.ts';
import { authorise, defineProcess, review } from '../../contracts/define-process.ts';
import {
  forecastingDemand,
  ordering,
  OrderPlan,
  QuantityEdit,
  Report,
  reporting,
  salesLedger,
} from './agents.ts';

/** From a retail ledger to a purchase order: each product forecast by itself, looked at where its forecast did badly. */
export const demandPlanning = defineProcess({
  name: 'demand-planning',
  input: z.object({
    dataset: z.string(),
    products: z.int().min(1).max(300).default(200),
    holdout: z.int().min(1).max(26).default(8),
    horizon: z.int().min(1).max(26).default(8),
    leadWeeks: z.int().min(1).max(26).default(4),
    /** Pieces in stock by stock code, 0 unless given: the ledger holds none. */
    stock: z.record(z.string(), z.number().min(0)).default({}),
  }),
  amendable: ['leadWeeks', 'stock'],
  output: { orderPlan: OrderPlan, report: Report },
  team: [salesLedger, forecastingDemand, ordering, reporting],
  owner: 'planner',
  checkpoints: {
    lookAtOutlook: review('outlook', {
      by: 'planner',
      // Off by more than naive by a quarter of a mean week's demand.
      when: { outlook: { worseThanNaive: { exclusiveMinimum: 0.25 } } },
      onReject: 'absent',
    }),
    approvePlan: review('orderPlan', { by: 'manager', editable: QuantityEdit }),
    releaseOrder: authorise('purchaseOrder', { by: 'manager', fourEyes: true }),
  },
  effects: {
    purchaseOrder: defineEffect({
      subject: 'orderPlan',
      connector: 'files',
      destination: { folder: 'demand-planning' },
      arguments: {
        files: [
          { name: 'purchase-order.csv', artifact: 'orderPlan', member: 'csv' },
          { name: 'purchase-order.xlsx', artifact: 'orderPlan', member: 'xlsx', encoding: 'base64' },
        ],
      },
      consequences: 'The purchase order is written where buying picks it up.',
      recall: '10 minutes',
    }),
  },
});
