import type { Finding } from './agent.ts';
import type { LeftOut } from './frame.ts';
import { isMissing, parseNumber } from './parse-number.ts';
import type { Table } from './parse-table.ts';
import { isCardNumber, isEmail, isHongKongIdentity, isPhone, isTaiwanIdentity } from './personal-values.ts';
import { commonest } from './read-text-grid.ts';

/** Kinds of data about persons that can be noticed. */
export const PERSONAL = [
  'email',
  'phone',
  'identity-number',
  'card-number',
  'name',
  'address',
  'birth-date',
] as const;
export type Personal = (typeof PERSONAL)[number];

export interface PersonalColumn {
  column: string;
  kind: Personal;
  /** Rows whose cell is of the kind; of a kind that only the header tells, those that are not empty. */
  rows: number;
  by: 'cells' | 'header';
}

/** Of the cells that hold something, the share from which a column counts as of a kind. */
const SHARE = 0.5;

const HEADERS: [Personal, RegExp][] = [
  ['email', /^e-?mail\b|\bemail\b|電郵|电邮|邮箱|郵箱|電子郵件/i],
  ['phone', /\b(?:phone|mobile|tel(?:ephone)?|fax)\b|電話|电话|手機|手机|電話番号/i],
  [
    'identity-number',
    /\b(?:hkid|passport|national id|id (?:card|no|number)|ssn|nric)\b|身分證|身份證|身份证|護照|护照/i,
  ],
  ['card-number', /\b(?:credit|debit|bank)? ?card (?:no|number)\b|\biban\b|信用卡|卡號|卡号/i],
  ['birth-date', /\b(?:birth ?(?:day|date)|date of birth|dob)\b|出生|生日/i],
  ['address', /\b(?:street|home address|postal address|address line)\b|地址|住所/i],
  [
    'name',
    /\b(?:first|last|sur|given|family|middle|full|customer|client|contact|employee|patient|person|staff)[ _]?name\b|姓名|名字|氏名|聯絡人|联系人/i,
  ],
];

const CELLS: [Personal, (cell: string) => boolean][] = [
  ['email', isEmail],
  ['identity-number', (cell) => isHongKongIdentity(cell) || isTaiwanIdentity(cell)],
  ['card-number', isCardNumber],
  ['phone', isPhone],
];

/**
 * Columns that seem to be about persons: by what most of their cells are (checksums are computed, so that amounts and
 * codes that only look alike are not taken for it), or by a header that says so.
 */
export function findPersonalColumns({ header, rows }: Pick<Table, 'header' | 'rows'>): PersonalColumn[] {
  return header.flatMap((column, index): PersonalColumn[] => {
    const cells = rows.flatMap((row) => (isMissing(row[index] ?? '') ? [] : [row[index] ?? '']));
    if (cells.length === 0) return [];
    for (const [kind, test] of CELLS) {
      const found = cells.reduce((count, cell) => count + (test(cell) ? 1 : 0), 0);
      if (found >= cells.length * SHARE) return [{ column, kind, rows: found, by: 'cells' }];
    }
    if (areFigures(cells)) return [];
    const words = column.replaceAll(/[_.-]+/g, ' ').replaceAll(/([a-z])([A-Z])/g, '$1 $2');
    const [kind] = HEADERS.find(([, pattern]) => pattern.test(words)) ?? [];
    return kind === undefined ? [] : [{ column, kind, rows: cells.length, by: 'header' }];
  });
}

/** Counts of births, calls or mails are figures, whatever their header says; many digits of one length may be dialled. */
function areFigures(cells: string[]): boolean {
  const figures = cells.filter((cell) => parseNumber(cell, '.') !== null || parseNumber(cell, ',') !== null);
  if (figures.length < cells.length * SHARE) return false;
  const lengths = figures.map((cell) => (/^\d{7,}$/.test(cell) ? cell.length : 0));
  const common = commonest(lengths);
  return common === 0 || lengths.filter((length) => length === common).length < figures.length * 0.9;
}

/** The table without the columns about persons, but for those that were declared; findings name columns, never cells. */
export function leavePersonalOut(
  table: Table,
  declared: readonly string[],
): { table: Table; findings: Finding[]; leftOut: LeftOut[] } {
  const personal = findPersonalColumns(table);
  const leaving = new Set(personal.flatMap(({ column }) => (declared.includes(column) ? [] : [column])));
  const findings = personal.map(({ column, kind, rows, by }): Finding => {
    const told = by === 'cells' ? `${rows} of its cells are` : 'its name says so';
    const what = leaving.has(column) ? 'left out, since it was not declared' : 'kept, as declared';
    return {
      kind: 'personal-data',
      severity: 'warning',
      column,
      count: rows,
      message: `The column seems to hold data about persons (${kind}: ${told}): ${what}.`,
      repaired: leaving.has(column),
    };
  });
  if (leaving.size === 0) return { table, findings, leftOut: [] };
  const kept = table.header.flatMap((name, index) => (leaving.has(name) ? [] : [index]));
  const pick = <T>(values: T[]): T[] => kept.map((index) => values[index] as T);
  return {
    table: {
      ...table,
      header: pick(table.header),
      units: pick(table.units),
      positions: pick(table.positions),
      rows: table.rows.map(pick),
    },
    findings,
    leftOut: [...leaving].map((column) => ({ column, reason: 'seems to hold data about persons' })),
  };
}
