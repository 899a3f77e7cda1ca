import type { EChartsOption, SeriesOption } from 'echarts';
import type { ChangeContent, TrustContent } from './chart-content.ts';
import {
  drawHeader,
  type Drawing,
  fontFamily,
  type KeyEntry,
  type Mark,
  type Variant,
} from './chart-frame.ts';
import {
  decimalsFor,
  formatChange,
  formatFigure,
  formatPercent,
  formatPeriod,
  niceScale,
} from './figures.ts';
import { lightColour } from './palette.ts';
import { fitLabels, measureText } from './visible-text.ts';

interface Rows {
  title: string;
  notes: string[];
  key: KeyEntry[];
  labels: string[];
  /** The figures in words, in a column on the right. */
  figures: string[];
  values: number[];
  axisName: string;
  series: SeriesOption[];
}

/** Names on the left, marks along a shared axis that includes zero, figures on the right. */
function drawRows(rows: Rows, variant: Variant, labelWidth: number | null): Drawing {
  const width = variant === 'narrow' ? 340 : 960;
  const header = drawHeader(variant, width, rows.title, rows.notes, rows.key);
  const widest = variant === 'narrow' ? 112 : labelWidth;
  const labels = widest === null ? rows.labels : fitLabels(rows.labels, widest, 12);
  const left = Math.max(...labels.map((label) => measureText(label, 12))) + 20;
  const right = Math.max(...rows.figures.map((figure) => measureText(figure, 12))) + 22;
  const height = rows.labels.length * 27;
  const grid = { left, top: header.bottom + 4, width: Math.max(10, width - left - right), height };
  const scale = niceScale([0, ...rows.values], grid.width > 300 ? 5 : 2);
  const textAxis = {
    type: 'category',
    inverse: true,
    axisTick: { show: false },
    axisLine: { show: false },
    splitLine: { show: false },
  };
  const textStyle = { fontSize: 12, fontFamily, interval: 0, color: lightColour('ink') };
  const option = {
    animation: false,
    graphic: { elements: header.marks },
    grid,
    xAxis: {
      type: 'value',
      ...scale,
      name: rows.axisName,
      nameLocation: 'middle',
      nameGap: 26,
      nameTextStyle: { color: lightColour('muted'), fontSize: 11, fontFamily },
      axisLabel: {
        formatter: (value: number) => formatFigure(value),
        color: lightColour('muted'),
        fontSize: 11,
        fontFamily,
        hideOverlap: true,
      },
      splitLine: { lineStyle: { color: lightColour('gridline') } },
    },
    yAxis: [
      {
        ...textAxis,
        data: rows.labels.map((_, index) => index),
        axisLabel: { ...textStyle, formatter: (_: string, at: number) => labels[at]! },
      },
      {
        ...textAxis,
        position: 'right',
        data: rows.labels.map((_, index) => index),
        axisLabel: { ...textStyle, formatter: (_: string, at: number) => rows.figures[at]! },
      },
    ],
    series: rows.series,
  } as EChartsOption;
  return { width, height: header.bottom + 4 + height + 48, option };
}

function drawSwatch(fill: string, stroke: string): (x: number, y: number) => Mark[] {
  return (x, y) => [
    {
      type: 'rect',
      silent: true,
      shape: { x, y: y - 6, width: 26, height: 12 },
      style: { fill, stroke, lineWidth: 2 },
    },
  ];
}

