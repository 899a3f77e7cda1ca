/** Where the written Chinese of Hong Kong and of Taiwan differ. */
export interface ChineseTerms {
  locale: string;
  data: string;
  dataset: string;
  series: string;
  row: string;
  column: string;
  observed: string;
  backtest: string;
  barChart: string;
  scatterPlot: string;
  seasonalNaive: string;
  axis: string;
  week: string;
  weeks: string;
  day: string;
  and: string;
  byHand: string;
  weekOf: string;
  chance: string;
  unclear: string;
  program: string;
  law: string;
  approve: string;
}
