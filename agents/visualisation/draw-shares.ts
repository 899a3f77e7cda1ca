import type { SharesContent } from './chart-content.ts';
import { drawBox, drawDiamond, type Drawing, type Variant } from './chart-frame.ts';
import { diamondKey, drawBars, drawEach } from './draw-dots.ts';
import { drawRows } from './draw-rows.ts';
import { lightColour } from './palette.ts';
import type { Wording } from './wording/wording.ts';

/** Shares of a whole as bars from zero, with a diamond for what each share was. */
export function drawShares(
  content: SharesContent,
  variant: Variant,
  plan: { labelWidth: number | null },
  wording: Wording,
): Drawing {
  const { format, picture, phrases } = wording;
  const { rows, whole } = content;
  const [before, after] = [content.before, content.after].map(({ from, to }) =>
    picture.span(format.period(from), format.period(to)),
  ) as [string, string];
  return drawRows(
    {
      title: content.title,
      notes: [picture.sharesNote(whole, before, after)],
      key: [
        {
          text: picture.forecast,
          swatch: (x, y) => [drawBox(x, y - 6, 26, 12, lightColour('forecast'))],
        },
        diamondKey(picture.observed),
      ],
      labels: rows.map(({ label }) => label),
      figures: rows.map((row) => {
        const share = format.share(row.after / 100, 1);
        return variant === 'narrow' ? share : phrases.aside(share, format.change(row.after - row.before, 2));
      }),
      values: rows.flatMap((row) => [row.before, row.after]),
      axisName: picture.shareOf(whole),
      series: () => [
        drawBars(rows.map((row) => row.after)),
        ...drawEach(rows.length, (row, at) => [drawDiamond(...at(rows[row]!.before), 6)]),
      ],
    },
    variant,
    plan.labelWidth,
    wording,
  );
}
