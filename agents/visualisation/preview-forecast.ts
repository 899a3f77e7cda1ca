import { buildContent } from './build-content.ts';
import { describeChart } from './describe-chart.ts';
import { drawChart } from './draw-chart.ts';
import { formatPeriod } from './figures.ts';
import type { Material } from './material.ts';
import { type ChartPlan, planCharts } from './plan-charts.ts';
import { checkChart, reviseChart } from './revise-chart.ts';
import { summarise } from './summarise.ts';
import { showInvisible } from './visible-text.ts';
import { type ReportParts, writeHtml } from './write-report.ts';

/**
 * A page for whoever has to approve a forecast, before a report is made of it: where the totals and their parts go,
 * and how far to trust each.
 */
export function previewForecast(material: Material): string {
  const { charts, leftOut } = planCharts(material, ['outlook', 'trust']);
  const last = material.forecast.periods.at(-1);
  return writeHtml(material, {
    title: showInvisible(
      `To be approved: forecast of ${material.table.dataset}${last ? ` to ${formatPeriod(last)}` : ''}`,
    ),
    summary: summarise(material),
    charts: charts.flatMap((plan) => drawPlan(plan, material)),
    leftOut,
    unshown: [],
  });
}

/** A planned chart once it can be read: in parts where it is too crowded, as its table alone where nothing helps. */
function drawPlan(plan: ChartPlan, material: Material): ReportParts['charts'] {
  const content = buildContent(plan, material);
  const { id, columns, labelWidth } = plan;
  const hasRoom = checkChart(content, null).length === 0;
  const alt = hasRoom ? describeChart(content) : plan.title;
  const drawn = hasRoom ? drawChart({ id, alt, content, columns, labelWidth }) : null;
  const problems = checkChart(content, drawn);
  if (problems.length === 0) return [{ id, content, alt, drawn }];
  const revised = reviseChart(plan, problems, material);
  if (revised.length > 0) return revised.flatMap((one) => drawPlan(one, material));
  return problems.some(({ kind }) => kind === 'empty') ? [] : [{ id, content, alt, drawn: null }];
}
