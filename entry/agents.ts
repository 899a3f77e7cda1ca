// The door `batonflow/agents`: implementing agents, and the three specialists.
export { implementAgent } from '../agents/implement-agent.ts';
export type { AgentImplementation, DataFile, GraphPorts, Implementation } from '../agents/implement-agent.ts';
export { askPerson } from '../agents/ask-person.ts';
export { toFailure } from '../contracts/failures.ts';
export { dataGathering, Finding, Hierarchy, SeriesTable } from '../agents/data-gathering/agent.ts';
export { default as dataGatheringAgent } from '../agents/data-gathering/graph.ts';
export { Forecast, ForecastAdjustments, forecasting } from '../agents/forecasting/agent.ts';
export { default as forecastingAgent } from '../agents/forecasting/graph.ts';
export { Chart, Report, visualisation } from '../agents/visualisation/agent.ts';
export { default as visualisationAgent } from '../agents/visualisation/graph.ts';
