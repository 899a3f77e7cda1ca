// What `compute` runs on other threads: plain JSON in, plain JSON out.
export { forecastDemand } from './forecast.ts';
export { readDemand } from './ledger.ts';
