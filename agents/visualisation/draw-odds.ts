import type { EChartsOption } from 'echarts';
import type { OddsContent } from './chart-content.ts';
import {
  axisText,
  drawBox,
  drawDiamond,
  drawDot,
  drawHeader,
  type Drawing,
  type Mark,
  type PlaceApi,
  type Variant,
} from './chart-frame.ts';
import { decimalsOfScale, niceScale } from './figures.ts';
import { lightColour } from './palette.ts';
import type { Wording } from './wording/wording.ts';

const opacity = { 95: 0.18, 80: 0.3 };

/** Twenty equally likely outcomes as dots that can be counted, stacked where they lie close, over the intervals. */
export function drawOdds(
  content: OddsContent,
  variant: Variant,
  plan: { span: string },
  wording: Wording,
): Drawing {
  const { format, phrases, picture } = wording;
  const { end, outcomes, range80, range95, naive } = content;
  const width = variant === 'narrow' ? 340 : 960;
  const blue = lightColour('forecast');
  const unit = end.unit ? picture.unit(end.unit) : picture.noUnit;
  const header = drawHeader(
    variant,
    width,
    content.title,
    [phrases.sentences([picture.oddsNote(format.period(end.period)), `${unit}${phrases.stop}`])],
    [
      { text: picture.outcome, swatch: (x, y) => [drawDot(x + 13, y, 6)] },
      {
        text: picture.interval(80),
        swatch: (x, y) => [
          drawBox(x, y - 5, 26, 10, blue, opacity[95]),
          drawBox(x, y - 5, 26, 10, blue, opacity[80]),
        ],
      },
      { text: picture.interval(95), swatch: (x, y) => [drawBox(x, y - 5, 26, 10, blue, opacity[95])] },
      {
        text: picture.lastLike(format.period(end.wasPeriod)),
        swatch: (x, y) => [drawPost(x + 13, y - 8, y + 8)],
      },
      ...(naive === null
        ? []
        : [
            { text: picture.naive(plan.span), swatch: (x: number, y: number) => [drawDiamond(x + 13, y, 6)] },
          ]),
    ],
  );
  const scale = niceScale(
    [end.was, ...outcomes, ...range95, ...(naive === null ? [] : [naive])],
    width > 400 ? 6 : 2,
  );
  const decimals = decimalsOfScale(scale.interval);
  const grid = { left: 34, width: width - 68 };
  const place = (value: number): number =>
    grid.left + ((value - scale.min) / (scale.max - scale.min)) * grid.width;
  // A ninth of the wider interval for each stack makes the middle ones four or five dots high.
  const step = Math.max(10, (place(range95[1]) - place(range95[0])) / 9);
  const radius = Math.min(8, step / 2 - 1);
  const stacked = stackDots(outcomes.map(place), place(end.was), step, radius);
  const height = 34 + Math.max(...stacked.map(({ level }) => level + 1)) * (2 * radius + 1);
  const top = header.bottom + 4;
  const option = {
    animation: false,
    graphic: { elements: header.marks },
    grid: { ...grid, top, height },
    xAxis: {
      type: 'value',
      ...scale,
      axisLabel: {
        formatter: (value: number) => format.figure(value, decimals),
        ...axisText,
        hideOverlap: true,
      },
      splitLine: { lineStyle: { color: lightColour('gridline') } },
    },
    yAxis: { type: 'value', min: 0, max: 1, show: false },
    series: [
      {
        type: 'custom',
        silent: true,
        data: [0],
        renderItem: (_: unknown, api: PlaceApi) => {
          const at = (value: number): number => api.coord([value, 0])[0];
          const base = top + height;
          const marks: Mark[] = [
            drawBox(at(range95[0]), base - 14, at(range95[1]) - at(range95[0]), 10, blue, opacity[95]),
            drawBox(at(range80[0]), base - 14, at(range80[1]) - at(range80[0]), 10, blue, opacity[80]),
            ...stacked.map(({ x, level }) =>
              drawDot(x, base - 18 - radius - level * (2 * radius + 1), radius),
            ),
            drawPost(at(end.was), top, base),
            ...(naive === null ? [] : [drawDiamond(at(naive), base - 9, 6)]),
          ];
          return { type: 'group', silent: true, children: marks };
        },
      },
    ],
  } as EChartsOption;
  return { width, height: top + height + 30, option };
}

function drawPost(x: number, from: number, to: number): Mark {
  return {
    type: 'line',
    silent: true,
    shape: { x1: x, y1: from, x2: x, y2: to },
    style: { stroke: lightColour('ink'), lineWidth: 2 },
  };
}

/**
 * Dots less than a step apart stand over one another, at the middle of their stack (Wilkinson's dot plot); none crosses the
 * post, so that those on either side can be counted.
 */
function stackDots(
  places: number[],
  post: number,
  step: number,
  radius: number,
): { x: number; level: number }[] {
  const stacks: number[][] = [];
  for (const x of places) {
    const stack = stacks.at(-1);
    if (stack && x - stack[0]! < step && x > post === stack[0]! > post) stack.push(x);
    else stacks.push([x]);
  }
  return stacks.flatMap((stack) => {
    const middle = (stack[0]! + stack.at(-1)!) / 2;
    const x = stack[0]! > post ? Math.max(middle, post + radius + 2) : Math.min(middle, post - radius - 2);
    return stack.map((_, level) => ({ x, level }));
  });
}
