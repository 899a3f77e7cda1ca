import { expect, it } from 'vitest';
import forecastingAgent from '../../../agents/forecasting/graph.ts';
import { most } from '../../../agents/visualisation/plan-charts.ts';
import { previewForecast } from '../../../agents/visualisation/preview-forecast.ts';
import { contentPolicy } from '../../../agents/visualisation/write-report.ts';
import { gatherEmployment } from './employment.ts';

it('a forecast is shown before it is approved: every series with its past, and how far to trust each', () => {
  const material = gatherEmployment();
  const page = previewForecast(material);
  expect(page).toContain('<h1>To be approved: forecast of');
  expect(page).toContain(contentPolicy);
  const titles = [...page.matchAll(/<h3 class="chart-title"[^>]*>([^<]*)</g)].map(([, title]) => title);
  expect(titles[0]).toMatch(/^nonfarm: outlook to /);
  expect(titles.at(-1)).toBe('How far to trust each forecast');
  // More parts than one chart can show are drawn in several.
  expect(material.forecast.series.length).toBeGreaterThan(most.outlook);
  expect(titles.filter((title) => title!.startsWith('Parts: '))).toHaveLength(2);
  expect(page.match(/<svg class="wide"/g)).toHaveLength(titles.length);
});

it('the forecasting agent draws it of what it made, and nothing where the series are not there', async () => {
  const { table, forecast } = gatherEmployment();
  const draw = forecastingAgent.previews!['forecast']!;
  expect(await draw(forecast as never, { series: table } as never)).toBe(
    previewForecast({ table, forecast }),
  );
  expect(await draw(forecast as never, {} as never)).toBeNull();
});
