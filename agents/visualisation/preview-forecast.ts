import type { Forecast } from '../forecasting/agent.ts';
import type { SeriesTable } from '../data-gathering/agent.ts';
import type { Language } from './agent.ts';
import { buildContent } from './build-content.ts';
import { describeChart } from './describe-chart.ts';
import { drawChart } from './draw-chart.ts';
import { type Material, nameSpans } from './material.ts';
import { type ChartPlan, planCharts } from './plan-charts.ts';
import { checkChart, reviseChart } from './revise-chart.ts';
import { summarise } from './summarise.ts';
import { showInvisible } from './visible-text.ts';
import { wordingOf } from './wording/wording.ts';
import { type ReportParts, writeHtml } from './write-report.ts';

/**
 * A page for whoever has to approve a forecast, before a report is made of it: where the totals and their parts go,
 * and how far to trust each.
 */
export async function previewForecast(
  { table, forecast }: { table: SeriesTable; forecast: Forecast },
  language: Language = 'en',
): Promise<string> {
  const material: Material = { table, forecast, language };
  const { format, page } = wordingOf(language);
  const { charts, leftOut } = planCharts(material, ['outlook', 'trust']);
  const last = forecast.periods.at(-1);
  const drawn: ReportParts['charts'] = [];
  for (const plan of charts) drawn.push(...(await drawPlan(plan, material)));
  return writeHtml(material, {
    title: showInvisible(page.preview(table.dataset, last ? format.period(last) : null)),
    summary: summarise(material),
    charts: drawn,
    leftOut,
    unshown: [],
  });
}

/** A planned chart once it can be read: in parts where it is too crowded, as its table alone where nothing helps. */
async function drawPlan(plan: ChartPlan, material: Material): Promise<ReportParts['charts']> {
  const { language } = material;
  const wording = wordingOf(language);
  const content = buildContent(plan, material);
  const { id, columns, labelWidth, why } = plan;
  const hasRoom = checkChart(content, null, wording).length === 0;
  const alt = hasRoom ? describeChart(content, wording) : plan.topic;
  const { span } = nameSpans(material);
  const drawn = hasRoom ? await drawChart({ id, alt, language, content, columns, labelWidth, span }) : null;
  const problems = checkChart(content, drawn, wording);
  if (problems.length === 0) return [{ id, why, content, alt, drawn }];
  const revised = reviseChart(plan, problems, material);
  const parts: ReportParts['charts'] = [];
  for (const one of revised) parts.push(...(await drawPlan(one, material)));
  if (revised.length > 0) return parts;
  return problems.some(({ kind }) => kind === 'empty') ? [] : [{ id, why, content, alt, drawn: null }];
}
