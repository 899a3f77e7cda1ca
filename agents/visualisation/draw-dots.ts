import type { SeriesOption } from 'echarts';
import type { SizesContent, TrustContent } from './chart-content.ts';
import {
  drawDiamond,
  drawDot,
  drawLine,
  type Drawing,
  type KeyEntry,
  type Mark,
  type PlaceApi,
  type Variant,
} from './chart-frame.ts';
import { drawRows } from './draw-rows.ts';
import { lightColour } from './palette.ts';
import type { Wording } from './wording/wording.ts';

/** A row of marks of one's own for each index; `drawMarks` is given the row and where a figure of it lies. */
export function drawEach(
  count: number,
  drawMarks: (row: number, at: (value: number) => [number, number]) => Mark[],
) {
  return [
    {
      type: 'custom',
      silent: true,
      renderItem: (_: unknown, api: PlaceApi) => {
        const row = api.value(0);
        return { type: 'group', silent: true, children: drawMarks(row, (value) => api.coord([value, row])) };
      },
      encode: { y: 0 },
      // Above bars.
      z: 3,
      data: Array.from({ length: count }, (_, row) => [row]),
    },
  ] as unknown as SeriesOption[];
}

const dotKey = (text: string): KeyEntry => ({ text, swatch: (x, y) => [drawDot(x + 13, y)] });
export const diamondKey = (text: string): KeyEntry => ({ text, swatch: (x, y) => [drawDiamond(x + 13, y)] });

/** The errors of two methods as two marks on one line. */
export function drawTrust(
  content: TrustContent,
  variant: Variant,
  plan: { labelWidth: number | null },
  wording: Wording,
): Drawing {
  const { phrases, picture } = wording;
  return drawRows(
    {
      title: content.title,
      notes: [picture.trustNote],
      key: [dotKey(picture.methodUsed), diamondKey(picture.seasonalNaive)],
      labels: content.rows.map((row) => row.label),
      figures: content.rows.map((row) =>
        picture.against(
          row.mase.toFixed(2),
          row.naiveMase.toFixed(2),
          phrases.trust[row.trust],
          variant === 'narrow',
        ),
      ),
      values: content.rows.flatMap((row) => [row.mase, row.naiveMase]),
      axisName: 'MASE',
      series: () =>
        drawEach(content.rows.length, (row, at) => {
          const [own, naive] = [at(content.rows[row]!.mase), at(content.rows[row]!.naiveMase)];
          return [
            drawLine(own[0], naive[0], own[1], lightColour('muted'), 1.5),
            drawDiamond(...naive),
            drawDot(...own),
          ];
        }),
    },
    variant,
    plan.labelWidth,
    wording,
  );
}

/** Single figures: dots with their intervals as nested lines, or bars from zero where none is stated. */
export function drawSizes(
  content: SizesContent,
  variant: Variant,
  plan: { labelWidth: number | null; span: string },
  wording: Wording,
): Drawing {
  const { format, phrases, picture } = wording;
  const { rows, unit } = content;
  const bare = rows.every(({ range80, range95 }) => !range80 && !range95);
  const naive = rows.some((row) => row.naive !== null);
  const blue = lightColour('forecast');
  const figures = rows.flatMap((row) => [
    row.mean,
    ...(row.range80 ?? []),
    ...(row.range95 ?? []),
    ...(row.naive === null ? [] : [row.naive]),
  ]);
  // Only figures above zero have a logarithm; the plan knows the means, and here come the others.
  const axis = content.axis === 'log' && figures.every((figure) => figure > 0) ? 'log' : 'linear';
  const levels = [
    { level: 95 as const, width: 1.5 },
    { level: 80 as const, width: 5 },
  ];
  return drawRows(
    {
      title: content.title,
      notes: [
        phrases.sentences([
          picture.sizesNote(format.period(content.period)),
          `${unit ? picture.unit(unit) : picture.noUnit}${phrases.stop}`,
          ...(axis === 'log' ? [picture.logNote] : []),
        ]),
      ],
      key: [
        bare ? { text: picture.noInterval, swatch: () => [] } : dotKey(picture.forecast),
        ...(bare
          ? []
          : levels.toReversed().map(({ level, width }): KeyEntry => ({
              text: picture.interval(level),
              swatch: (x, y) => [drawLine(x, x + 26, y, blue, width)],
            }))),
        ...(naive ? [diamondKey(picture.naive(plan.span))] : []),
      ],
      labels: rows.map(({ label }) => label),
      figures: rows.map((row) =>
        row.range95 && variant !== 'narrow'
          ? phrases.sentences([
              format.figure(row.mean),
              picture.range(95, format.figure(row.range95[0]), format.figure(row.range95[1])),
            ])
          : format.figure(row.mean),
      ),
      values: figures,
      axisName: unit ?? picture.unitUnknown,
      axis,
      series: (place) => [
        ...(bare ? [drawBars(rows.map(({ mean }) => mean))] : []),
        ...drawEach(rows.length, (row, at) => {
          const { mean, naive: repeated, ...ranges } = rows[row]!;
          const lines = levels.flatMap(({ level, width }) => {
            const range = ranges[`range${level}`];
            if (!range) return [];
            const [[from, y], [to]] = [at(place(range[0])), at(place(range[1]))];
            return [drawLine(from, to, y, blue, width)];
          });
          return [
            ...lines,
            ...(repeated === null ? [] : [drawDiamond(...at(place(repeated)), 6)]),
            ...(bare ? [] : [drawDot(...at(place(mean)))]),
          ];
        }),
      ],
    },
    variant,
    plan.labelWidth,
    wording,
  );
}

/** Bars from zero, in the colour of forecasts. */
export function drawBars(values: number[]): SeriesOption {
  return {
    type: 'bar',
    silent: true,
    barWidth: 14,
    data: values,
    itemStyle: { color: lightColour('forecast') },
  };
}
