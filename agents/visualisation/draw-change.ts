import type { ChangeContent } from './chart-content.ts';
import type { Drawing, Mark, Variant } from './chart-frame.ts';
import { drawRows } from './draw-rows.ts';
import { decimalsFor } from './figures.ts';
import { lightColour } from './palette.ts';
import type { Wording } from './wording/wording.ts';

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
  wording: Wording,
): Drawing {
  const { format, phrases, picture } = wording;
  const absolute = content.measure === 'absolute';
  const [before, after] = [content.before, content.after].map(({ from, to }) =>
    picture.span(format.period(from), format.period(to)),
  ) as [string, string];
  const unit = absolute
    ? `${content.unit ? picture.unit(content.unit) : picture.noUnit}${phrases.stop}`
    : picture.inPercent;
  // As exact as the largest change warrants: 589 and −0.003 do not belong into one column.
  const decimals = decimalsFor(Math.max(...content.bars.map((bar) => Math.abs(bar.change))));
  const [rise, fall, paper] = [lightColour('rise'), lightColour('fall'), lightColour('paper')];
  return drawRows(
    {
      title: content.title,
      notes: [picture.changeNote(after, before, unit)],
      key: [
        { text: picture.more, swatch: drawSwatch(rise, rise) },
        { text: picture.less, swatch: drawSwatch(fall, fall) },
        {
          text: picture.hollow,
          swatch: drawSwatch(paper, lightColour('muted')),
        },
      ],
      labels: content.bars.map((bar) => bar.label),
      figures: content.bars.map((bar) => {
        const share = format.percent(bar.percent);
        const amount = format.change(bar.change, decimals);
        const figures = !absolute ? share : variant === 'narrow' ? amount : phrases.aside(amount, share);
        // A short bar shows too little of its inside to tell hollow from filled.
        return bar.clear ? picture.clear(figures) : figures;
      }),
      values: content.bars.map((bar) => (absolute ? bar.change : bar.percent!)),
      axisName: absolute ? (content.unit ?? picture.unitUnknown) : picture.percent,
      series: () => [
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
    wording,
  );
}
