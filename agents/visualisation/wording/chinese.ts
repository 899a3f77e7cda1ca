import { createFormat } from '../figures.ts';
import type {
  phrases as englishPhrases,
  picture as englishPicture,
  titles as englishTitles,
} from './english.ts';
import type { Format } from '../figures.ts';
import type { ChineseTerms } from './chinese-terms.ts';

interface ChineseCharts {
  format: Format;
  phrases: typeof englishPhrases;
  picture: typeof englishPicture;
  titles: typeof englishTitles;
}

/** A name with a blank towards Chinese letters where its own are Latin. */
export function pad(name: string, sides: 'both' | 'before' | 'after' = 'both'): string {
  const before = sides !== 'after' && /^[\p{Script=Latin}\p{N}]/u.test(name) ? ' ' : '';
  return `${before}${name}${sides !== 'before' && /[\p{Script=Latin}\p{N}]$/u.test(name) ? ' ' : ''}`;
}

/** What stands in pictures and above them, in traditional characters. */
export function writeChinese(terms: ChineseTerms): ChineseCharts {
  const format = createFormat({
    locale: terms.locale,
    unknown: '不詳',
    percentGap: '',
    unitGap: ' ',
    quarter: (year, quarter) => `${year}年第${quarter}季`,
    week: (year, week) => `${year}年第${week}${terms.weekOf}`,
  });
  return {
    format,
    phrases: writePhrases(terms),
    picture: writePicture(terms),
    titles: writeTitles(terms, format),
  };
}

function writePhrases(terms: ChineseTerms): typeof englishPhrases {
  const one = { yearly: '年', quarterly: '季', monthly: '個月', weekly: terms.week, daily: terms.day };
  return {
    list: (items) => items.join('，'),
    clauses: (items) => items.join('；'),
    sentences: (items) => items.join(''),
    stop: '。',
    colon: '：',
    aside: (text, aside) => `${text}（${aside}）`,
    one: (frequency) => one[frequency],
    many: (frequency) => (frequency === 'weekly' ? terms.weeks : one[frequency]),
    year: '年',
    week: terms.week,
    several: () => '個週期',
    yes: '是',
    no: '否',
    trust: { good: '高', fair: '中', poor: '低' },
  };
}

function writePicture(terms: ChineseTerms): typeof englishPicture {
  const { observed, data, series, axis, seasonalNaive } = terms;
  return {
    observed,
    forecast: '預測',
    interval: (level) => `${level}% 區間`,
    naive: (span) => `沿用上一${span}`,
    noInterval: '沒有提供區間',
    more: '增加',
    less: '減少',
    hollow: `空心：${terms.unclear}（在 80% 區間內）`,
    clear: (figures) => `${figures} 明顯`,
    unit: (unit) => `單位：${unit}`,
    noUnit: `${data}沒有註明單位`,
    mixedUnits: '單位不同，列於名稱旁',
    scale: (scale, alone) =>
      alone
        ? `${axis}不一定由零開始。`
        : {
            level: `各圖共用同一${axis}，不一定由零開始。`,
            index: `各圖共用同一${axis}：指數，以最近一個週期的平均${observed}為 100。`,
            own: `各圖有自己的${axis}，不一定由零開始。`,
          }[scale],
    order: { size: '按預測數字由大至小排列。', given: `按${data}的次序排列。` },
    end: (period, figure) => `${period}：${figure}`,
    range: (level, low, high) => `（${level}%：${low} 至 ${high}）`,
    edited: `，${terms.byHand}`,
    span: (from, to) => `${from}至${to}`,
    changeNote: (after, before, unit) => `${after}的平均預測，減${before}的平均${observed}。${unit}`,
    inPercent: '單位不同，故以百分比計。',
    unitUnknown: '沒有註明單位',
    percent: '百分比',
    trustNote: `${terms.backtest}的平均誤差，以 MASE 計：1 等於「${seasonalNaive}」在過往的誤差。愈靠左愈好；所用方法應在「${seasonalNaive}」的左方。`,
    methodUsed: '所用方法',
    seasonalNaive,
    against: (mase, naive, trust, narrow) =>
      narrow ? `${mase} / ${naive}：${trust}` : `${mase} 對 ${naive}，可信度${trust}`,
    rest: (count) => `其餘 ${count} 項合計`,
    page: (title, page, pages) => `${title}（${page}/${pages}）`,
    sizesNote: (period) => `${period}的預測數字，由大至小排列。`,
    logNote: `對數${axis}：每格是前一格的十倍。`,
    sharesNote: (whole, before, after) =>
      `佔${pad(whole)}的百分比：長條是${after}的平均預測，菱形是${before}的平均${observed}。`,
    shareOf: (whole) => `佔${pad(whole)}的百分比`,
    oddsNote: (period) => `${period}：20 個可能結果，每個${terms.chance}相同（二十分之一），由預測區間推算。`,
    outcome: '二十分之一',
    lastLike: (period) => `${period}${observed}`,
    spreadNote: `每條長條表示平均變動百分比落在該範圍的${series}數目，由零開始。`,
    countAxis: `${series}數目`,
    changeAxis: '變動百分比',
    median: '中位數',
    beyond: { below: '或以下', above: '或以上' },
    relationNote: `每點是一個${series}，只標出最外圍的名稱。`,
    sizeAxis: (unit) => (unit ? `最後一個週期的平均預測（${unit}）` : '最後一個週期的平均預測'),
  };
}

