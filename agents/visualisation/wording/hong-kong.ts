import { writeChinese } from './chinese.ts';
import { writeChineseReasons } from './chinese-reasons.ts';
import { writeChineseReport } from './chinese-report.ts';
import type { ChineseTerms } from './chinese-terms.ts';

const terms: ChineseTerms = {
  locale: 'zh-Hant-HK',
  data: '數據',
  dataset: '數據集',
  series: '序列',
  row: '行',
  column: '欄',
  observed: '實際數字',
  backtest: '回溯測試',
  barChart: '棒形圖',
  scatterPlot: '散點圖',
  seasonalNaive: '沿用上一週期',
  axis: '坐標軸',
  week: '星期',
  weeks: '個星期',
  day: '日',
  and: '及',
  byHand: '人手修改',
  weekOf: '周',
  chance: '機會',
  unclear: '未見明顯差別',
  program: '電腦程式',
  law: '新法例',
  approve: '批核',
};

const chinese = writeChinese(terms);

/** The Chinese of Hong Kong. */
export const hongKong = {
  ...chinese,
  ...writeChineseReport(terms, chinese.format),
  reasons: writeChineseReasons(terms),
};
