// The door `batonflow/agents`: implementing agents, and the three specialists.
export { implementAgent } from '../agents/implement-agent.ts';
export type {
  AgentImplementation,
  DataFile,
  GraphPorts,
  Implementation,
  MakePorts,
} from '../agents/implement-agent.ts';
export type { Explain, FileCell, JsonPath, Origin } from '../contracts/origin.ts';
export { askPerson } from '../agents/ask-person.ts';
export { toFailure } from '../contracts/failures.ts';
export {
  dataGathering,
  DataProfile,
  Finding,
  Hierarchy,
  Lineage,
  recurringGathering,
  SeriesTable,
} from '../agents/data-gathering/agent.ts';
export { default as dataGatheringAgent, recurringGatheringAgent } from '../agents/data-gathering/graph.ts';
export { GroupPlan } from '../agents/data-gathering/group-plan.ts';
export { groupRows } from '../agents/data-gathering/group-rows.ts';
export type { Group, GroupedLedger, GroupOptions } from '../agents/data-gathering/group-rows.ts';
export type { Cell, Kind, Table } from '../agents/tables/table.ts';
export { writeCsv } from '../agents/tables/write-csv.ts';
export { writeWorkbook } from '../agents/tables/write-workbook.ts';
export type { Sheet } from '../agents/tables/write-workbook.ts';
export { traceFigure } from '../agents/data-gathering/trace-figure.ts';
export { traceValue } from '../agents/data-gathering/trace-series.ts';
export { Forecast, ForecastAdjustments, forecasting } from '../agents/forecasting/agent.ts';
export { default as forecastingAgent } from '../agents/forecasting/graph.ts';
export { Chart, Language, Report, visualisation } from '../agents/visualisation/agent.ts';
export { default as visualisationAgent } from '../agents/visualisation/graph.ts';
