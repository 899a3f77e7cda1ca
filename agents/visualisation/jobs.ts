// The heavy work of this agent, for a pool of threads: plain JSON in and out.
export { drawChart } from './draw-chart.ts';
export { rasterise } from './rasterise.ts';
