// What `compute` runs on other threads: plain JSON in, plain JSON out.
export { backtestMethods as backtestSeries } from './backtest-series.ts';
export { chooseRegressors } from './choose-regressors.ts';
export { forecastOne as forecastSeries } from './forecast-series.ts';
export { rankReconciliations } from './rank-reconciliations.ts';
export { reconcileForecasts as reconcile } from './reconcile.ts';
