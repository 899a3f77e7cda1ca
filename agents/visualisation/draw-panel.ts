import type { SeriesOption } from 'echarts';
import type { Panel } from './chart-content.ts';
import { axisText, drawText, type Mark, type PlaceApi } from './chart-frame.ts';
import { decimalsOfScale } from './figures.ts';
import { lightColour } from './palette.ts';
import { measureText } from './visible-text.ts';
import type { Wording } from './wording/wording.ts';

export const dash = { forecast: [6, 4], naive: [1.5, 3], boundary: [2, 3] };
export const opacity = { 95: 0.18, 80: 0.3 };

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Scale {
  min: number;
  max: number;
  interval: number;
}

/** One panel with its name, its last figure in words, axes and lines; `scaled` is what is drawn on its scale. */
export function drawPanel(
  panel: Panel,
  scaled: Panel,
  scale: Scale,
  index: number,
  label: string | null,
  box: Box,
  { format, picture, phrases }: Wording,
) {
  const decimals = decimalsOfScale(scale.interval);
  const formatTick = (value: number): string => format.figure(value, decimals);
  const ticks = [scale.min, scale.max, scale.min + scale.interval].map((tick) =>
    measureText(formatTick(tick), 11),
  );
  const last = panel.forecastPeriods.length - 1;
  const end = picture.end(format.period(panel.forecastPeriods[last]!), format.figure(panel.mean[last]));
  const [low, high] = [panel.lower95[last], panel.upper95[last]];
  const range =
    low === undefined || high === undefined ? '' : picture.range(95, format.figure(low), format.figure(high));
  const figures = `${phrases.sentences([end, range])}${panel.edited ? picture.edited : ''}`;
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
  const names = chooseTicks(periods, grid.width, format.period);
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
        ...axisText,
      },
    },
    yAxis: {
      type: 'value',
      gridIndex: index,
      ...scale,
      axisLabel: { formatter: formatTick, ...axisText },
      splitLine: { lineStyle: { color: lightColour('gridline') } },
    },
    series: drawSeries(scaled, index),
  };
}

/** Labels by position: where years begin, no more of them than there's room for; else every so many periods. */
function chooseTicks(
  periods: string[],
  width: number,
  formatPeriod: (period: string) => string,
): Map<number, string> {
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
  const drawBand = (lower: number[], upper: number[], alpha: number) =>
    lower.length > 0 &&
    upper.length > 0 && {
      type: 'custom',
      xAxisIndex: index,
      yAxisIndex: index,
      silent: true,
      data: [0],
      renderItem: (_: unknown, api: PlaceApi) => ({
        type: 'polygon',
        silent: true,
        shape: {
          points: [...bridge(from, upper), ...bridge(from, lower).toReversed()].map((point) =>
            api.coord(point),
          ),
        },
        style: { fill: lightColour('forecast'), opacity: alpha },
      }),
    };
  const line = { type: 'line', xAxisIndex: index, yAxisIndex: index, silent: true, showAllSymbol: true };
  const drawn = [
    drawBand(panel.lower95, panel.upper95, opacity[95]),
    drawBand(panel.lower80, panel.upper80, opacity[80]),
    panel.naive.length > 0 && {
      ...line,
      symbol: 'none',
      data: panel.naive.map((value, offset) => [gap + offset, value]),
      lineStyle: { color: lightColour('naive'), width: 1.5, type: dash.naive },
      itemStyle: { color: lightColour('naive') },
    },
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
  ];
  return drawn.filter((series) => series !== false) as SeriesOption[];
}

/** A figure with gaps on both sides has no line to it, so it's drawn as a dot. */
function showLonely(values: (number | null)[], at: number, value: number) {
  const alone = (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null;
  return alone ? { value, symbol: 'circle', symbolSize: 4 } : value;
}
