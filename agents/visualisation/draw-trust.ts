import type { SeriesOption } from 'echarts';
import type { TrustContent } from './chart-content.ts';
import type { Drawing, Mark, Variant } from './chart-frame.ts';
import { drawRows } from './draw-rows.ts';
import { lightColour } from './palette.ts';

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
    const [from, to] = [api.coord([mase, row]), api.coord([naive, row])] as [
      [number, number],
      [number, number],
    ];
    return {
      type: 'group',
      silent: true,
      children: [drawLineBetween(from, to), drawMark(...to, false), drawMark(...from, true)],
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
