import { GroupPlan } from '../../agents/data-gathering/group-plan.ts';
import { groupRows } from '../../agents/data-gathering/group-rows.ts';
import type { Group, GroupedLedger } from '../../agents/data-gathering/group-rows.ts';
import type { Finding } from '../../agents/data-gathering/agent.ts';
import { toFailure } from '../../contracts/failures.ts';
import type { Demand, LedgerNotes } from './agents.ts';

/** The ledger "Online Retail" of the UCI Machine Learning Repository: one row a product of an invoice. */
const plan = GroupPlan.parse({
  period: { column: 'InvoiceDate', every: 'weekly' },
  keys: ['StockCode'],
  label: 'Description',
  measures: { pieces: { sum: 'Quantity' }, revenue: { sum: 'Quantity', times: 'UnitPrice' } },
  screens: [
    { kind: 'cancellation', when: [{ column: 'InvoiceNo', startsWith: 'C' }], treat: 'leaveOut' },
    { kind: 'adjustment', when: [{ column: 'InvoiceNo', startsWith: 'A' }], treat: 'leaveOut' },
    // Postage, fees, samples, vouchers and tests: products have five digits, and letters after them.
    {
      kind: 'no-product',
      when: [{ column: 'StockCode', matches: '^(?!\\d{5}[a-z]*$)' }],
      treat: 'leaveOut',
    },
    { kind: 'negative-quantity', when: [{ column: 'Quantity', below: 0 }], treat: 'leaveOut' },
    { kind: 'absurd-quantity', when: [{ column: 'Quantity', above: 10_000 }], treat: 'leaveOut' },
    { kind: 'no-price', when: [{ column: 'UnitPrice', equals: 0 }], treat: 'leaveOut' },
    { kind: 'missing-customer', when: [{ column: 'CustomerID', missing: true }], treat: 'keep' },
  ],
  reversals: { screen: 'cancellation', match: ['CustomerID', 'StockCode'], amount: 'Quantity' },
});

/** Fewer weeks known before those held out are too few to choose a method by. */
const fewestWeeksKnown = 12;

interface Product {
  code: string;
  label: string;
  pieces: number[];
  revenue: number[];
}

/** Reads the ledger, and gives the weekly demand for the products that sold best before the weeks held out. */
export async function readDemand(request: {
  path: string;
  products: number;
  holdout: number;
}): Promise<{ demand: { [code: string]: Demand }; ledgerNotes: LedgerNotes }> {
  const read = await groupRows({ path: request.path }, plan);
  if (!read.ok) throw toFailure(read.type, read.message);
  const grouped = read.value;
  const { complete, periods } = grouped;
  const first = complete.first ? 0 : 1;
  const last = complete.last ? periods.length : periods.length - 1;
  const weeks = periods.slice(first, last);
  const known = weeks.length - request.holdout;
  if (known < fewestWeeksKnown) {
    throw toFailure(
      'Data.Unfit',
      `The ledger has ${weeks.length} whole weeks; ${fewestWeeksKnown + request.holdout} are needed, ` +
        `${request.holdout} of them held out.`,
    );
  }
  const { products, joined } = joinCodes(grouped.groups, first, last);
  const isOpen = weeks.map((_, week) => products.some(({ pieces }) => pieces[week]! > 0));
  const fit = products
    .map((product) => ({
      product,
      start: product.pieces.findIndex((count) => count > 0),
      sold: sum(product.pieces.slice(0, known)),
    }))
    .filter(({ start, sold }) => sold > 0 && start <= known - fewestWeeksKnown);
  // By what sold before the weeks held out: a choice that knew them would make the test kinder than the future is.
  const chosen = fit
    .toSorted((a, b) => b.sold - a.sold || (a.product.code < b.product.code ? -1 : 1))
    .slice(0, request.products);
  if (chosen.length === 0) {
    throw toFailure(
      'Data.Unfit',
      `No product was on sale for ${fewestWeeksKnown} weeks before those held out.`,
    );
  }
  const all = sum(products.map(({ pieces }) => sum(pieces)));
  const some = sum(chosen.map(({ product }) => sum(product.pieces)));
  const findings = [
    ...grouped.findings.filter(({ kind }) => kind !== 'partial-period' && kind !== 'empty-period'),
    ...noteChoice({
      parts: [...periods.slice(0, first), ...periods.slice(last)],
      closed: weeks.filter((_, week) => !isOpen[week]),
      joined,
      late: products.length - fit.length,
    }),
  ];
  return {
    demand: Object.fromEntries(
      chosen.map(({ product, start }) => [
        product.code,
        {
          label: product.label,
          weeks: weeks.slice(start),
          values: product.pieces.map((count, week) => (isOpen[week] ? count : null)).slice(start),
          holdout: request.holdout,
          price: medianPrice(product),
        },
      ]),
    ),
    ledgerNotes: {
      rows: grouped.source.rows,
      counted: grouped.counted,
      weeks,
      products: products.length,
      chosen: chosen.length,
      share: some / all,
      findings,
    },
  };
}

/** Codes that differ in case alone are one product. */
function joinCodes(
  groups: GroupedLedger['groups'],
  first: number,
  last: number,
): { products: Product[]; joined: number } {
  const products = new Map<string, Product>();
  const cut = ({ values }: Group, measure: string): number[] => values[measure]!.slice(first, last);
  for (const group of groups) {
    const code = group.key[0]!.toUpperCase();
    const before = products.get(code);
    const add = (measure: 'pieces' | 'revenue'): number[] =>
      cut(group, measure).map((value, week) => value + (before?.[measure][week] ?? 0));
    const label = before?.label ?? group.label ?? code;
    products.set(code, { code, label, pieces: add('pieces'), revenue: add('revenue') });
  }
  // Some were sold in the parts of weeks alone that are left out.
  const sold = [...products.values()].filter(({ pieces }) => sum(pieces) > 0);
  return { products: sold, joined: groups.length - products.size };
}

function noteChoice(found: { parts: string[]; closed: string[]; joined: number; late: number }): Finding[] {
  const notes = [
    {
      kind: 'part-of-a-week',
      count: found.parts.length,
      message: `The ledger holds a part only of ${found.parts.join(' and ')}: left out.`,
    },
    {
      kind: 'closed-week',
      count: found.closed.length,
      message: `Nothing at all was sold in ${found.closed.join(', ')}: taken for closed, not for no demand.`,
    },
    {
      kind: 'code-in-two-cases',
      count: found.joined,
      message: `${found.joined} stock codes differ from another in case alone: added up.`,
    },
    {
      kind: 'too-new',
      count: found.late,
      message:
        `${found.late} products were not on sale for ${fewestWeeksKnown} weeks before those held out: ` +
        'too new to be tested, and not planned.',
    },
  ];
  return notes
    .filter(({ count }) => count > 0)
    .map((note) => ({ ...note, severity: 'note', repaired: true }));
}

function medianPrice({ pieces, revenue }: Product): number {
  const prices = pieces
    .flatMap((count, week) => (count > 0 ? [revenue[week]! / count] : []))
    .toSorted((a, b) => a - b);
  const middle = prices.length / 2;
  const median = (prices[Math.ceil(middle) - 1]! + prices[Math.floor(middle)]!) / 2;
  return Math.round(median * 100) / 100;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
