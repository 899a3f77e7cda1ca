import type { TextTable } from './chart-content.ts';
import { formatFigure, formatPeriod } from './figures.ts';
import { escapeText } from './visible-text.ts';

/** Escaped, and with no line break between a figure and its percent sign. */
export function escapeSentence(text: string): string {
  return escapeText(text).replace(/(\d) %/g, '$1&nbsp;%');
}

export function writeList(items: string[], style?: string): string {
  return `<ul${style ? ` class="${style}"` : ''}>\n${items.map((item) => `<li>${escapeSentence(item)}</li>`).join('\n')}\n</ul>`;
}

/** A table in a box that scrolls by itself; figures carry their full precision in `data` elements. */
export function writeTable({ columns, rows }: TextTable, name: string, long: readonly string[] = []): string {
  const numeric = columns.map((_, at) => rows.some((row) => typeof row[at] === 'number'));
  const style = (at: number): string =>
    numeric[at] ? ' class="number"' : long.includes(columns[at]!) ? ' class="long"' : '';
  const head = columns.map((column, at) => `<th scope="col"${style(at)}>${escapeText(column)}</th>`).join('');
  const body = rows.map((row) => {
    const cells = row.map((cell, at) =>
      at === 0
        ? `<th scope="row"${columns[0] === 'Period' ? ' class="period"' : ''}>${writeCell(cell, columns[at]!)}</th>`
        : `<td${style(at)}>${writeCell(cell, columns[at]!)}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<div class="scroll" role="region" tabindex="0" aria-label="${escapeText(name)}">
<table>
<thead><tr>${head}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table>
</div>`;
}

function writeCell(cell: string | number | null, column: string): string {
  if (cell === null) return '<span class="muted">–</span>';
  if (typeof cell === 'string') return escapeText(column === 'Period' ? formatPeriod(cell) : cell);
  const shown =
    column.startsWith('MASE') || column.startsWith('Change in')
      ? cell.toFixed(2).replace('-', '−')
      : formatFigure(cell);
  return `<data value="${cell}">${shown}</data>`;
}
