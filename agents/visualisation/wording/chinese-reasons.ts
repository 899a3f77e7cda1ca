import type { ChineseTerms } from './chinese-terms.ts';
import type { reasons } from './english-reasons.ts';

export function writeChineseReasons(terms: ChineseTerms): typeof reasons {
  const { series, data, observed, axis, backtest } = terms;
  return {
    fits: {
      oneSeriesInTime: `單一${series}隨時間變化，以折線表示`,
      manySeriesInTime: '多條線畫在同一張圖會互相糾纏，所以各畫一幅小圖',
      oneFigureWithInterval: '單一而不確定的數字，以可以逐點數算的結果最易判斷',
      partsOfAWhole: '各部分合成整體，故以佔比表示；長度比圓形圖的角度更易準確比較',
      figuresWithIntervals: '連同區間的數字以圓點和橫線表示，長條會掩蓋區間',
      figuresFromZero: '單一數字以由零開始的長條表示',
      changesBothWays: '增減以零線兩側的長條表示',
      manyChanges: `變動的${series}太多，故按範圍計數`,
      twoMeasures: `每個${series}的兩個數字合為一點，兩軸各有單一意義`,
      testedAgainstNaive: `同一${series}的兩個誤差，以同一橫線上的兩點表示`,
      wideRange: `最大是最小的數百倍，而且全部大於零，故用對數${axis}`,
    },
    refused: {
      noFigures: '沒有可用的數字',
      needsTwo: `至少要有兩個${series}`,
      noIntervals: '預測沒有提供區間',
      noWhole: `這些${series}並非一個整體的全部組成部分`,
      addsUpAlready: '佔比圖已經說明',
      negativeShares: '小於零的部分沒有佔比可言',
      unitsDiffer: '單位不同',
      tooFewForSpread: '數目不多，逐一比較更清楚',
      tooFewForRelation: `${series}太少，看到的規律可能只是巧合`,
      untested: `沒有一項預測能以過往${data}驗證`,
      oneSeries: `只有一個${series}`,
      anglesMislead: '角度不如長度易於準確比較',
      dualAxesMislead: `有兩條縱軸時，任何兩條線都可以被調到貼合`,
      stacksHideParts: '堆疊圖只有最底一層的基線是平的',
      linesTangle: '同一張圖超過四條線便會互相糾纏',
      logNeedsPositive: '大於零的數字才可以取對數',
      barsNeedZero: '由零開始，長條的長度才代表多少',
    },
    omitted: {
      noLikePeriod: `預測期內沒有可與${observed}對應的時期`,
      noPositiveStart: '起點須大於零，才可計算百分比變動',
      noFiniteError: `${backtest}得不出有限的誤差`,
    },
    faults: {
      notInTable: `${data}表內沒有這個${series}`,
      noForecast: '沒有預測',
      noPeriods: '預測沒有任何時期',
      noObserved: `沒有${observed}`,
      observedNotFinite: `${observed}中有並非有限數的值`,
      lengths: (count) => `預測的各行並非都有 ${count} 個數字`,
      forecastNotFinite: '預測中有並非有限數的值',
      tooLarge: '數字太大，無法繪畫',
      notNested: '各級區間並非逐層包含',
    },
    problems: {
      empty: '沒有可繪畫的數字',
      tooMany: (count, most) => `一張圖有 ${count} 項，多於 ${most} 項`,
      broken: '圖形超出畫面',
      overlap: (count) => `${count} 段文字互相重疊`,
      clipped: (count) => `${count} 段文字超出畫面`,
    },
    notDrawn: (fault) => `未有繪畫：${fault}。`,
    noPicture: (details) => `沒有圖：${details}。`,
    noPng: (characters, command) =>
      `沒有 PNG 圖檔：這裡的字型缺少「${characters}」${command ? `（安裝繁體中文字型：${command}）` : ''}。網頁和 SVG 的文字由讀者自己的字型顯示，不受影響。`,
  };
}
