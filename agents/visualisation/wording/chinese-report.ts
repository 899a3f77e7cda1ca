import type { Format } from '../figures.ts';
import type * as english from './english-report.ts';
import { pad } from './chinese.ts';
import type { ChineseTerms } from './chinese-terms.ts';

/** What stands around the pictures, in traditional characters. */
export function writeChineseReport(terms: ChineseTerms, format: Format): typeof english {
  return {
    told: writeTold(terms),
    columns: writeColumns(terms),
    captions: writeCaptions(terms),
    summary: writeSummary(terms, format),
    basis: writeBasis(terms),
    page: writePage(terms),
  };
}

function writeTold({
  observed,
  backtest,
  barChart,
  scatterPlot,
  seasonalNaive,
  series,
  unclear,
  chance,
}: ChineseTerms): typeof english.told {
  const range = (bounds: [string, string] | null): string =>
    bounds ? `（95% 區間 ${bounds[0]} 至 ${bounds[1]}）` : '';
  return {
    lines: (count, from, to) =>
      `${count === 1 ? '折線圖' : `${count} 幅並列折線圖`}，${from}至${to}為${observed}，其後為預測`,
    withIntervals: '，附 80% 和 95% 區間',
    withoutIntervals: '；預測沒有提供區間',
    withNaive: '，並列沿用上一週期的數字',
    panel: (label, was, wasPeriod, will, period, bounds) =>
      `${label}：${wasPeriod} ${was}，${period}預測 ${will}${range(bounds)}`,
    inOrder: (labels) => `依次為：${labels.join('、')}。`,
    extremes: (most, least) =>
      `由最後的${observed}到預測期末，增幅最大的是${pad(most, 'before')}；最小的是${pad(least, 'before')}。`,
    allInTable: '全部數字載於表內。',
    firstAndLast: (first, last) => `最前：${first}。最後：${last}。`,
    changes: (count, unit, percent) =>
      `${barChart}，${count} 項平均變動${percent ? '，以百分比計' : unit ? `，單位為${unit}` : ''}，升幅最大在先。`,
    change: (label, amount, clear) => `${label} ${amount}${clear ? '' : `，${unclear}`}`,
    trust: (better, count) =>
      `點圖，比較所用方法與「${seasonalNaive}」的${backtest}誤差（MASE，愈低愈好）：${count} 項中 ${better} 項較佳；誤差最小在先。`,
    trusted: (label, mase, naive, trust) => `${label} ${mase} 對 ${naive}，可信度${trust}`,
    sizes: (count, period) => `點圖，${period}的 ${count} 個預測數字及其區間，由大至小。`,
    size: (label, mean, bounds) => `${label} ${mean}${range(bounds)}`,
    shares: (count, whole) => `${barChart}，${pad(whole)}的 ${count} 個組成部分的佔比，由大至小。`,
    share: (label, before, after) => `${label} 由 ${before}% 變為 ${after}%`,
    odds: (label, period) => `點圖，${pad(label)}在${period}的 20 個${chance}相同的結果。`,
    oddsRange: (low, high, lowest, highest) =>
      `80% 區間 ${low} 至 ${high}，95% 區間 ${lowest} 至 ${highest}。`,
    spread: (count) => `直方圖，${count} 個${series}的變動百分比。`,
    bin: (from, to, count) => `${from} 至 ${to}：${count} 個`,
    relation: (count, correlation) =>
      `${scatterPlot}，${count} 個${series}：橫軸為規模，縱軸為變動百分比${correlation === null ? '' : `；等級相關係數 ${correlation}`}。`,
    point: (label, size, percent) => `${label} ${size}，${percent}`,
  };
}

