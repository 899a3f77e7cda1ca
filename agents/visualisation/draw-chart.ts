import type { Language } from './agent.ts';
import type { ChartContent } from './chart-content.ts';
import type { Drawing, Variant } from './chart-frame.ts';
import { drawChange } from './draw-change.ts';
import { drawSizes, drawTrust } from './draw-dots.ts';
import { drawOdds } from './draw-odds.ts';
import { drawOutlook } from './draw-outlook.ts';
import { drawShares } from './draw-shares.ts';
import { drawRelation, drawSpread } from './draw-spread.ts';
import { escapeText } from './visible-text.ts';
import { wordingOf } from './wording/wording.ts';

export interface DrawChartInput {
  id: string;
  alt: string;
  language: Language;
  content: ChartContent;
  columns: number;
  labelWidth: number | null;
  /** What the data calls its season. */
  span: string;
}

/** One chart as SVG: alone in a file, in a wide page and in a narrow one. */
export type DrawnChart = { [variant in Variant]: string };

type Init = (typeof import('echarts'))['init'];

/** Draws one chart; the same input gives the same bytes, in any process and any thread. */
export async function drawChart(input: DrawChartInput): Promise<DrawnChart> {
  // Loading it takes most of a second, which whoever draws nothing need not wait for.
  const { init } = await import('echarts');
  return {
    file: draw(input, 'file', init),
    wide: draw(input, 'wide', init),
    narrow: draw(input, 'narrow', init),
  };
}

function draw(input: DrawChartInput, variant: Variant, init: Init): string {
  const drawing = chooseDrawing(input, variant);
  const { width, height } = drawing;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(drawing.option);
    return cleanSvg(chart.renderToSVGString(), `${input.id}-${variant}`, input);
  } finally {
    chart.dispose();
  }
}

function chooseDrawing(input: DrawChartInput, variant: Variant): Drawing {
  const { content } = input;
  const wording = wordingOf(input.language);
  switch (content.kind) {
    case 'outlook':
      return drawOutlook(content, variant, input, wording);
    case 'odds':
      return drawOdds(content, variant, input, wording);
    case 'shares':
      return drawShares(content, variant, input, wording);
    case 'sizes':
      return drawSizes(content, variant, input, wording);
    case 'change':
      return drawChange(content, variant, input, wording);
    case 'spread':
      return drawSpread(content, variant, wording);
    case 'relation':
      return drawRelation(content, variant, wording);
    case 'trust':
      return drawTrust(content, variant, input, wording);
  }
}

/** ECharts' SVG without what a browser session would need, with ids of its own and a text alternative. */
function cleanSvg(svg: string, id: string, { alt, language }: DrawChartInput): string {
  return (
    svg
      // ECharts numbers its instances: two charts of two threads would share the ids of their clip paths.
      .replace(/zr\d+-c(\d+)/g, `${id}-clip-$1`)
      .replace(/<style\s*>[\s\S]*?<\/style>\s*/g, '')
      .replace(/ (?:class="zr[^"]*"|pointer-events="[^"]*"|ecmeta_\w+="[^"]*"|xml:space="preserve")/g, '')
      .replace(/ (?:xmlns:xlink|version|baseProfile)="[^"]*"/g, '')
      .replace(
        /<text dominant-baseline="central"([^>]*?)>/g,
        (_, rest: string) => `<text${centreText(rest)}>`,
      )
      .replace(/<defs >\s*<\/defs>\s*/g, '')
      .replace(/^<svg/, `<svg lang="${language}" role="img" aria-label="${escapeText(alt)}"`)
      .trim()
  );
}

/** Renderers differ over `dominant-baseline`; a shift of the baseline by 0.35 of the size looks the same in all. */
function centreText(attributes: string): string {
  const size = Number(/font-size:([\d.]+)px/.exec(attributes)?.[1] ?? 12);
  const y = Number(/ y="(-?[\d.]+)"/.exec(attributes)?.[1] ?? 0);
  return `${attributes.replace(/ y="-?[\d.]+"/, '')} y="${Number((y + size * 0.35).toFixed(2))}"`;
}
