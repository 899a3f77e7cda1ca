import type { ColumnKind, TextTable } from './chart-content.ts';
import { escapeText } from './visible-text.ts';
import type { Wording } from './wording/wording.ts';

/** Escaped, and with no line break between a figure and its percent sign. */
export function escapeSentence(text: string): string {
  return escapeText(text).replace(/(\d) %/g, '$1&nbsp;%');
}

export function writeList(items: string[], style?: string): string {
  return `<ul${style ? ` class="${style}"` : ''}>\n${items.map((item) => `<li>${escapeSentence(item)}</li>`).join('\n')}\n</ul>`;
}

/** A table in a box that scrolls by itself; figures carry their full precision in `data` elements. */
export function writeTable(table: TextTable, name: string, wording: Wording): string {
  const { columns, kinds, rows } = table;
  const style = (at: number): string =>
    ({
      text: '',
      period: ' class="period"',
      figure: ' class="number"',
      fixed: ' class="number"',
      long: ' class="long"',
    })[kinds[at]!];
  const head = columns.map((column, at) => `<th scope="col"${style(at)}>${escapeText(column)}</th>`).join('');
  const body = rows.map((row) => {
    const cells = row.map((cell, at) => {
      const text = writeCell(cell, kinds[at]!, wording);
      return at === 0 ? `<th scope="row"${style(at)}>${text}</th>` : `<td${style(at)}>${text}</td>`;
    });
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<div class="scroll" role="region" tabindex="0" aria-label="${escapeText(name)}">
<table>
<caption>${escapeText(name)}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table>
</div>`;
}

function writeCell(cell: string | number | null, kind: ColumnKind, { format }: Wording): string {
  if (cell === null) return '<span class="muted">–</span>';
  if (typeof cell === 'string') return escapeText(kind === 'period' ? format.period(cell) : cell);
  const shown = kind === 'fixed' ? cell.toFixed(2).replace('-', '−') : format.figure(cell);
  return `<data value="${cell}">${shown}</data>`;
}
