import { z } from 'zod';
import { dataGathering } from '../../agents/data-gathering/agent.ts';
import { ForecastAdjustments, forecasting } from '../../agents/forecasting/agent.ts';
import { Language, Report, visualisation } from '../../agents/visualisation/agent.ts';
import { defineEffect } from '../../contracts/define-effect.ts';
import { authorise, defineProcess, derived, review } from '../../contracts/define-process.ts';

/** From a table of series to a published outlook: gathered, forecast, approved, drawn, released. */
export const marketOutlook = defineProcess({
  name: 'market-outlook',
  input: z.object({
    dataset: z.string(),
    horizon: z.int().min(1).max(36),
    /** Of the report; English unless given. */
    language: Language.optional(),
  }),
  amendable: ['dataset', 'horizon', 'language'],
  output: { report: Report },
  team: [dataGathering, forecasting, visualisation],
  coordinator: derived(),
  owner: 'analyst',
  checkpoints: {
    approveForecast: review('forecast', { by: 'analyst', editable: ForecastAdjustments }),
    releaseReport: authorise('publishReport', { by: 'manager', fourEyes: true }),
  },
  effects: {
    publishReport: defineEffect({
      subject: 'report',
      connector: 'files',
      destination: { folder: 'market-outlook' },
      arguments: {
        files: [
          { name: 'report.html', artifact: 'report', member: 'html' },
          { name: 'forecast.csv', artifact: 'report', member: 'csv' },
          { name: 'forecast.json', artifact: 'report', member: 'json' },
        ],
      },
      consequences:
        'The report is published as one page, with its figures as CSV and JSON, for everybody to read.',
    }),
  },
});
