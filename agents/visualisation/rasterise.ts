import { findFonts, findMissing } from './find-fonts.ts';
import { inspectSvg } from './inspect-svg.ts';

export interface RasteriseInput {
  svg: string;
  /** Pixels of each picture for each pixel of the drawing. */
  scales: number[];
}

export interface Rasterised {
  /** One for each scale, `png` in base64; none where a letter is missing. */
  pictures: { png: string; width: number; height: number }[];
  /** Letters of its text that no font at hand has: in a picture they would be boxes. */
  missing: string[];
}

/** Resvg takes whatever weight comes first where a letter is not in the font that was asked for. */
function boldenHan(svg: string): string {
  return svg.replace(/<text[^>]*font-weight:bold[^>]*>[^<]*\p{Script=Han}[^<]*/gu, (element) =>
    element.replace(/font-family:[^;"]*/, "font-family:'Noto Sans TC'"),
  );
}

/** A drawing as PNG on white, with the fonts that come along, so that it has its text on any machine; throws on a broken drawing. */
export async function rasterise({ svg, scales }: RasteriseInput): Promise<Rasterised> {
  const { broken, texts } = inspectSvg(svg);
  // Resvg ends the whole process, past any catch, where a line lies far outside of the picture.
  if (broken) throw new Error('This drawing reaches out of its picture, or has no finite coordinates.');
  const missing = findMissing(texts.map(({ text }) => text).join(''));
  if (missing.length > 0) return { pictures: [], missing };
  const { Resvg } = await import('@resvg/resvg-js');
  const pictures = scales.map((scale) => {
    const picture = new Resvg(boldenHan(svg), {
      background: '#ffffff',
      fitTo: { mode: 'zoom', value: scale },
      font: {
        fontFiles: findFonts().map(({ path }) => path),
        // A machine's own fonts would make equal charts differ.
        loadSystemFonts: false,
        defaultFontFamily: 'Noto Sans',
        sansSerifFamily: 'Noto Sans',
      },
    }).render();
    return { png: picture.asPng().toString('base64'), width: picture.width, height: picture.height };
  });
  return { pictures, missing };
}
