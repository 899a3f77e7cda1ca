import type { EChartsOption } from 'echarts';
import { measureRange } from './build-content.ts';
import type { OutlookContent, Panel } from './chart-content.ts';
import {
  drawBox,
  drawHeader,
  drawLine,
  type Drawing,
  type KeyEntry,
  type Mark,
  type Variant,
} from './chart-frame.ts';
import { niceScale } from './figures.ts';
import { dash, drawPanel, opacity } from './draw-panel.ts';
import { lightColour } from './palette.ts';
import { fitLabels } from './visible-text.ts';
import type { Wording } from './wording/wording.ts';

/** Lines with bands of their intervals, a panel for each series. */
export function drawOutlook(
  content: OutlookContent,
  variant: Variant,
  plan: { columns: number; labelWidth: number | null; span: string },
  wording: Wording,
): Drawing {
  const width = variant === 'narrow' ? 340 : 960;
  const columns = variant === 'narrow' ? 1 : Math.min(plan.columns, content.panels.length);
  const single = content.panels.length === 1;
  const panelHeight = single ? (variant === 'narrow' ? 260 : 380) : variant === 'narrow' ? 186 : 216;
  const header = drawHeader(
    variant,
    width,
    content.title,
    [describeAxes(content, wording)],
    listKey(content, plan.span, wording),
  );
  const panelWidth = (width - 12) / columns;
  const labelWidth = Math.min(panelWidth - 24, plan.labelWidth ?? Infinity);
  const mixed = new Set(content.panels.map((panel) => panel.unit)).size > 1;
  const labels = content.panels.map(({ label, unit }) =>
    mixed && unit ? wording.phrases.aside(label, unit) : label,
  );
  const shownLabels =
    plan.labelWidth === null && variant !== 'narrow' ? labels : fitLabels(labels, labelWidth, 13.7);
  const ticks = panelHeight > 230 ? 6 : 3;
  const shared = content.domain && niceScale(content.domain, ticks);
  const drawn = content.panels.map((panel, index) => {
    const box = {
      x: 6 + (index % columns) * panelWidth,
      y: header.bottom + Math.floor(index / columns) * panelHeight,
      width: panelWidth,
      height: panelHeight,
    };
    const scaled = content.scale === 'index' ? indexPanel(panel) : panel;
    const { low, high } = measureRange(scaled);
    const scale = shared ?? niceScale([low, high], ticks);
    return drawPanel(panel, scaled, scale, index, single ? null : shownLabels[index]!, box, wording);
  });
  const option = {
    animation: false,
    graphic: { elements: [...header.marks, ...drawn.flatMap((panel) => panel.marks)] },
    grid: drawn.map((panel) => panel.grid),
    xAxis: drawn.map((panel) => panel.xAxis),
    yAxis: drawn.map((panel) => panel.yAxis),
    series: drawn.flatMap((panel) => panel.series),
  } as EChartsOption;
  const rows = Math.ceil(content.panels.length / columns);
  return { width, height: header.bottom + rows * panelHeight + 6, option };
}

/** A panel's lines where 100 is the mean of its last season observed. */
function indexPanel(panel: Panel): Panel {
  const scale = (value: number): number => (100 * value) / panel.base!;
  return {
    ...panel,
    history: panel.history.map((value) => (value === null ? null : scale(value))),
    mean: panel.mean.map(scale),
    lower80: panel.lower80.map(scale),
    upper80: panel.upper80.map(scale),
    lower95: panel.lower95.map(scale),
    upper95: panel.upper95.map(scale),
    naive: panel.naive.map(scale),
  };
}

function describeAxes(content: OutlookContent, { picture, phrases }: Wording): string {
  const units = [...new Set(content.panels.map((panel) => panel.unit))];
  const single = content.panels.length === 1;
  const unit = units.length > 1 ? picture.mixedUnits : units[0] ? picture.unit(units[0]) : picture.noUnit;
  const axes = `${phrases.clauses([unit, picture.scale(content.scale, single)])}`;
  return single ? axes : phrases.sentences([axes, picture.order[content.order]]);
}

function listKey({ panels }: OutlookContent, span: string, { picture }: Wording): KeyEntry[] {
  const has = (line: 'lower80' | 'lower95' | 'naive'): boolean =>
    panels.some((panel) => panel[line].length > 0);
  const blue = lightColour('forecast');
  const drawBand = (x: number, y: number, level: 80 | 95): Mark =>
    drawBox(x, y - 7, 26, 14, blue, opacity[level]);
  const entries: (KeyEntry | false)[] = [
    { text: picture.observed, swatch: (x, y) => [drawLine(x, x + 26, y, lightColour('ink'), 2)] },
    { text: picture.forecast, swatch: (x, y) => [drawLine(x, x + 26, y, blue, 2, dash.forecast)] },
    has('lower80') && {
      text: picture.interval(80),
      swatch: (x, y) => [...(has('lower95') ? [drawBand(x, y, 95)] : []), drawBand(x, y, 80)],
    },
    has('lower95') && { text: picture.interval(95), swatch: (x, y) => [drawBand(x, y, 95)] },
    !has('lower80') && !has('lower95') && { text: picture.noInterval, swatch: () => [] },
    has('naive') && {
      text: picture.naive(span),
      swatch: (x, y) => [drawLine(x, x + 26, y, lightColour('naive'), 1.5, dash.naive)],
    },
  ];
  return entries.filter((entry) => entry !== false);
}