function writeTitles(terms: ChineseTerms, format: Format): typeof englishTitles {
  const { series } = terms;
  return {
    outlookOf: (label, until) => `${label}：至${until}的展望`,
    furtherTotals: (until) => `其他總計：至${until}的展望`,
    subtotals: (until) => `小計：至${until}的展望`,
    parts: (until) => `各組成部分：至${until}的展望`,
    series: (until) => `各${series}：至${until}的展望`,
    largestParts: (count, until) => `最大的 ${count} 個組成部分：至${until}的展望`,
    largestSeries: (count, until) => `最大的 ${count} 個${series}：至${until}的展望`,
    odds: (label, until) => `${label}：${until}的可能結果`,
    shares: (whole) => `${pad(whole, 'after')}的組成`,
    sizes: (until) => `${until}的預測數字比較`,
    changeParts: (span) => `各組成部分的變動：預測${span === '年' ? '一年' : '週期'}與上一${span}比較`,
    changeSeries: (span) => `各${series}的變動：預測${span === '年' ? '一年' : '週期'}與上一${span}比較`,
    spread: '變動的分布',
    relation: '規模與變動',
    trust: '各項預測有多可信',
    trustShown: '圖中各項預測有多可信',
    end: ({ label, will, unit, period, was, wasPeriod, clear }) => {
      const change =
        was > 0 ? `，較${format.period(wasPeriod)} ${format.percent((100 * (will - was)) / was)}` : '';
      return `${label}：預計${format.period(period)}為 ${format.amount(will, unit)}${change}${clear ? '' : `（${terms.unclear}）`}`;
    },
    ends: (up, all, clear, span) =>
      `${all} 項之中，${up} 項預計高於上一${span}同期；${clear === 0 ? '差別均不明顯' : `${clear} 項差別明顯`}`,
    changes: (top, bottom, kind) =>
      kind === 'both'
        ? `升幅最大：${top}；跌幅最大：${bottom}`
        : kind === 'rise'
          ? `升幅最大：${top}；沒有下跌`
          : `跌幅最大：${bottom}；沒有上升`,
    oneChange: (one) => `只有一項可以比較：${one}`,
    trusted: (better, all, span, poor) =>
      `${all} 項預測中，${better} 項的誤差小於沿用上一${span}數字${poor > 0 ? `；${poor} 項可信度低` : ''}`,
    largest: (label, amount, period) => `最大：${label}，預計${period}為 ${amount}`,
    shared: (first, moved) =>
      `佔比最大：${first.label}（${format.figure(first.after, 1)}%）；變動最大：${moved.label}（${format.change(moved.after - moved.before, 1)} 個百分點）`,
    chances: (more, { label, was, unit, wasPeriod, period }) =>
      `${label}：20 個${terms.chance}相同的結果中，${more} 個在${format.period(period)}高於 ${format.amount(was, unit)}（${format.period(wasPeriod)}的水平）`,
    spreadOut: (count, low, high) =>
      `${count} 個${series}中，有一半的變動介乎 ${format.percent(low)} 至 ${format.percent(high)}`,
    related: (correlation) =>
      correlation === null || Math.abs(correlation) < 0.3
        ? '規模大小與預計變動沒有明顯關係'
        : correlation > 0
          ? '規模愈大，預計升幅愈大'
          : '規模愈大，預計升幅愈小',
  };
}
