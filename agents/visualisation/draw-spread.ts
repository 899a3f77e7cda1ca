import type { EChartsOption } from 'echarts';
import type { RelationContent, SpreadContent } from './chart-content.ts';
import {
  axisText,
  drawDot,
  drawHeader,
  drawText,
  type Drawing,
  type Mark,
  type PlaceApi,
  type Variant,
} from './chart-frame.ts';
import { decimalsOfScale, niceScale } from './figures.ts';
import { lightColour } from './palette.ts';
import { fitLabels, measureText } from './visible-text.ts';
import type { Wording } from './wording/wording.ts';

const sizes = { wide: { width: 960, height: 300 }, narrow: { width: 340, height: 240 } };

/** A histogram: bars from zero, one beside the next. */
export function drawSpread(content: SpreadContent, variant: Variant, { format, picture }: Wording): Drawing {
  const { width, height } = sizes[variant === 'narrow' ? 'narrow' : 'wide'];
  const header = drawHeader(variant, width, content.title, [picture.spreadNote], []);
  const { bins, open } = content;
  const step = bins[0]!.to - bins[0]!.from;
  const scale = niceScale([0, ...bins.map(({ count }) => count)], 4);
  const decimals = decimalsOfScale(step);
  const name = (edge: number): string => format.change(edge, decimals);
  // So many steps between two names that they do not touch; an open end is named in a line of its own.
  const longest =
    12 + Math.max(...bins.flatMap(({ from, to }) => [from, to]).map((edge) => measureText(name(edge), 11)));
  const every = Math.max(1, Math.ceil((bins.length + 1) / Math.floor((width - 70) / longest)));
  const nameEdge = (edge: number): string => {
    const at = Math.round((edge - bins[0]!.from) / step);
    if (at % every !== 0) return '';
    const beyond =
      at === 0 && open.below
        ? picture.beyond.below
        : at === bins.length && open.above
          ? picture.beyond.above
          : '';
    return beyond && width > 400 ? `${name(edge)}\n${beyond}` : name(edge);
  };
  const option = {
    animation: false,
    graphic: { elements: header.marks },
    grid: { left: 50, top: header.bottom + 24, width: width - 90, height },
    xAxis: {
      type: 'value',
      min: bins[0]!.from,
      max: bins.at(-1)!.to,
      interval: step,
      name: picture.changeAxis,
      nameLocation: 'middle',
      nameGap: 42,
      nameTextStyle: axisText,
      axisLabel: { formatter: nameEdge, ...axisText },
      splitLine: { show: false },
      axisLine: { lineStyle: { color: lightColour('muted') }, onZero: false },
    },
    yAxis: {
      type: 'value',
      ...scale,
      minInterval: 1,
      axisLine: { show: false, onZero: false },
      axisTick: { show: false },
      name: picture.countAxis,
      nameTextStyle: { ...axisText, align: 'left' },
      nameGap: 8,
      axisLabel: {
        formatter: (value: number) => (Number.isInteger(value) ? format.figure(value) : ''),
        ...axisText,
      },
      splitLine: { lineStyle: { color: lightColour('gridline') } },
    },
    series: [
      {
        type: 'custom',
        silent: true,
        data: bins.map((_bin, at) => [at]),
        encode: { x: 0 },
        renderItem: (_item: unknown, api: PlaceApi) => {
          const bin = bins[api.value(0)]!;
          const [[left, base], [right, top]] = [api.coord([bin.from, 0]), api.coord([bin.to, bin.count])];
          return {
            type: 'rect',
            silent: true,
            shape: { x: left + 1, y: top, width: Math.max(1, right - left - 2), height: base - top },
            style: { fill: lightColour('forecast') },
          };
        },
      },
    ],
  } as EChartsOption;
  return { width, height: header.bottom + 24 + height + 64, option };
}

