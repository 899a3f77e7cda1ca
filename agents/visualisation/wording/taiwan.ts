import { writeChinese } from './chinese.ts';
import { writeChineseReasons } from './chinese-reasons.ts';
import { writeChineseReport } from './chinese-report.ts';
import type { ChineseTerms } from './chinese-terms.ts';

const terms: ChineseTerms = {
  locale: 'zh-Hant-TW',
  data: '資料',
  dataset: '資料集',
  series: '數列',
  row: '列',
  column: '欄',
  observed: '實際值',
  backtest: '回測',
  barChart: '長條圖',
  scatterPlot: '散布圖',
  seasonalNaive: '沿用前期',
  axis: '座標軸',
  week: '週',
  weeks: '週',
  day: '天',
  and: '與',
  byHand: '人工修改',
  weekOf: '週',
  chance: '機率',
  unclear: '差異不明顯',
  program: '程式',
  law: '新法規',
  approve: '核准',
};

const chinese = writeChinese(terms);

/** The Chinese of Taiwan. */
export const taiwan = {
  ...chinese,
  ...writeChineseReport(terms, chinese.format),
  reasons: writeChineseReasons(terms),
};
