import type { LangGraphRunnableConfig } from '@langchain/langgraph';
import { toFailure } from '../../contracts/failures.ts';
import type { GraphPorts } from '../implement-agent.ts';
import { buildContent } from './build-content.ts';
import { checkReport } from './check-report.ts';
import { describeChart } from './describe-chart.ts';
import type { DrawChartInput, DrawnChart } from './draw-chart.ts';
import { labelSeries, type Material, nameSpans } from './material.ts';
import { type ChartPlan, most, planCharts } from './plan-charts.ts';
import { nameLetters, suggestFont } from './find-fonts.ts';
import type { Rasterised, RasteriseInput } from './rasterise.ts';
import { checkChart, countShown, reviseChart } from './revise-chart.ts';
import type { ChartInWork, LeftOut, VisualisationState, VisualisationUpdate } from './state.ts';
import { summarise } from './summarise.ts';
import { tableOf } from './table-chart.ts';
import { showInvisible } from './visible-text.ts';
import { wordingOf } from './wording/wording.ts';
import { type ReportParts, writeHtml } from './write-report.ts';
import { writeCsv, writeJson } from './write-tables.ts';

type Node = (
  state: VisualisationState,
  config: LangGraphRunnableConfig,
) => VisualisationUpdate | Promise<VisualisationUpdate>;

export const chooseCharts: Node = (state) => {
  const { charts, leftOut } = planCharts(materialOf(state), state.adjust.charts);
  return { charts: charts.map((plan) => startChart(plan, materialOf(state))), leftOut };
};

export function createDrawCharts(ports: GraphPorts): Node {
  return async (state, { signal }) => {
    let done = 0;
    const charts = await Promise.all(
      state.charts.map(async (chart) => {
        const shown = countShown(chart.content);
        // What would be empty or too crowded to read isn't worth the drawing.
        if (chart.settled || shown === 0 || shown > most[chart.plan.kind]) return chart;
        const { id, columns, labelWidth } = chart.plan;
        const { language, ...material } = materialOf(state);
        const { span } = nameSpans({ language, ...material });
        const { alt, content } = chart;
        const input: DrawChartInput = { id, alt, language, content, columns, labelWidth, span };
        const drawn = (await ports.compute('drawChart', input, optionsOf(signal))) as DrawnChart;
        ports.progress({ text: 'charts drawn', done: ++done });
        return { ...chart, drawn };
      }),
    );
    return { charts };
  };
}

export const checkCharts: Node = (state) => ({
  charts: state.charts.map((chart) => {
    if (chart.settled) return chart;
    const problems = checkChart(chart.content, chart.drawn, wordingOf(materialOf(state).language));
    return { ...chart, problems, settled: problems.length === 0 };
  }),
});

export function createReviseCharts(ports: GraphPorts): Node {
  return (state) => {
    const material = materialOf(state);
    const leftOut: LeftOut[] = [...state.leftOut];
    const charts = state.charts.flatMap((chart): ChartInWork[] => {
      if (chart.settled) return [chart];
      const { phrases, reasons } = wordingOf(material.language);
      const details = phrases.clauses(chart.problems.map(({ detail }) => detail));
      const plans = reviseChart(chart.plan, chart.problems, material);
      ports.log(
        { chart: chart.plan.id, revision: chart.plan.revision, became: plans.length },
        'chart revised',
      );
      if (plans.length > 0) return plans.map((plan) => startChart(plan, material));
      leftOut.push({ label: chart.plan.topic, reason: reasons.noPicture(details) });
      return countShown(chart.content) > 0 ? [{ ...chart, drawn: null, settled: true }] : [];
    });
    return { charts, leftOut };
  };
}