function writeColumns({
  series,
  observed,
  backtest,
  seasonalNaive,
  byHand,
  chance,
}: ChineseTerms): typeof english.columns {
  return {
    period: '時期',
    kind: '類別',
    series,
    observed,
    forecast: '預測',
    from: (level) => `${level}% 下限`,
    to: (level) => `${level}% 上限`,
    naive: '沿用上一週期',
    observedMean: `平均${observed}`,
    forecastMean: '平均預測',
    change: '變動',
    changePercent: '變動（%）',
    clear: '差別明顯',
    method: '方法',
    why: '原因',
    mase: 'MASE',
    naiveMase: `「${seasonalNaive}」的 MASE`,
    coverage: '95% 區間命中率',
    held: '95% 區間命中率',
    backtests: `${backtest}次數`,
    trust: '可信度',
    edited: byHand,
    expected: '預測',
    shareBefore: '之前佔比（%）',
    shareAfter: '預測佔比（%）',
    outcome: '結果',
    likelihood: `不高於此數的${chance}（%）`,
    size: '規模',
  };
}

function writeCaptions({ observed, chance }: ChineseTerms): typeof english.captions {
  return {
    outlook: `實線：${observed}。點線右方的虛線：預測。內層色帶應包含五分之四的結果，外層應包含二十分之十九。細點線：沿用上一週期的數字。`,
    outlookBare: `實線：${observed}。點線右方的虛線：預測。預測沒有提供區間，無從得知誤差可能有多大。`,
    change: `空心：最後的${observed}在預測期末的 80% 區間之內，差別並不明顯。`,
    trust: '每項預測都由較早的起點重新計算，再與其後的結果比較。',
    sizes: '圓點：預測。粗線：五分之四的結果；細線：二十分之十九。菱形：沿用上一週期的數字。',
    sizesBare: '長條由零開始。預測沒有提供區間，無從得知誤差可能有多大。',
    shares: '長條：預測期的佔比。菱形：最近一個實際週期的佔比。',
    odds: `數點便可：每點是二十分之一，各點${chance}相同。`,
    spread: '每條長條表示變動落在該範圍的數目。',
    relation: '只是把兩個數字並列，並不表示有因果關係。',
    omitted: (items) => `沒有顯示：${items}。`,
  };
}

function writeSummary(terms: ChineseTerms, format: Format): typeof english.summary {
  const { series, observed, data } = terms;
  return {
    nothing: `沒有任何${series}可以預測，所以沒有圖表。`,
    total: ({ label, will, unit, period, was, wasPeriod }, range) => {
      const change =
        was > 0
          ? `，較${format.period(wasPeriod)}的 ${format.figure(was)} 變動 ${format.percent((100 * (will - was)) / was)}`
          : '';
      return `${label}：預計${format.period(period)}為 ${format.amount(will, unit)}${change}${range ? `；95% 區間為 ${range[0]} 至 ${range[1]}` : '；預測沒有提供區間'}。`;
    },
    extremes: (mean, top, bottom, kind) =>
      kind === 'both'
        ? `以${mean}計，預計升幅最大的是${pad(top, 'before')}，跌幅最大的是${pad(bottom, 'before')}。`
        : kind === 'rise'
          ? `以${mean}計，預計升幅最大的是${pad(top, 'before')}，最小的是${pad(bottom, 'before')}；沒有下跌。`
          : `以${mean}計，預計跌幅最小的是${pad(top, 'before')}，最大的是${pad(bottom, 'before')}；沒有上升。`,
    figureOf: (span) => `每${span}數字`,
    meanOf: (span) => (span === '年' ? '全年平均' : `每${span}平均`),
    clear: (all, clear, span) =>
      `${all} 個${series}中，${clear} 個的期末預測與上一${span}期末的${observed}差別明顯（在 80% 區間以外）。`,
    untested: `沒有一項預測能以過往${data}驗證。`,
    tested: (better, all, span) =>
      `以過往${data}驗證，${all} 項預測中有 ${better} 項的誤差小於沿用上一${span}的數字`,
    worst: (label, mase) => `；誤差最大的是${pad(label, 'before')}（MASE ${mase}）。`,
    poor: (count) => (count === 0 ? '沒有一項的可信度列為低。' : `${count} 項的可信度列為低。`),
    edited: (labels) => `以下數字經${terms.byHand}，並非計算所得：${labels.join('、')}。`,
    leftOut: (count) => `有 ${count} 個欄位或${series}沒有採用，原因見下文。`,
  };
}

