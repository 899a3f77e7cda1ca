export type DecimalMark = '.' | ',';

export interface NumberCell {
  value: number;
  /** `%` or the currency sign that stands in the cell. */
  unit: string | null;
  grouped: boolean;
}

const MISSING = new Set([
  '',
  'na',
  'n/a',
  '#n/a',
  'nan',
  'null',
  'none',
  'nil',
  '-',
  '--',
  '—',
  '–',
  '.',
  '..',
  '...',
  '?',
]);
const SPACES = "[\\u0020\\u00a0\\u2009\\u202f'’]";
/** Signs and codes of money, as they stand before or after a figure. */
const MONEY =
  '(?:US|HK|NT|NZ|AU|CA|SG|R|A|C|S)?\\$|[€£¥￥₩₹]|元|圓|円|kr|zł|(?:USD|EUR|GBP|HKD|TWD|NTD|CNY|RMB|JPY|CHF|SGD|KRW|INR|AUD|CAD|Fr\\.|Rs\\.?)';
const MONEY_AROUND = new RegExp(MONEY, 'g');

export function isMissing(cell: string): boolean {
  return cell.length <= 5 && MISSING.has(cell.toLowerCase());
}

function shapeOf(mark: DecimalMark): RegExp {
  const point = mark === '.' ? '\\.' : ',';
  const group = `(?:${mark === '.' ? ',' : '\\.'}|${SPACES})`;
  const digits = `(?<whole>\\d{1,3}(?:${group}\\d{3})+|\\d*)(?:${point}(?<fraction>\\d+))?(?<exponent>[eE][+-]?\\d{1,3})?`;
  return new RegExp(
    `^(?<open>\\()?(?<before>${MONEY})? ?(?<sign>[-+−])? ?(?<lead>${MONEY})? ?${digits} ?(?<after>${MONEY}|[%‰])?(?<close>\\))?(?<trail>[-−])?$`,
  );
}

const PLAIN = /^-?\d{1,15}(?:\.\d{1,15})?$/;
const SHAPES = { '.': shapeOf('.'), ',': shapeOf(',') };

/** The number that a cell writes, null where it writes none or says that it is missing. */
export function readNumber(cell: string, mark: DecimalMark): number | null {
  if (mark === '.' && PLAIN.test(cell)) return Number(cell) || 0;
  return parseNumber(cell, mark)?.value ?? null;
}

/** The number that a cell writes, with thousands separators, a currency sign, `%` or accounting brackets, or a sign behind; else null. */
export function parseNumber(cell: string, mark: DecimalMark): NumberCell | null {
  // Most cells are this plain.
  if (mark === '.' && PLAIN.test(cell)) return { value: Number(cell) || 0, unit: null, grouped: false };
  const parts = SHAPES[mark].exec(cell)?.groups;
  if (!parts) return null;
  const whole = parts['whole'] ?? '';
  const fraction = parts['fraction'] ?? '';
  if (whole === '' && fraction === '') return null;
  if ((parts['open'] === undefined) !== (parts['close'] === undefined)) return null;
  const signs = [parts['open'], parts['sign'], parts['trail']].filter((sign) => sign !== undefined);
  if (signs.length > 1) return null;
  const digits = whole.replaceAll(/\D/g, '');
  const size = Number(`${digits || '0'}.${fraction || '0'}${parts['exponent'] ?? ''}`);
  if (!Number.isFinite(size)) return null;
  const negative = signs[0] !== undefined && signs[0] !== '+';
  return {
    value: negative && size !== 0 ? -size : size,
    unit: parts['before'] ?? parts['lead'] ?? parts['after'] ?? null,
    grouped: digits !== whole,
  };
}

/** Which decimal mark the cells of a file use; null when every comma or point in them could be either. */
export function sniffDecimalMark(cells: Iterable<string>, delimiter: string | null): DecimalMark | null {
  const proof = { '.': 0, ',': 0 };
  let eitherPoint = 0;
  let eitherComma = 0;
  for (const cell of cells) {
    if (!cell.includes('.') && !cell.includes(',')) continue;
    const figure = /[^\d.,]/.test(cell) ? cell.replaceAll(MONEY_AROUND, '') : cell;
    const body = figure.replaceAll(/[^\d.,]/g, '');
    const marks = body.replaceAll(/\d/g, '');
    if (marks === '' || /[^\d.,\s%‰()+−'’-]/.test(figure)) continue;
    const last = marks.at(-1) === '.' ? '.' : ',';
    const other = last === '.' ? ',' : '.';
    if (marks.length > 1) {
      // 1.234,5 and 1,234,567 each name their decimal mark; a date such as 31.12.2006 names none.
      const groups = body.split(/[.,]/);
      const grouped =
        groups.slice(1, -1).every((group) => group.length === 3) && (groups[0] ?? '').length <= 3;
      if (grouped && marks.includes(other)) proof[last] += 1;
      else if (grouped && groups.at(-1)?.length === 3) proof[other] += 1;
    } else if (/^(0|\d{4,}|)[.,]|[.,](\d{1,2}|\d{4,})$/.test(body)) proof[last] += 1;
    else if (last === '.') eitherPoint += 1;
    else eitherComma += 1;
  }
  if (proof['.'] > 0 || proof[',']) return proof[','] > proof['.'] ? ',' : '.';
  // A comma inside a quoted cell of a comma-separated file parts thousands: its writer had no other reason to quote.
  if (eitherComma > 0) return delimiter === ',' ? '.' : null;
  // Beside semicolons a point may well part thousands: that is how spreadsheets write where the comma is decimal.
  return eitherPoint > 0 && delimiter === ';' ? null : '.';
}