export function createRasteriseCharts(ports: GraphPorts): Node {
  return async (state, { signal }) => {
    const { reasons } = wordingOf(materialOf(state).language);
    const leftOut: LeftOut[] = [...state.leftOut];
    const charts = await Promise.all(
      state.charts.map(async (chart) => {
        if (!chart.drawn) return chart;
        const input: RasteriseInput = { svg: chart.drawn.file, scales: [1, 2] };
        const made = (await ports.compute('rasterise', input, optionsOf(signal))) as Rasterised;
        if (made.missing.length > 0) return { ...chart, missing: made.missing };
        const [png = null, png2x = null] = made.pictures.map((picture) => picture.png);
        return { ...chart, png, png2x };
      }),
    );
    for (const { content, missing } of charts)
      if (missing && missing.length > 0)
        leftOut.push({
          label: content.title,
          reason: reasons.noPng(nameLetters(missing), suggestFont(missing)),
        });
    return { charts, leftOut };
  };
}

export const writeReport: Node = (state) => {
  const material = materialOf(state);
  const { language } = material;
  const parts = gatherParts(state);
  const { title, summary, leftOut } = parts;
  return {
    report: {
      title,
      language,
      summary,
      charts: state.charts.flatMap(({ plan, content, alt, drawn, png, png2x }) => {
        if (!drawn) return [];
        const { columns, rows } = tableOf(content, wordingOf(language));
        const table = { columns, rows };
        return [
          { id: plan.id, title: content.title, kind: plan.kind, alt, svg: drawn.file, png, png2x, table },
        ];
      }),
      html: writeHtml(material, parts),
      csv: writeCsv(material),
      json: writeJson(material, { title, summary, leftOut }),
    },
  };
};

/** A report that its own check refuses is a fault of this agent: it fails rather than hand it on. */
export const checkWrittenReport: Node = (state) => {
  const problems = checkReport(materialOf(state), gatherParts(state), state.report);
  if (problems.length > 0)
    throw toFailure('Agent.Failed', `The report does not hold: ${problems.join('; ')}.`);
  return {};
};

/** Whether a chart is still to be revised. */
export function hasUnreadableCharts({ charts }: VisualisationState): boolean {
  return charts.some((chart) => !chart.settled);
}

function materialOf({ series, forecast, language, adjust }: VisualisationState): Material {
  return { table: series, forecast, language: adjust.language ?? language ?? 'en' };
}

function optionsOf(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal ? { abortSignal: signal } : {};
}

function startChart(plan: ChartPlan, material: Material): ChartInWork {
  const content = buildContent(plan, material);
  const alt = countShown(content) > 0 ? describeChart(content, wordingOf(material.language)) : plan.topic;
  return { plan, content, alt, drawn: null, problems: [], settled: false, png: null, png2x: null };
}

function gatherParts(state: VisualisationState): ReportParts {
  const material = materialOf(state);
  const { format, page } = wordingOf(material.language);
  const last = state.forecast.periods.at(-1);
  return {
    title: showInvisible(
      state.adjust.title ?? page.title(state.series.dataset, last ? format.period(last) : null),
    ),
    summary: summarise(material),
    charts: state.charts.map(({ plan, content, alt, drawn }) => ({
      id: plan.id,
      why: plan.why,
      content,
      alt,
      drawn,
    })),
    leftOut: state.leftOut,
    unshown: findUnshown(state),
  };
}

/** Labels of series that have no place of their own in a chart: not among the largest, or their kind not asked for. */
function findUnshown(state: VisualisationState): string[] {
  const labels = labelSeries(materialOf(state));
  const named = new Set(state.leftOut.map(({ label }) => label));
  for (const { content } of state.charts) for (const label of labelsIn(content)) named.add(label);
  return state.forecast.series.flatMap(({ id }) => {
    const label = labels.get(id)!;
    return named.has(label) ? [] : [label];
  });
}

function labelsIn(content: ChartInWork['content']): string[] {
  switch (content.kind) {
    case 'outlook':
      return content.panels.map(({ label }) => label);
    case 'odds':
      return [content.end.label];
    case 'change':
      return [...content.bars, ...content.omitted].map(({ label }) => label);
    case 'trust':
      return [...content.rows, ...content.omitted].map(({ label }) => label);
    case 'shares':
    case 'sizes':
      return content.rows.map(({ label }) => label);
    case 'spread':
      // Only counted in a bar: to be seen, a series needs a mark of its own.
      return content.omitted.map(({ label }) => label);
    case 'relation':
      return content.omitted.map(({ label }) => label);
  }
}
