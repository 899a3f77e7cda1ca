import type { EChartsOption } from 'echarts';
import { lightColour } from './palette.ts';
import { measureText, splitCharacters } from './visible-text.ts';

/** Where a drawing will be seen: alone in a file, in a wide page, in a narrow one. */
export type Variant = 'file' | 'wide' | 'narrow';

/** What a reader's machine may have, Chinese letters last: those before have none. */
export const fontFamily =
  "'Noto Sans', 'Helvetica Neue', Arial, 'Noto Sans TC', 'Noto Sans HK', 'Noto Sans CJK TC', 'PingFang TC', 'PingFang HK', 'Microsoft JhengHei', sans-serif";

/** What stands along an axis. */
export const axisText = { color: lightColour('muted'), fontSize: 11, fontFamily };

/** What a chart draws: ECharts' option, the size it needs, and how it's laid out. */
export interface Drawing {
  width: number;
  height: number;
  option: EChartsOption;
}

export type Mark = { [key: string]: unknown };

export interface TextStyle {
  size?: number;
  bold?: boolean;
  colour?: 'ink' | 'muted' | 'forecast';
  align?: 'left' | 'right' | 'center';
}

export function drawText(text: string, x: number, y: number, style: TextStyle = {}): Mark {
  return {
    type: 'text',
    x,
    y,
    silent: true,
    style: {
      text,
      fill: lightColour(style.colour ?? 'ink'),
      fontSize: style.size ?? 12,
      fontWeight: style.bold ? 'bold' : 'normal',
      fontFamily,
      align: style.align ?? 'left',
      verticalAlign: 'middle',
    },
  };
}

// After a blank; in Chinese also between letters, but not before what closes or after what opens.
const breaks =
  /(?<= )|(?<=[\p{Script=Han}，。；：、）」％])(?![，。；：、）」％ ])|(?<=[A-Za-z])(?=[\p{Script=Han}（「])/u;

/** A text in lines no wider than `width`; a word too long for a line is broken. */
export function wrapText(text: string, width: number, fontSize: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.split(breaks)) {
    let rest = piece;
    if (line !== '' && measureText((line + rest).trimEnd(), fontSize) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    while (measureText(rest.trimEnd(), fontSize) > width) {
      let end = 1;
      const characters = splitCharacters(rest);
      while (end < characters.length && measureText(characters.slice(0, end + 1).join(''), fontSize) <= width)
        end += 1;
      lines.push(characters.slice(0, end).join(''));
      rest = characters.slice(end).join('');
    }
    line += rest;
  }
  return line.trimEnd() === '' ? lines : [...lines, line.trimEnd()];
}

/** One entry of a chart's key: the text, and the marks of its swatch, drawn in a box 26 wide around the line y. */
export interface KeyEntry {
  text: string;
  swatch: (x: number, y: number) => Mark[];
}

/** Title (in a file only; a page has its own), notes and key; `bottom` is where the chart itself may start. */
export function drawHeader(
  variant: Variant,
  width: number,
  title: string,
  notes: string[],
  key: KeyEntry[],
): { marks: Mark[]; bottom: number } {
  const marks: Mark[] = [];
  let bottom = 8;
  if (variant === 'file') {
    for (const line of wrapText(title, width - 24, 18)) {
      marks.push(drawText(line, 12, bottom + 12, { size: 18, bold: true }));
      bottom += 25;
    }
    bottom += 2;
  }
  for (const note of notes)
    for (const line of wrapText(note, width - 24, 12)) {
      marks.push(drawText(line, 12, bottom + 9, { colour: 'muted' }));
      bottom += 18;
    }
  if (notes.length > 0) bottom += 4;
  let x = 12;
  let rows = key.length > 0 ? 1 : 0;
  for (const entry of key) {
    const space = 32 + measureText(entry.text, 12) + 18;
    if (x > 12 && x + space - 18 > width - 12) {
      x = 12;
      rows += 1;
    }
    const y = bottom + rows * 20 - 8;
    marks.push(...entry.swatch(x, y), drawText(entry.text, x + 32, y));
    x += space;
  }
  return { marks, bottom: bottom + rows * 20 + 8 };
}

export function drawLine(
  x1: number,
  x2: number,
  y: number,
  colour: string,
  width: number,
  dash?: number[],
): Mark {
  return {
    type: 'line',
    silent: true,
    shape: { x1, y1: y, x2, y2: y },
    style: { stroke: colour, lineWidth: width, ...(dash ? { lineDash: dash } : {}) },
  };
}

export function drawBox(
  x: number,
  y: number,
  width: number,
  height: number,
  fill: string,
  opacity = 1,
): Mark {
  return { type: 'rect', silent: true, shape: { x, y, width, height }, style: { fill, opacity } };
}

/** A diamond around a point: what is compared with. */
export function drawDiamond(x: number, y: number, size = 7.5): Mark {
  return {
    type: 'polygon',
    silent: true,
    shape: {
      points: [
        [x, y - size],
        [x + size, y],
        [x, y + size],
        [x - size, y],
      ],
    },
    style: { fill: lightColour('paper'), stroke: lightColour('ink'), lineWidth: 1.5 },
  };
}

export function drawDot(x: number, y: number, radius = 4.5): Mark {
  return {
    type: 'circle',
    silent: true,
    shape: { cx: x, cy: y, r: radius },
    style: { fill: lightColour('forecast') },
  };
}

/** How ECharts tells a mark of one's own where figures lie. */
export interface PlaceApi {
  coord: (point: number[]) => [number, number];
  value: (at: number) => number;
}