function writeBasis(terms: ChineseTerms): typeof english.basis {
  const { data, row, column, series, backtest, and } = terms;
  return {
    title: '本報告的依據',
    data,
    source: (dataset, rows, columnCount, bytes) =>
      `${dataset}：${rows} ${row}、${columnCount} ${column}、${bytes} 位元組；SHA-256 `,
    findings: `${data}檢查結果`,
    noFindings: `檢查${data}時沒有發現問題。`,
    finding: (warning, name, at) => {
      const place = [name && `${column} ${name}`, at !== undefined && `第 ${at} ${row}`].filter(Boolean);
      return `${warning ? '警告' : '備註'}${place.length > 0 ? `（${place.join('，')}）` : ''}`;
    },
    mended: '已修正。',
    leftOut: '沒有採用的項目及原因',
    nothingLeftOut: '全部採用。',
    unshown: (labels) => `以下各項沒有獨立的圖，數字載於 CSV ${and} JSON 檔案：${labels.join('、')}。`,
    charts: '為何選用這些圖表',
    chosen: (topic, why) => `${topic}：${why}。`,
    methods: `各${series}的預測方法${and}${backtest}`,
    mase: (span) =>
      `MASE 是平均誤差，以過往沿用上一${span}數字的誤差為單位：低於旁邊「${terms.seasonalNaive}」的數字，才值得採用該方法。`,
    notMeasured: '沒有量度',
    byPerson: terms.byHand,
    totals: '總計如何加總',
    noTotals: `沒有${series}是其他${series}的總和。`,
    reconciled: (method, gap) => `預測的加總調整：${method}。調整後，總計與各部分之和最多相差 ${gap}。`,
    sum: (total, parts, gap, tolerance) =>
      `${total} = ${parts}（${data}中最多相差 ${gap}，容許 ${tolerance} 的四捨五入誤差）`,
    limits: '這項預測不能預知的事',
    continues: (count, many) =>
      `預測只是延續過往 ${count} ${many}的共同規律。從未發生過的事，或現在才作的決定，都不會反映在數字中：例如${terms.law}、危機、罷工，或統計方法改變。`,
    heldUnknown: '沒有量度區間有多常成立：請視之為最低限度的誤差。',
    held: (share) =>
      `區間說明過往的預測偏差有多大。在${backtest}中，平均有 ${share} 的結果落在 95% 區間之內。`,
    poor: (count, all) => `${all} 個${series}中有 ${count} 個可信度低：其走勢最多只可視為方向。`,
    eachAlone: (one) => `區間只就單一${series}的一${one}而言；全部同時成立的${terms.chance}較低。`,
    foreign: '方法、原因和檢查結果的說明由其他步驟寫成，按原文刊載（可能是英文）。',
  };
}

function writePage({
  dataset,
  data,
  series,
  observed,
  program,
  and,
  approve,
}: ChineseTerms): typeof english.page {
  return {
    title: (name, until) => `${pad(name, 'after')}展望${until ? `（至${until}）` : ''}`,
    preview: (name, until) => `待${approve}：${pad(name, 'after')}的預測${until ? `（至${until}）` : ''}`,
    lead: (name, first, last, horizon, periods) =>
      `${dataset}：${name}。${observed}由${first}至${last}；預測其後 ${horizon} ${periods}。`,
    summary: '摘要',
    charts: '圖表',
    nothing: `沒有可繪畫的${series}。`,
    noDrawing: '這張圖無法清楚畫出，數字只列於表內。',
    figures: (rows) => `此圖的數字（${rows} 項）`,
    tableOf: (title) => `數字：${title}`,
    footer: `本報告由${program}根據上述${data}編寫。全部數字（包括圖中的數字）均列於表內，完整小數載於隨附的 CSV ${and} JSON 檔案。`,
  };
}
