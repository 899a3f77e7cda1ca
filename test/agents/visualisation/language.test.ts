import { expect, test } from 'vitest';
import type { Language } from '../../../agents/visualisation/agent.ts';
import type { Material } from '../../../agents/visualisation/material.ts';
import { wordingOf } from '../../../agents/visualisation/wording/wording.ts';
import { gatherEmployment } from './employment.ts';
import { madeUp } from './made-up.ts';
import { runGraph } from './run-graph.ts';

/** Chinese names and texts, so that any English left is the report's own. */
function gatherTowns(language: Language): Material {
  const labels = ['台北', '新北', '桃園', '台中', '台南', '高雄'];
  const material = { ...madeUp({ labels, parts: true }), language };
  material.table.dataset = '零售';
  material.table.series[0]!.label = '全部';
  material.forecast.series[0]!.label = '全部';
  material.forecast.reconciliation.method = '自下而上';
  for (const series of material.table.series) series.unit = '萬元';
  for (const series of material.forecast.series)
    Object.assign(series, { method: '指數平滑', reason: '誤差最小' });
  return material;
}

const kinds = ['outlook', 'odds', 'shares', 'change', 'trust'];

test.each(['zh-Hant-HK', 'zh-Hant-TW'] as const)(
  'a report in %s has no English of its own',
  async (language) => {
    const { report, leftOut } = await runGraph(gatherTowns(language), { charts: kinds });
    expect(leftOut).toEqual([]);
    expect(report.language).toBe(language);
    expect(new Set(report.charts.map(({ kind }) => kind))).toEqual(new Set(kinds));
    const body = report.html.slice(report.html.indexOf('<body>'));
    const texts = [
      ...[...body.matchAll(/>([^<>]+)</g)].map(([, text]) => text!),
      ...[...body.matchAll(/aria-label="([^"]*)"/g)].map(([, text]) => text!),
      ...report.charts.flatMap(({ title, alt, table }) => [title, alt, ...table.columns]),
      ...report.summary,
    ];
    const english = texts
      .map((text) => text.replace(/SHA-256|MASE|CSV|JSON|PNG|SVG|0{64}/g, ''))
      .filter((text) => /[A-Za-z]{2}/.test(text));
    expect(english).toEqual([]);
    // Full-width marks between Chinese letters, and no blank before a percent sign.
    expect(texts.filter((text) => /\p{Script=Han}[,;:]|\d %/u.test(text))).toEqual([]);
    expect(report.html).toContain(`<html lang="${language}">`);
    for (const { svg, png } of report.charts) {
      expect(svg).toContain(`<svg lang="${language}"`);
      expect(png).not.toBeNull();
    }
  },
);

test('Hong Kong and Taiwan each get their own words', async () => {
  const write = async (language: Language): Promise<string> =>
    (await runGraph(gatherTowns(language), { charts: ['outlook', 'trust'] })).report.html;
  const [hongKong, taiwan] = [await write('zh-Hant-HK'), await write('zh-Hant-TW')];
  const differing = [
    ['數據', '資料'],
    ['坐標軸', '座標軸'],
    ['實際數字', '實際值'],
    ['回溯測試', '回測'],
    ['個序列', '個數列'],
  ] as const;
  for (const [here, there] of differing) {
    expect(hongKong).toContain(here);
    expect(hongKong).not.toContain(there);
    expect(taiwan).toContain(there);
    expect(taiwan).not.toContain(here);
  }
});

test('what a chart shows is told in words: its finding, its figures and its baseline', async () => {
  const { report } = await runGraph(gatherEmployment(12, 'zh-Hant-TW'), { charts: ['outlook'] });
  expect(report.charts[0]!.alt).toBe(
    'nonfarm：預計2016年12月為 145,975 thousand jobs，較2015年12月 +2.0%（差異不明顯）。折線圖，2006年1月至2015年12月為實際值，其後為預測，附 80% 和 95% 區間，並列沿用上一週期的數字。nonfarm：2015年12月 143,093 thousand jobs，2016年12月預測 145,975（95% 區間 138,949 至 153,002）。',
  );
});

test('a language that a person asks for comes before the one of the process', async () => {
  const { report } = await runGraph(gatherTowns('zh-Hant-TW'), { language: 'en', charts: ['trust'] });
  expect([report.language, report.charts[0]!.title]).toEqual([
    'en',
    '7 of 7 forecasts err less than repeating the last year',
  ]);
});

test('every language answers every text of the others', () => {
  const list = (wording: object, path: string): string[] =>
    Object.entries(wording).flatMap(([name, value]) =>
      typeof value === 'object' && value !== null
        ? list(value as object, `${path}.${name}`)
        : `${path}.${name}`,
    );
  const english = list(wordingOf('en'), '').toSorted();
  for (const language of ['zh-Hant-HK', 'zh-Hant-TW'] as const)
    expect(list(wordingOf(language), '').toSorted()).toEqual(english);
});
