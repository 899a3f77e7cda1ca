import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import { inspectSvg } from './inspect-svg.ts';

export interface RasteriseInput {
  svg: string;
  /** Pixels of the picture for each pixel of the drawing. */
  scale: number;
}

export interface RasterisedChart {
  /** Base64. */
  png: string;
  width: number;
  height: number;
}

/** A drawing as PNG on white, with the fonts that come along, so that it has its text on any machine; throws on a broken drawing. */
export function rasterise({ svg, scale }: RasteriseInput): RasterisedChart {
  // Resvg ends the whole process, past any catch, where a line lies far outside of the picture.
  if (inspectSvg(svg).broken)
    throw new Error('This drawing reaches out of its picture, or has no finite coordinates.');
  const shipped = findFonts(import.meta.resolve('@embedpdf/fonts-latin'), [
    'NotoSans-Regular.ttf',
    'NotoSans-Bold.ttf',
  ]);
  const beyond = hasLettersBeyond(svg);
  const chinese = beyond ? findChineseFonts() : [];
  const picture = new Resvg(svg, {
    background: '#ffffff',
    fitTo: { mode: 'zoom', value: scale },
    font: {
      fontFiles: [...shipped, ...chinese],
      // Only for letters that no font along has: a machine's fonts would make equal charts differ.
      loadSystemFonts: beyond && chinese.length === 0,
      defaultFontFamily: 'Noto Sans',
      sansSerifFamily: 'Noto Sans',
    },
  }).render();
  return { png: picture.asPng().toString('base64'), width: picture.width, height: picture.height };
}

/** Whether a text has letters that Noto Sans lacks: it covers Latin, Greek and Cyrillic. */
export function hasLettersBeyond(text: string): boolean {
  return /[^\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}\p{Script=Inherited}]/u.test(
    text,
  );
}

/** Of a package that not every installation has: it's too large for that. */
function findChineseFonts(): string[] {
  const name = '@embedpdf/fonts-tc';
  try {
    return findFonts(import.meta.resolve(name), ['NotoSansHant-Regular.otf', 'NotoSansHant-Bold.otf']);
  } catch {
    return [];
  }
}

function findFonts(door: string, files: string[]): string[] {
  const folder = join(dirname(fileURLToPath(door)), '..', 'fonts');
  return files.map((file) => join(folder, file));
}
