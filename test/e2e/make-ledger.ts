/** Weeks from Monday, 2024-01-01, that the generated ledger holds in full; one of them is closed. */
const weeks = 40;
const closed = 20;
const day = 86_400_000;

/** Rows without a customer: one in each week that is open. */
export const weeksKnown = weeks - 1;

/** Pieces by week, as they should be read; null where the shop was closed. */
export function piecesOf(code: string): (number | null)[] {
  return Array.from({ length: weeks }, (_, week) => (week === closed ? null : soldIn(code, week)));
}

function soldIn(code: string, week: number): number {
  switch (code) {
    case '10001':
      // Steady, but for a small wave.
      return 100 + ((week * 7) % 11);
    case '10002A':
      return week % 3 === 2 ? 12 + (week % 5) : 0;
    case '10003':
      // It falls in the last week known, and stays there.
      return week < 31 ? 120 + ((week * 5) % 9) : 10;
    case '10004':
      return week < 25 ? 0 : 5;
    default:
      throw new RangeError(code);
  }
}

const labels = new Map([
  ['10001', '"LAMP, GENERATED"'],
  ['10002A', '"=BELL ""GENERATED"""'],
  ['10003', 'CANDLE GENERATED'],
  ['10004', 'NEW GENERATED'],
]);
const prices = new Map([
  ['10001', 2.5],
  ['10002A', 4],
  ['10003', 1],
  ['10004', 9],
]);

interface Row {
  invoice?: string;
  code: string;
  pieces: number;
  /** From the first Monday on. */
  at: number;
  price?: number;
  customer?: string;
}

/** A ledger such as Online Retail, generated, with each kind of row that must not count. */
export function makeLedger(): string {
  const rows: Row[] = [];
  for (let week = 0; week < weeks; week += 1) {
    if (week === closed) continue;
    for (const code of labels.keys()) {
      const pieces = soldIn(code, week);
      if (pieces === 0) continue;
      // The first seven pieces of the lamp are sold to somebody unknown; the bell is written in two cases.
      if (code === '10001') rows.push({ code, pieces: 7, at: week * 7, customer: '' });
      rows.push({
        code: code === '10002A' && week % 2 === 0 ? '10002a' : code,
        pieces: code === '10001' ? pieces - 7 : pieces,
        at: week * 7 + 6,
      });
    }
  }
  rows.push(
    { code: '10001', pieces: 500, at: 30, customer: '7' },
    { invoice: 'C', code: '10001', pieces: -500, at: 31, customer: '7' },
    // Takes back nothing that the ledger holds.
    { invoice: 'C', code: '10001', pieces: -3, at: 32 },
    { invoice: 'A', code: 'B', pieces: 1, at: 33 },
    { code: 'POST', pieces: 900, at: 34 },
    { code: 'TEST001', pieces: 900, at: 35 },
    { code: 'M', pieces: 900, at: 36 },
    { code: '10003', pieces: -50, at: 37 },
    { code: '10003', pieces: 20_000, at: 38 },
    { code: '10003', pieces: 60, at: 39, price: 0 },
    // Of the week after, two days alone.
    { code: '10003', pieces: 40, at: weeks * 7 + 1 },
  );
  const lines = rows
    .toSorted((a, b) => a.at - b.at)
    .map(({ invoice = '', code, pieces, at, price, customer = '12.0' }, row) => {
      const known = code.toUpperCase();
      const date = new Date(Date.UTC(2024, 0, 1) + at * day).toISOString().slice(0, 10);
      return [
        `${invoice}${500_000 + row}`,
        code,
        labels.get(known) ?? 'GENERATED',
        pieces,
        `${date} 10:00:00`,
        price ?? prices.get(known) ?? 1,
        customer,
        'Nowhere',
      ].join(',');
    });
  return [
    'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
    ...lines,
    '',
  ].join('\n');
}
