import type { EChartsOption, SeriesOption } from 'echarts';
import {
  axisText,
  drawHeader,
  type Drawing,
  fontFamily,
  type KeyEntry,
  type Variant,
  wrapText,
} from './chart-frame.ts';
import { decimalsOfScale, niceScale } from './figures.ts';
import { lightColour } from './palette.ts';
import { fitLabels, measureText } from './visible-text.ts';
import type { Wording } from './wording/wording.ts';

export interface Rows {
  title: string;
  notes: string[];
  key: KeyEntry[];
  labels: string[];
  /** The figures in words, in a column on the right. */
  figures: string[];
  /** All that the axis has to reach. */
  values: number[];
  axisName: string;
  /** Logarithmic only for dots: what starts at zero, such as a bar, has no place on it. */
  axis?: 'linear' | 'log';
  /** Told where a figure stands on the axis: the figure itself, or its logarithm. */
  series: (place: (value: number) => number) => SeriesOption[];
}

/** Names on the left, marks along a shared axis that includes zero, figures on the right. */
export function drawRows(
  rows: Rows,
  variant: Variant,
  labelWidth: number | null,
  { format }: Wording,
): Drawing {
  const width = variant === 'narrow' ? 340 : 960;
  const header = drawHeader(variant, width, rows.title, rows.notes, rows.key);
  const labels =
    variant === 'narrow'
      ? wrapLabels(rows.labels)
      : labelWidth === null
        ? rows.labels
        : fitLabels(rows.labels, labelWidth, 12);
  const lines = labels.flatMap((label) => label.split('\n'));
  const left = Math.max(...lines.map((line) => measureText(line, 12))) + 20;
  const right = Math.max(...rows.figures.map((figure) => measureText(figure, 12))) + 22;
  const height = rows.labels.length * (variant === 'narrow' ? 36 : 27);
  const grid = { left, top: header.bottom + 4, width: Math.max(10, width - left - right), height };
  const log = rows.axis === 'log';
  const place = (value: number): number => (log ? Math.log10(value) : value);
  const scale = log
    ? {
        min: Math.floor(place(Math.min(...rows.values))),
        max: Math.ceil(place(Math.max(...rows.values))),
        interval: 1,
      }
    : niceScale([0, ...rows.values], grid.width > 300 ? 5 : 2);
  const decimals = decimalsOfScale(scale.interval);
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
      nameTextStyle: axisText,
      axisLabel: {
        formatter: (value: number) => (log ? format.figure(10 ** value) : format.figure(value, decimals)),
        ...axisText,
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
    series: rows.series(place),
  } as EChartsOption;
  return { width, height: header.bottom + 4 + height + 48, option };
}

/** Labels in two lines at most, for a narrow page. */
function wrapLabels(labels: readonly string[]): string[] {
  const width = 112;
  const short = fitLabels(labels, width, 12);
  return fitLabels(labels, 1.8 * width, 12).map((label, index) => {
    const lines = wrapText(label, width, 12);
    return lines.length <= 2 ? lines.join('\n') : short[index]!;
  });
}
