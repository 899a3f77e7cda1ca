import { fileURLToPath } from 'node:url';
import { packageFolder } from './agents/data-gathering/read-dataset.ts';
import dataGatheringAgent from './agents/data-gathering/graph.ts';
import forecastingAgent from './agents/forecasting/graph.ts';
import visualisationAgent from './agents/visualisation/graph.ts';
import { fileConnector } from './activities/connectors/file.ts';
import { httpConnector } from './activities/connectors/http.ts';
import { greeterAgent, hello } from './examples/01-hello/process.ts';
import { noticeWriterAgent, officeNotice } from './examples/02-approval/process.ts';
import { roomBooking, roomFinderAgent } from './examples/03-question/process.ts';
import { marketOutlook } from './examples/04-market-outlook/process.ts';
import { demandPlanning } from './examples/05-demand-planning/process.ts';
import { demandPlanningAgents } from './examples/05-demand-planning/team.ts';
import { claimReaderAgent, expenseApproval } from './examples/06-expense-approval/process.ts';
import { longResearch } from './examples/07-long-research/process.ts';
import { longResearchAgents } from './examples/07-long-research/team.ts';
import { defineProject } from './worker/define-project.ts';

export default defineProject({
  processes: [hello, officeNotice, roomBooking, marketOutlook, demandPlanning, expenseApproval, longResearch],
  agents: [
    greeterAgent,
    noticeWriterAgent,
    roomFinderAgent,
    dataGatheringAgent,
    forecastingAgent,
    visualisationAgent,
    ...demandPlanningAgents,
    claimReaderAgent,
    ...longResearchAgents,
  ],
  connectors: {
    files: fileConnector({ root: 'out' }),
    // `node examples/06-expense-approval/payments.ts` starts it; it honours Idempotency-Key.
    payments: httpConnector({
      allow: [{ origin: 'http://127.0.0.1:4710', internal: true }],
      repeatable: true,
      undo: 'POST',
    }),
  },
  data: {
    named: {
      'vega-datasets': packageFolder('vega-datasets', 'data', import.meta.url),
      docs: fileURLToPath(new URL('docs', import.meta.url)),
    },
    folders: ['data'],
  },
});