/** Dots of size and change; those farthest out are named where their names fit. */
export function drawRelation(
  content: RelationContent,
  variant: Variant,
  { format, phrases, picture }: Wording,
): Drawing {
  const { width, height } = sizes[variant === 'narrow' ? 'narrow' : 'wide'];
  const log = content.axis === 'log';
  const notes = phrases.sentences([picture.relationNote, ...(log ? [picture.logNote] : [])]);
  const header = drawHeader(variant, width, content.title, [notes], []);
  const place = (size: number): number => (log ? Math.log10(size) : size);
  const across = log
    ? {
        min: Math.floor(place(Math.min(...content.points.map(({ size }) => size)))),
        max: Math.ceil(place(Math.max(...content.points.map(({ size }) => size))) + 1e-9),
        interval: 1,
      }
    : niceScale(
        content.points.map(({ size }) => size),
        width > 400 ? 6 : 2,
      );
  const up = niceScale([0, ...content.points.map(({ percent }) => percent)], 5);
  const top = header.bottom + 24;
  const grid = { left: 60, top, width: width - 100, height: height + 40 };
  const x = (size: number): number =>
    grid.left + ((place(size) - across.min) / (across.max - across.min)) * grid.width;
  const y = (percent: number): number => top + ((up.max - percent) / (up.max - up.min)) * grid.height;
  const dots = content.points.map((point) => ({ ...point, x: x(point.size), y: y(point.percent) }));
  const option = {
    animation: false,
    graphic: { elements: [...header.marks, ...nameOutermost(dots, grid)] },
    grid,
    xAxis: {
      type: 'value',
      ...across,
      name: picture.sizeAxis(content.unit),
      nameLocation: 'middle',
      nameGap: 28,
      nameTextStyle: axisText,
      axisLabel: {
        formatter: (value: number) =>
          format.figure(log ? 10 ** value : value, log ? undefined : decimalsOfScale(across.interval)),
        ...axisText,
        hideOverlap: true,
      },
      axisLine: { lineStyle: { color: lightColour('muted') }, onZero: false },
      splitLine: { lineStyle: { color: lightColour('gridline') } },
    },
    yAxis: {
      type: 'value',
      ...up,
      name: picture.changeAxis,
      nameTextStyle: { ...axisText, align: 'left' },
      nameGap: 8,
      axisLabel: {
        formatter: (value: number) => format.change(value, decimalsOfScale(up.interval)),
        ...axisText,
      },
      splitLine: { lineStyle: { color: lightColour('gridline') } },
    },
    series: [
      {
        type: 'custom',
        silent: true,
        data: content.points.map(({ size, percent }) => [place(size), percent]),
        renderItem: (_item: unknown, api: PlaceApi) =>
          drawDot(...api.coord([api.value(0), api.value(1)]), 3.5),
      },
    ],
  } as EChartsOption;
  return { width, height: top + grid.height + 50, option };
}

interface Spot {
  label: string;
  percent: number;
  x: number;
  y: number;
}

/** Names beside the dots of the largest changes and the largest sizes, as long as they meet no other name and no dot. */
function nameOutermost(
  dots: readonly Spot[],
  grid: { left: number; width: number; top: number; height: number },
): Mark[] {
  const byChange = dots.toSorted((a, b) => b.percent - a.percent);
  const bySize = dots.toSorted((a, b) => b.x - a.x);
  const wanted = new Set([...byChange.slice(0, 3), ...byChange.slice(-3), ...bySize.slice(0, 3)]);
  const taken: { left: number; right: number; y: number }[] = [];
  const labels = fitLabels(
    [...wanted].map(({ label }) => label),
    120,
    11,
  );
  return [...wanted].flatMap((dot, at) => {
    const label = labels[at]!;
    const long = measureText(label, 11);
    const free = [dot.x + 7, dot.x - 7 - long].find((left) => {
      const within = left >= grid.left && left + long <= grid.left + grid.width;
      const meets = (right: number, from: number, y: number): boolean =>
        from < left + long + 4 && left - 4 < right && Math.abs(y - dot.y) < 13;
      return (
        within &&
        taken.every((one) => !meets(one.right, one.left, one.y)) &&
        dots.every((other) => other === dot || !meets(other.x + 3, other.x - 3, other.y))
      );
    });
    if (free === undefined) return [];
    taken.push({ left: free, right: free + long, y: dot.y });
    return [drawText(label, free, dot.y, { size: 11 })];
  });
}
