import { describe, expect, it } from 'vitest';
import { findPersonalColumns } from '../../../agents/data-gathering/find-personal.ts';
import { GroupPlan } from '../../../agents/data-gathering/group-plan.ts';
import { groupRows } from '../../../agents/data-gathering/group-rows.ts';
import { profileText } from '../../../agents/data-gathering/jobs.ts';
import {
  isCardNumber,
  isHongKongIdentity,
  isTaiwanIdentity,
  redact,
} from '../../../agents/data-gathering/personal-values.ts';

const kindOf = (header: string, ...cells: string[]): string | null =>
  findPersonalColumns({ header: [header], rows: cells.map((cell) => [cell]) })[0]?.kind ?? null;

describe('a number', () => {
  it.each([
    ['A123456(3)', true],
    ['A1234563', true],
    ['A123456(4)', false],
    ['AB987654(3)', true],
    ['G123456(A)', true],
    ['P123456', false],
  ])('is one of a Hong Kong identity card by its check digit: %s', (cell, expected) => {
    expect(isHongKongIdentity(cell)).toBe(expected);
  });

  it.each([
    ['A123456789', true],
    ['A123456788', false],
    ['F131104093', true],
    ['A523456789', false],
  ])('is one of Taiwan by its check digit: %s', (cell, expected) => {
    expect(isTaiwanIdentity(cell)).toBe(expected);
  });

  it.each([
    ['4111 1111 1111 1111', true],
    ['5500-0000-0000-0004', true],
    ['4111111111111112', false],
    ['1234567890123', false],
  ])('is one of a card by its check digit: %s', (cell, expected) => {
    expect(isCardNumber(cell)).toBe(expected);
  });
});

describe('a column', () => {
  it.each([
    ['contact', 'someone@example.com', 'email'],
    ['contact', '+852 2123 4567', 'phone'],
    ['contact', '(02) 2345-6789', 'phone'],
    ['reference', 'A123456(3)', 'identity-number'],
    ['reference', '4111111111111111', 'card-number'],
    ['CustomerName', 'x', 'name'],
    ['姓名', 'x', 'name'],
    ['date_of_birth', '1980-01-01', 'birth-date'],
    ['手機', '0912345678', 'phone'],
  ])('%s with %s is about persons', (header, cell, kind) => {
    expect(kindOf(header, cell, cell, '')).toBe(kind);
  });

  it.each([
    ['product name', 'Lantern'],
    ['sales', '41111111'],
    ['sales', '123456789'],
    ['stock code', 'A123456'],
    ['CustomerID', '17850.0'],
    ['telegrams', '12'],
    ['mobile phones sold', '1200'],
    ['email clicks', '1,234,567'],
    ['出生人數', '98765'],
    ['month', '2024-01'],
  ])('%s with %s is not', (header, cell) => {
    expect(kindOf(header, cell, cell)).toBeNull();
  });

  it('counts as such where most of its cells are, not where a few are', () => {
    expect(kindOf('note', 'a@example.com', 'b@example.com', 'none given')).toBe('email');
    expect(kindOf('note', 'a@example.com', 'ok', 'none given', 'ok')).toBeNull();
  });
});

describe('a table with columns about persons', () => {
  const text = [
    'month,jobs,contact,card',
    ...Array.from(
      { length: 12 },
      (_, at) => `2024-${String(at + 1).padStart(2, '0')},${at * at},someone@example.com,4111111111111111`,
    ),
  ].join('\n');

  it('loses them before anything is made of it, and its findings name no cell', () => {
    const profiled = profileText({ text, answers: {} });
    if (!profiled.ok) throw new Error(profiled.message);
    const { frame, findings, leftOut } = profiled.value;
    expect(frame?.columns.map(({ name }) => name)).toEqual(['jobs']);
    expect(leftOut.map(({ column }) => column)).toEqual(['contact', 'card']);
    expect(findings).toMatchObject([
      { kind: 'personal-data', column: 'contact', count: 12, repaired: true },
      { kind: 'personal-data', column: 'card', count: 12, repaired: true },
    ]);
    expect(JSON.stringify(profiled)).not.toMatch(/example\.com|41111/);
  });

  it('keeps those that were declared, and still says so', () => {
    const profiled = profileText({ text, answers: {}, personal: ['card'] });
    if (!profiled.ok) throw new Error(profiled.message);
    expect(profiled.value.frame?.columns.map(({ name }) => name)).toEqual(['jobs', 'card']);
    expect(profiled.value.findings).toContainEqual(
      expect.objectContaining({ kind: 'personal-data', column: 'card', repaired: false }),
    );
  });

  it('is not quoted where a single cell is refused or left out', () => {
    const odd = text.replace('2024-05,16', '2024-05,mail someone.else@example.com or A123456(3)');
    const profiled = profileText({ text: odd, answers: {} });
    expect(
      profiled.ok && profiled.value.findings.find(({ kind }) => kind === 'unreadable-cell')?.message,
    ).toBe('"mail [email] or [identity number]" is no number: counted as missing.');
    expect(redact('card 4111 1111 1111 1111, order 4111111111111112')).toBe(
      'card [card number], order 4111111111111112',
    );
  });
});

it('a ledger is not grouped by a column about persons, unless its plan says so', async () => {
  const source = {
    bytes: new TextEncoder().encode('day,mail,n\n2024-01-01,a@example.com,1\n2024-01-02,b@example.com,2\n'),
  };
  const plan = GroupPlan.parse({
    period: { column: 'day', every: 'daily' },
    keys: ['mail'],
    measures: { n: { sum: 'n' } },
  });
  expect(await groupRows(source, plan)).toMatchObject({
    ok: false,
    type: 'Data.Unfit',
    message: expect.stringContaining('The column "mail" seems to hold data about persons (email)') as string,
  });
  const declared = await groupRows(source, { ...plan, personal: ['mail'] });
  expect(declared.ok && declared.value.groups.map(({ key }) => key)).toEqual([
    ['b@example.com'],
    ['a@example.com'],
  ]);
});
