import { implementAgent } from '../../agents/implement-agent.ts';
import { forecastingDemand, ordering, reporting, salesLedger } from './agents.ts';
import type * as Jobs from './jobs.ts';
import { planOrder, setQuantities } from './order.ts';
import { previewOrder } from './preview-order.ts';
import { writeReport } from './report.ts';

type Result<Job extends keyof typeof Jobs> = Awaited<ReturnType<(typeof Jobs)[Job]>>;

const jobs = new URL('./jobs.ts', import.meta.url);

export const demandPlanningAgents = [
  implementAgent(salesLedger, {
    make: async ({ dataset, products, holdout }, { compute, locateData, signal }) => {
      const path = await locateData(dataset);
      const read = await compute('readDemand', { path, products, holdout }, { abortSignal: signal });
      return read as Result<'readDemand'>;
    },
    facts: { ledgerNotes: ({ rows, counted, products }) => ({ rows, counted, products }) },
    jobs,
  }),
  implementAgent(forecastingDemand, {
    make: async ({ demand, element: code, horizon, adjust: { method } }, { compute, signal }) => {
      const request = { code, demand, horizon, ...(method && { method }) };
      const outlook = await compute('forecastDemand', request, { abortSignal: signal });
      return { outlook: outlook as Result<'forecastDemand'> };
    },
    facts: {
      outlook: ({ class: kind, error, naiveError }) => ({
        class: kind,
        error,
        worseThanNaive: error - naiveError,
      }),
    },
    jobs,
  }),
  implementAgent(ordering, {
    make: (needs) => ({ orderPlan: planOrder(needs) }),
    facts: { orderPlan: ({ cost, pieces, lines }) => ({ cost, pieces, lines: lines.length }) },
    applyEdit: (_artifact, plan, delta) => setQuantities(plan, delta),
    previews: { orderPlan: previewOrder },
  }),
  implementAgent(reporting, { make: (needs) => ({ report: writeReport(needs) }) }),
];
