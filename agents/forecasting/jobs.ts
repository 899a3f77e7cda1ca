// What `compute` runs on other threads: plain JSON in, plain JSON out.
export { backtestOne as backtestSeries } from './backtest-series.ts';
export { forecastOne as forecastSeries } from './forecast-series.ts';
export { reconcileForecasts as reconcile } from './reconcile.ts';
