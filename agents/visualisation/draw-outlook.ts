import type { EChartsOption, SeriesOption } from 'echarts';
import type { OutlookContent, Panel } from './chart-content.ts';
import {
  drawBox,
  drawHeader,
  drawLine,
  drawText,
  type Drawing,
  fontFamily,
  type KeyEntry,
  type Mark,
  type Variant,
} from './chart-frame.ts';
import { formatFigure, formatPeriod, niceScale } from './figures.ts';
import { lightColour } from './palette.ts';
import { fitLabels, measureText } from './visible-text.ts';

const dash = { forecast: [6, 4], boundary: [2, 3] };
const opacity = { 95: 0.18, 80: 0.3 };

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Lines with bands of their intervals, a panel for each series, each with an axis of its own. */
export function drawOutlook(
  content: OutlookContent,
  variant: Variant,
  plan: { columns: number; labelWidth: number | null },
): Drawing {
  const width = variant === 'narrow' ? 340 : 960;
  const columns = variant === 'narrow' ? 1 : Math.min(plan.columns, content.panels.length);
  const single = content.panels.length === 1;
  const panelHeight = single ? (variant === 'narrow' ? 260 : 380) : variant === 'narrow' ? 186 : 216;
  const header = drawHeader(variant, width, content.title, describeAxes(content), chartKey);
  const panelWidth = (width - 12) / columns;
  const labelWidth = Math.min(panelWidth - 24, plan.labelWidth ?? Infinity);
  const mixed = new Set(content.panels.map((panel) => panel.unit)).size > 1;
  const labels = content.panels.map(({ label, unit }) => (mixed && unit ? `${label} (${unit})` : label));
  const shownLabels =
    plan.labelWidth === null && variant !== 'narrow' ? labels : fitLabels(labels, labelWidth, 13.7);
  const drawn = content.panels.map((panel, index) =>
    drawPanel(panel, index, single ? null : shownLabels[index]!, {
      x: 6 + (index % columns) * panelWidth,
      y: header.bottom + Math.floor(index / columns) * panelHeight,
      width: panelWidth,
      height: panelHeight,
    }),
  );
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

function describeAxes(content: OutlookContent): string[] {
  const units = [...new Set(content.panels.map((panel) => panel.unit))];
  const unit =
    units.length > 1
      ? 'Units differ and stand beside the names'
      : units[0]
        ? `Unit: ${units[0]}`
        : 'The data states no unit';
  const axis =
    content.panels.length > 1
      ? 'each panel has an axis of its own, which need not start at zero'
      : 'the axis need not start at zero';
  return [`${unit}; ${axis}.`];
}

const chartKey: KeyEntry[] = [
  { text: 'observed', swatch: (x, y) => [drawLine(x, x + 26, y, lightColour('ink'), 2)] },
  { text: 'forecast', swatch: (x, y) => [drawLine(x, x + 26, y, lightColour('forecast'), 2, dash.forecast)] },
  {
    text: '80 % interval',
    swatch: (x, y) => [
      drawBox(x, y - 7, 26, 14, lightColour('forecast'), opacity[95]),
      drawBox(x, y - 7, 26, 14, lightColour('forecast'), opacity[80]),
    ],
  },
  {
    text: '95 % interval',
    swatch: (x, y) => [drawBox(x, y - 7, 26, 14, lightColour('forecast'), opacity[95])],
  },
];

function scaleOf(panel: Panel, ticks: number): { min: number; max: number; interval: number } {
  const observed = panel.history.filter((value) => value !== null);
  return niceScale([...observed, ...panel.mean, ...panel.lower95, ...panel.upper95], ticks);
}

function drawPanel(panel: Panel, index: number, label: string | null, box: Box) {
  const scale = scaleOf(panel, box.height > 230 ? 6 : 3);
  const decimals = Math.max(
    0,
    Math.ceil(-Math.log10(scale.interval) + (/25/.test(String(scale.interval)) ? 1 : 0)),
  );
  const formatTick = (value: number): string => formatFigure(value, decimals);
  const ticks = [scale.min, scale.max, scale.min + scale.interval].map((tick) =>
    measureText(formatTick(tick), 11),
  );
  const last = panel.forecastPeriods.length - 1;
  const end = `${formatPeriod(panel.forecastPeriods[last]!)}: ${formatFigure(panel.mean[last])}`;
  const range = `(95 %: ${formatFigure(panel.lower95[last])} to ${formatFigure(panel.upper95[last])})`;
  const figures = `${end} ${range}${panel.edited ? ', edited' : ''}`;
  const top = label === null ? 30 : 50;
  const grid = {
    left: box.x + Math.max(...ticks) + 14,
    top: box.y + top,
    width: box.width - Math.max(...ticks) - 14 - 18,
    height: box.height - top - 30,
  };
  const marks: Mark[] = [drawText(figures, box.x + 8, box.y + top - 18, { size: 11.5, colour: 'muted' })];
  if (label !== null) marks.push(drawText(label, box.x + 8, box.y + 12, { size: 13, bold: true }));
  const periods = [...panel.periods, ...panel.forecastPeriods];
  const names = chooseTicks(periods, grid.width);
  return {
    marks,
    grid,
    xAxis: {
      type: 'category',
      gridIndex: index,
      data: periods,
      boundaryGap: false,
      axisLine: { lineStyle: { color: lightColour('muted') }, onZero: false },
      axisTick: { show: true, interval: (tick: number) => names.has(tick) },
      axisLabel: {
        interval: (tick: number) => names.has(tick),
        formatter: (_: string, at: number) => names.get(at) ?? '',
        color: lightColour('muted'),
        fontSize: 11,
        fontFamily,
      },
    },
    yAxis: {
      type: 'value',
      gridIndex: index,
      ...scale,
      axisLabel: { formatter: formatTick, color: lightColour('muted'), fontSize: 11, fontFamily },
      splitLine: { lineStyle: { color: lightColour('gridline') } },
    },
    series: drawSeries(panel, index),
  };
}

/** Labels by position: where years begin, no more of them than there's room for; else every so many periods. */
function chooseTicks(periods: string[], width: number): Map<number, string> {
  const starts = periods.flatMap((period, index) => (/^\d{4}-(?:01|Q1|W01)$/.test(period) ? [index] : []));
  const yearly = starts.length > 1;
  const name = (index: number): string =>
    yearly ? periods[index]!.slice(0, 4) : formatPeriod(periods[index]!);
  const candidates = yearly ? starts : periods.map((_, index) => index);
  const space = 14 + Math.max(...candidates.map((index) => measureText(name(index), 11)));
  const step = Math.max(1, Math.ceil((candidates.length * space) / width));
  // Counted from the end, so that the latest is named.
  const chosen = candidates.filter((_, index) => (candidates.length - 1 - index) % step === 0);
  return new Map(chosen.map((index) => [index, name(index)]));
}

function drawSeries(panel: Panel, index: number): SeriesOption[] {
  const start = panel.history.findLastIndex((value) => value !== null);
  const from = panel.history[start]!;
  const gap = panel.history.length;
  const bridge = <Value>(first: Value, values: Value[]): [number, Value][] => [
    [start, first],
    ...values.map((value, offset): [number, Value] => [gap + offset, value]),
  ];
  const drawBand = (lower: number[], upper: number[], alpha: number) => ({
    type: 'custom',
    xAxisIndex: index,
    yAxisIndex: index,
    silent: true,
    data: [0],
    renderItem: (_: unknown, api: { coord: (point: number[]) => number[] }) => ({
      type: 'polygon',
      silent: true,
      shape: {
        points: [...bridge(from, upper), ...bridge(from, lower).toReversed()].map((point) =>
          api.coord(point),
        ),
      },
      style: { fill: lightColour('forecast'), opacity: alpha },
    }),
  });
  const line = { type: 'line', xAxisIndex: index, yAxisIndex: index, silent: true, showAllSymbol: true };
  return [
    drawBand(panel.lower95, panel.upper95, opacity[95]),
    drawBand(panel.lower80, panel.upper80, opacity[80]),
    {
      ...line,
      symbol: 'none',
      data: panel.history.map((value, at) => (value === null ? '-' : showLonely(panel.history, at, value))),
      lineStyle: { color: lightColour('ink'), width: 2 },
      itemStyle: { color: lightColour('ink') },
      markLine: {
        silent: true,
        symbol: 'none',
        animation: false,
        label: { show: false },
        data: [{ xAxis: panel.history.length - 1 }],
        lineStyle: { color: lightColour('muted'), type: dash.boundary, width: 1 },
      },
    },
    {
      ...line,
      symbol: 'none',
      data: bridge(from, panel.mean),
      lineStyle: { color: lightColour('forecast'), width: 2, type: dash.forecast },
      itemStyle: { color: lightColour('forecast') },
    },
  ] as SeriesOption[];
}

/** A figure with gaps on both sides has no line to it, so it's drawn as a dot. */
function showLonely(values: (number | null)[], at: number, value: number) {
  const alone = (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null;
  return alone ? { value, symbol: 'circle', symbolSize: 4 } : value;
}
