import { z } from 'zod';
import { toFailure } from '../../contracts/failures.ts';
import type { Json } from '../../contracts/json.ts';
import { QuantityEdit } from './agents.ts';
import type { OrderPlan, Outlook } from './agents.ts';

type Line = OrderPlan['lines'][number];

/** Expected demand until the goods arrive, a safety stock from the intervals, less what is in stock. */
export function planOrder({
  outlook,
  leadWeeks,
  stock,
}: {
  outlook: { [code: string]: Outlook };
  leadWeeks: number;
  stock: { [code: string]: number };
}): OrderPlan {
  const horizon = Math.min(...Object.values(outlook).map(({ weeks }) => weeks.length));
  if (leadWeeks > horizon) {
    throw toFailure(
      'Data.Unfit',
      `The goods take ${leadWeeks} weeks to arrive, and only ${horizon} are forecast: set horizon to ${leadWeeks} or more.`,
    );
  }
  const lines = Object.entries(outlook).map(([code, one]): Line => {
    const mean = one.mean.slice(0, leadWeeks);
    const expected = mean.reduce((sum, value) => sum + value, 0);
    const upper = one.upper80.slice(0, leadWeeks);
    // An interval of a product that has just begun to sell can reach past anything that anybody would order.
    const highest = mean.map((value, week) => Math.max(value, Math.min(upper[week]!, one.most)));
    const safety = Math.hypot(...mean.map((value, week) => highest[week]! - value));
    const inStock = stock[code] ?? 0;
    return {
      code,
      label: one.label,
      expected: round(expected),
      safety: round(safety),
      capped: upper.some((value, week) => value > highest[week]!),
      stock: inStock,
      quantity: Math.max(0, Math.ceil(round(expected + safety - inStock))),
      price: one.price,
      cost: 0,
      edited: false,
    };
  });
  const rule =
    `The mean forecast of the ${leadWeeks} weeks until the goods arrive, and a safety stock: the distance from there ` +
    'to the upper bound of the 80 % interval, but to no more than the largest week so far, its squares added up over ' +
    'the weeks as if these were independent. Less the stock given, rounded up. The cost is that of the selling ' +
    'prices (median of the weeks): the ledger holds neither stock nor cost.';
  return addUp({ leadWeeks, rule }, lines);
}

/** Sets quantities by stock code; cost and file follow. Throws `Agent.EditFailed` for a code that is not in the plan. */
export function setQuantities(plan: OrderPlan, delta: Json): OrderPlan {
  const parsed = QuantityEdit.safeParse(delta);
  if (!parsed.success) throw toFailure('Agent.EditFailed', z.prettifyError(parsed.error));
  const { quantities } = parsed.data;
  const unknown = Object.keys(quantities).filter((code) => plan.lines.every((line) => line.code !== code));
  if (unknown.length > 0) {
    throw toFailure('Agent.EditFailed', `The plan has no product ${unknown.join(', ')}.`);
  }
  const lines = plan.lines.map((line) => {
    const quantity = quantities[line.code] ?? line.quantity;
    return { ...line, quantity, edited: line.edited || quantity !== line.quantity };
  });
  return addUp(plan, lines);
}

function addUp({ leadWeeks, rule }: Pick<OrderPlan, 'leadWeeks' | 'rule'>, given: Line[]): OrderPlan {
  const lines = given
    .map((line) => ({ ...line, cost: round(line.quantity * line.price) }))
    .toSorted((a, b) => b.cost - a.cost || (a.code < b.code ? -1 : 1));
  return {
    leadWeeks,
    rule,
    lines,
    pieces: lines.reduce((sum, { quantity }) => sum + quantity, 0),
    cost: round(lines.reduce((sum, { cost }) => sum + cost, 0)),
    csv: writeCsv(lines.filter(({ quantity }) => quantity > 0)),
  };
}

function writeCsv(lines: Line[]): string {
  const rows = lines.map(({ code, label, quantity, price, cost }) => [code, label, quantity, price, cost]);
  return [['stockCode', 'description', 'quantity', 'unitPrice', 'cost'], ...rows]
    .map((cells) => `${cells.map(writeCell).join(',')}\r\n`)
    .join('');
}

/** Spreadsheets run what begins like a formula: such text is given an apostrophe. */
function writeCell(cell: string | number): string {
  if (typeof cell === 'number') return String(cell);
  const plain = /^[=+\-@\t]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
