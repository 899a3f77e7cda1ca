import { z } from 'zod';
import type { Table } from '../../agents/tables/table.ts';
import { writeCsv } from '../../agents/tables/write-csv.ts';
import { writeWorkbook } from '../../agents/tables/write-workbook.ts';
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
    const proposed = Math.max(0, Math.ceil(round(expected + safety - inStock)));
    return {
      code,
      label: one.label,
      expected: round(expected),
      safety: round(safety),
      capped: upper.some((value, week) => value > highest[week]!),
      stock: inStock,
      proposed,
      quantity: proposed,
      left: 0,
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

/** Sets quantities by stock code; cost, stock and files follow. Throws `Agent.EditFailed` for a code that is not in the plan. */
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
    return { ...line, quantity, edited: quantity !== line.proposed };
  });
  return addUp(plan, lines);
}

function addUp({ leadWeeks, rule }: Pick<OrderPlan, 'leadWeeks' | 'rule'>, given: Line[]): OrderPlan {
  const lines = given
    .map((line) => ({
      ...line,
      left: round(line.stock + line.quantity - line.expected),
      cost: round(line.quantity * line.price),
    }))
    .toSorted((a, b) => b.cost - a.cost || (a.code < b.code ? -1 : 1));
  const order = tableOf(lines.filter(({ quantity }) => quantity > 0));
  const workbook = writeWorkbook([
    { name: 'Purchase order', ...order },
    { name: 'How it was reckoned', ...reckoningOf(lines) },
  ]);
  return {
    leadWeeks,
    rule,
    lines,
    pieces: sum(lines, ({ quantity }) => quantity),
    cost: round(sum(lines, ({ cost }) => cost)),
    proposed: {
      pieces: sum(lines, ({ proposed }) => proposed),
      cost: round(sum(lines, ({ proposed, price }) => round(proposed * price))),
    },
    csv: writeCsv(order),
    xlsx: Buffer.from(workbook).toString('base64'),
  };
}

function tableOf(lines: Line[]): Table {
  return {
    columns: [
      { header: 'stockCode', kind: 'text' },
      { header: 'description', kind: 'text' },
      { header: 'quantity', kind: 'whole' },
      { header: 'unitPrice', kind: 'money' },
      { header: 'cost', kind: 'money' },
    ],
    rows: lines.map(({ code, label, quantity, price, cost }) => [code, label, quantity, price, cost]),
  };
}

function reckoningOf(lines: Line[]): Table {
  return {
    columns: [
      { header: 'stockCode', kind: 'text' },
      { header: 'description', kind: 'text' },
      { header: 'expected', kind: 'number' },
      { header: 'safety', kind: 'number' },
      { header: 'stock', kind: 'number' },
      { header: 'proposed', kind: 'whole' },
      { header: 'quantity', kind: 'whole' },
      { header: 'left when the goods arrive', kind: 'number' },
      { header: 'set by a person', kind: 'text' },
    ],
    rows: lines.map((line) => [
      line.code,
      line.label,
      line.expected,
      line.safety,
      line.stock,
      line.proposed,
      line.quantity,
      line.left,
      line.edited ? 'yes' : 'no',
    ]),
  };
}

function sum(lines: Line[], of: (line: Line) => number): number {
  return lines.reduce((total, line) => total + of(line), 0);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
