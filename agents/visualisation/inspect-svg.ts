import { measureText } from './visible-text.ts';

export interface TextBox {
  text: string;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface SvgInspection {
  width: number;
  height: number;
  texts: TextBox[];
  /** Pairs of texts that lie over one another. */
  overlaps: [string, string][];
  /** Texts that reach beyond the drawing. */
  clipped: string[];
  /** Whether a coordinate is no finite number, or a line or area reaches out of the drawing. */
  broken: boolean;
}

/** What can be seen to be wrong with a drawing of `drawChart`; text widths are estimates. */
export function inspectSvg(svg: string): SvgInspection {
  const [, width = 0, height = 0] = (/viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? []).map(Number);
  const texts = [...svg.matchAll(/<text([^>]*)>([^<]*)<\/text>/g)].map(([, attributes, text]) =>
    placeText(attributes!, unescapeText(text!)),
  );
  const overlaps: [string, string][] = [];
  for (const [index, one] of texts.entries())
    for (const other of texts.slice(index + 1))
      if (lieOver(one, other)) overlaps.push([one.text, other.text]);
  const clipped = texts.filter(
    ({ left, right, top, bottom }) => left < -1 || top < -1 || right > width + 1 || bottom > height + 1,
  );
  return {
    width,
    height,
    texts,
    overlaps,
    clipped: clipped.map((box) => box.text),
    broken:
      /(?:d|points|transform|x|y|cx|cy|width|height)="[^"]*(?:NaN|Infinity|undefined)/.test(svg) ||
      reachesOut(svg, width, height),
  };
}

function reachesOut(svg: string, width: number, height: number): boolean {
  for (const [element, value] of svg.matchAll(/<(?:path|polygon)[^>]* (?:d|points)="([^"]*)"[^>]*>/g)) {
    // What is drawn at a place of its own, such as a dot, has small coordinates and a transform.
    if (element.includes('transform=')) continue;
    let [x, y] = [0, 0];
    for (const [, command, numbers] of value!.matchAll(/([MLlA]|^)([^A-DF-Za-df-z]*)/g)) {
      const figures = (numbers!.match(/-?[\d.]+(?:e[-+]?\d+)?/g) ?? []).map(Number);
      for (let at = command === 'A' ? 5 : 0; at + 1 < figures.length; at += 2) {
        [x, y] =
          command === 'l' ? [x + figures[at]!, y + figures[at + 1]!] : [figures[at]!, figures[at + 1]!];
        if (x < -10 || y < -10 || x > width + 10 || y > height + 10) return true;
      }
    }
  }
  return false;
}

function placeText(attributes: string, text: string): TextBox {
  const size = Number(/font-size:([\d.]+)px/.exec(attributes)?.[1] ?? 12);
  const [, shiftX = 0, shiftY = 0] = (/translate\((-?[\d.]+)[ ,](-?[\d.]+)\)/.exec(attributes) ?? []).map(
    Number,
  );
  const x = shiftX + Number(/ x="(-?[\d.]+)"/.exec(attributes)?.[1] ?? 0);
  const baseline = shiftY + Number(/ y="(-?[\d.]+)"/.exec(attributes)?.[1] ?? 0);
  const width = measureText(text, size) * (attributes.includes('font-weight:bold') ? 1.05 : 1);
  const anchor = /text-anchor="(\w+)"/.exec(attributes)?.[1];
  const left = anchor === 'end' ? x - width : anchor === 'middle' ? x - width / 2 : x;
  return { text, left, right: left + width, top: baseline - size * 0.75, bottom: baseline + size * 0.2 };
}

function lieOver(one: TextBox, other: TextBox): boolean {
  const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  return across > 1 && down > 1;
}

const named: { [entity: string]: string } = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'" };

function unescapeText(text: string): string {
  return text.replace(/&(lt|gt|amp|quot|#39);/g, (_, entity: string) => named[entity]!);
}
