import { buildContent } from '../../../agents/visualisation/build-content.ts';
import type { ChartContent } from '../../../agents/visualisation/chart-content.ts';
import { describeChart } from '../../../agents/visualisation/describe-chart.ts';
import { drawChart, type DrawnChart } from '../../../agents/visualisation/draw-chart.ts';
import { type Material, nameSpans } from '../../../agents/visualisation/material.ts';
import { planCharts } from '../../../agents/visualisation/plan-charts.ts';
import { wordingOf } from '../../../agents/visualisation/wording/wording.ts';

/** The figures of a planned chart; all kinds are planned, also those that are only drawn when asked for. */
export function buildPlanned(material: Material, id: string): ChartContent {
  const plan = findPlan(material, id);
  return buildContent(plan, material);
}

function findPlan(material: Material, id: string) {
  const kinds = ['outlook', 'odds', 'shares', 'sizes', 'change', 'spread', 'relation', 'trust'] as const;
  const plan = planCharts(material, kinds).charts.find((chart) => chart.id === id);
  if (!plan) throw new Error(`No chart ${id} is planned.`);
  return plan;
}

/** Draws it as it was planned, or with labels no wider than so many pixels. */
export function drawPlanned(material: Material, id: string, width?: number): Promise<DrawnChart> {
  const { columns, ...plan } = findPlan(material, id);
  const labelWidth = width ?? plan.labelWidth;
  const content = buildPlanned(material, id);
  const { language } = material;
  const alt = describeChart(content, wordingOf(language));
  const { span } = nameSpans(material);
  return drawChart({ id, alt, language, content, columns, labelWidth, span });
}
