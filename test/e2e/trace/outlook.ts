import { z } from 'zod';
import { defineAgent } from '../../../contracts/define-agent.ts';
import { defineEffect } from '../../../contracts/define-effect.ts';
import { authorise, defineProcess, review } from '../../../contracts/define-process.ts';
import type { Connector } from '../../../contracts/ports.ts';
import { defineProject } from '../../../worker/define-project.ts';
import type { Project } from '../../../worker/define-project.ts';
import { oneStep } from './one-step.ts';

/** Made-up tables: what each sector's figure is. */
const tables: { [dataset: string]: { [sector: string]: number } } = {
  'with-mining': { mining: 3, retail: 5 },
  'without-mining': { retail: 5 },
};

const Figures = z.record(z.string(), z.number());
const Report = z.object({ text: z.string() });

const gather = defineAgent({
  name: 'gather',
  needs: { dataset: z.string() },
  produces: { series: Figures },
});
const forecasting = defineAgent({
  name: 'forecasting',
  needs: { series: Figures, horizon: z.int() },
  produces: { forecast: Figures },
  adjust: z.object({ exclude: z.array(z.string()).default([]) }),
});
const visualisation = defineAgent({
  name: 'visualisation',
  needs: { forecast: Figures },
  produces: { report: Report },
});

/** market-outlook in small: the same chain, agents that end at once and make the same of the same. */
export const smallOutlook = defineProcess({
  name: 'small-outlook',
  input: z.object({ dataset: z.string(), horizon: z.int().min(1).max(36) }),
  amendable: ['horizon'],
  output: { report: Report },
  team: [gather, forecasting, visualisation],
  owner: 'analyst',
  checkpoints: {
    approveForecast: review('forecast', {
      by: 'analyst',
      editable: z.object({ retail: z.number().optional() }),
    }),
    releaseReport: authorise('publishReport', { by: 'manager', fourEyes: true }),
  },
  effects: {
    publishReport: defineEffect({
      subject: 'report',
      connector: 'outside',
      destination: { folder: 'small-outlook' },
      consequences: 'The report is published.',
    }),
  },
});

/** The project of that one process; the agents note each of their runs. */
export function smallOutlookProject(outside: Connector, ran: (task: string) => void = () => {}): Project {
  return defineProject({
    processes: [smallOutlook],
    agents: [
      oneStep(gather, ({ dataset }) => {
        ran('gather');
        return { series: tables[dataset] ?? {} };
      }),
      oneStep(forecasting, ({ series, horizon, adjust }) => {
        ran('forecasting');
        const kept = Object.entries(series).filter(([sector]) => !adjust.exclude.includes(sector));
        return { forecast: Object.fromEntries(kept.map(([sector, figure]) => [sector, figure * horizon])) };
      }),
      oneStep(visualisation, ({ forecast }) => {
        ran('visualisation');
        const lines = Object.entries(forecast).map(([sector, figure]) => `${sector}: ${figure}`);
        return { report: { text: lines.toSorted().join('\n') } };
      }),
    ],
    connectors: { outside },
  });
}
