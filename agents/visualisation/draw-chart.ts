import { init } from 'echarts';
import type { ChartContent } from './chart-content.ts';
import type { Drawing, Variant } from './chart-frame.ts';
import { drawOutlook } from './draw-outlook.ts';
import { drawChange } from './draw-change.ts';
import { drawTrust } from './draw-trust.ts';
import { escapeText } from './visible-text.ts';

export interface DrawChartInput {
  id: string;
  alt: string;
  content: ChartContent;
  columns: number;
  labelWidth: number | null;
}

/** One chart as SVG: alone in a file, in a wide page and in a narrow one. */
export type DrawnChart = { [variant in Variant]: string };

/** Draws one chart; the same input gives the same bytes, in any process and any thread. */
export function drawChart(input: DrawChartInput): DrawnChart {
  return { file: draw(input, 'file'), wide: draw(input, 'wide'), narrow: draw(input, 'narrow') };
}

function draw(input: DrawChartInput, variant: Variant): string {
  const drawing = chooseDrawing(input, variant);
  const { width, height } = drawing;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(drawing.option);
    return cleanSvg(chart.renderToSVGString(), `${input.id}-${variant}`, input.alt);
  } finally {
    chart.dispose();
  }
}

function chooseDrawing(input: DrawChartInput, variant: Variant): Drawing {
  switch (input.content.kind) {
    case 'outlook':
      return drawOutlook(input.content, variant, input);
    case 'change':
      return drawChange(input.content, variant, input);
    case 'trust':
      return drawTrust(input.content, variant, input);
  }
}

/** ECharts' SVG without what a browser session would need, with ids of its own and a text alternative. */
function cleanSvg(svg: string, id: string, alt: string): string {
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
      .replace(/^<svg/, `<svg role="img" aria-label="${escapeText(alt)}"`)
      .trim()
  );
}

/** Renderers differ over `dominant-baseline`; a shift of the baseline by 0.35 of the size looks the same in all. */
function centreText(attributes: string): string {
  const size = Number(/font-size:([\d.]+)px/.exec(attributes)?.[1] ?? 12);
  const y = Number(/ y="(-?[\d.]+)"/.exec(attributes)?.[1] ?? 0);
  return `${attributes.replace(/ y="-?[\d.]+"/, '')} y="${Number((y + size * 0.35).toFixed(2))}"`;
}