export function drawChange(
  content: ChangeContent,
  variant: Variant,
  plan: { labelWidth: number | null },
): Drawing {
  const absolute = content.measure === 'absolute';
  const [before, after] = [content.before, content.after].map(
    ({ from, to }) => `${formatPeriod(from)} to ${formatPeriod(to)}`,
  );
  // As exact as the largest change warrants: 589 and −0.003 do not belong into one column.
  const decimals = decimalsFor(Math.max(...content.bars.map((bar) => Math.abs(bar.change))));
  const [rise, fall, paper] = [lightColour('rise'), lightColour('fall'), lightColour('paper')];
  return drawRows(
    {
      title: content.title,
      notes: [
        `Mean of ${after} (forecast) less mean of ${before} (observed). ${absolute ? (content.unit ? `Unit: ${content.unit}.` : 'The data states no unit.') : 'In percent, as the units differ.'}`,
      ],
      key: [
        { text: 'more', swatch: drawSwatch(rise, rise) },
        { text: 'less', swatch: drawSwatch(fall, fall) },
        {
          text: 'hollow: not clearly different (80 % interval)',
          swatch: drawSwatch(paper, lightColour('muted')),
        },
      ],
      labels: content.bars.map((bar) => bar.label),
      figures: content.bars.map((bar) => {
        const share = formatPercent(bar.percent);
        if (!absolute) return share;
        const amount = formatChange(bar.change, decimals);
        return variant === 'narrow' ? amount : `${amount} (${share})`;
      }),
      values: content.bars.map((bar) => (absolute ? bar.change : bar.percent!)),
      axisName: absolute ? (content.unit ?? 'unit not stated') : 'percent',
      series: [
        {
          type: 'bar',
          silent: true,
          barWidth: 14,
          data: content.bars.map((bar) => {
            const value = absolute ? bar.change : bar.percent!;
            const colour = value < 0 ? fall : rise;
            return {
              value,
              itemStyle: { color: bar.clear ? colour : paper, borderColor: colour, borderWidth: 2 },
            };
          }),
          markLine: {
            silent: true,
            symbol: 'none',
            label: { show: false },
            data: [{ xAxis: 0 }],
            lineStyle: { color: lightColour('ink'), type: 'solid', width: 1 },
          },
        },
      ],
    },
    variant,
    plan.labelWidth,
  );
}

export function drawTrust(
  content: TrustContent,
  variant: Variant,
  plan: { labelWidth: number | null },
): Drawing {
  const [own, other] = [lightColour('forecast'), lightColour('ink')];
  const drawMark = (x: number, y: number, chosen: boolean): Mark =>
    chosen
      ? { type: 'circle', silent: true, shape: { cx: x, cy: y, r: 4.5 }, style: { fill: own } }
      : {
          type: 'polygon',
          silent: true,
          shape: {
            points: [
              [x, y - 7.5],
              [x + 7.5, y],
              [x, y + 7.5],
              [x - 7.5, y],
            ],
          },
          style: { fill: lightColour('paper'), stroke: other, lineWidth: 1.5 },
        };
  const drawPair = (
    _: unknown,
    api: { coord: (point: number[]) => number[]; value: (at: number) => number },
  ) => {
    const [row, mase, naive] = [api.value(0), api.value(1), api.value(2)];
    const [own, other] = [api.coord([mase, row]), api.coord([naive, row])] as [
      [number, number],
      [number, number],
    ];
    return {
      type: 'group',
      silent: true,
      children: [
        drawLineBetween(own, other),
        drawMark(other[0], other[1], false),
        drawMark(own[0], own[1], true),
      ],
    };
  };
  return drawRows(
    {
      title: content.title,
      notes: [
        'Mean error of the backtest as MASE: 1 is the seasonal naive forecast’s error on the past it was fitted to. Further left is better; the method used should lie left of the naive one.',
      ],
      key: [
        { text: 'method used', swatch: (x, y) => [drawMark(x + 13, y, true)] },
        { text: 'seasonal naive', swatch: (x, y) => [drawMark(x + 13, y, false)] },
      ],
      labels: content.rows.map((row) => row.label),
      figures: content.rows.map(
        (row) =>
          `${row.mase.toFixed(2)}${variant === 'narrow' ? ' / ' : ' against '}${row.naiveMase.toFixed(2)}: ${row.trust}`,
      ),
      values: content.rows.flatMap((row) => [row.mase, row.naiveMase]),
      axisName: 'MASE',
      series: [
        {
          type: 'custom',
          silent: true,
          renderItem: drawPair,
          encode: { x: [1, 2], y: 0 },
          data: content.rows.map((row, index) => [index, row.mase, row.naiveMase]),
        },
      ] as unknown as SeriesOption[],
    },
    variant,
    plan.labelWidth,
  );
}

function drawLineBetween(from: [number, number], to: [number, number]): Mark {
  return {
    type: 'line',
    silent: true,
    shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] },
    style: { stroke: lightColour('muted'), lineWidth: 1.5 },
  };
}
