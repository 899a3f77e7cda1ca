import { escapeSentence, writeList, writeTable } from '../../agents/visualisation/page-elements.ts';
import { reportStyle } from '../../agents/visualisation/report-style.ts';
import { wordingOf } from '../../agents/visualisation/wording/wording.ts';
import type { OrderPlan } from './agents.ts';

type Line = OrderPlan['lines'][number];

/** A page for whoever approves the order: what it costs and leaves in stock, and what was set against the proposal. */
export function previewOrder(plan: OrderPlan): string {
  const { lines, leadWeeks } = plan;
  const ordered = lines.filter(({ quantity }) => quantity > 0);
  const edited = lines.filter((line) => line.edited);
  const short = lines.filter(({ left }) => left < 0);
  const safe = (line: Line): boolean => round(line.left) >= line.safety;
  const thin = lines.filter((line) => line.left >= 0 && !safe(line));
  const title = `To be approved: order of ${figure(plan.pieces)} pieces for ${money(plan.cost)}`;
  const sentences = [
    `${ordered.length} of ${lines.length} products are ordered, for the ${leadWeeks} weeks until the goods arrive.`,
    edited.length === 0
      ? 'All quantities are those proposed.'
      : `${count(edited.length, 'quantity was', 'quantities were')} set by a person: ` +
        `${difference(plan.pieces - plan.proposed.pieces, figure)} pieces and ` +
        `${difference(plan.cost - plan.proposed.cost, money)} against the ${figure(plan.proposed.pieces)} pieces ` +
        `for ${money(plan.proposed.cost)} proposed.`,
    short.length === 0
      ? 'No product is expected to run out before the goods arrive.'
      : `${count(short.length, 'product is', 'products are')} expected to run out before the goods arrive: ` +
        `${list(short.map(({ code }) => code))}.`,
    ...(thin.length === 0
      ? []
      : [`${count(thin.length, 'product keeps', 'products keep')} less than the safety stock.`]),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeSentence(title)}</title>
<style>${reportStyle}</style>
</head>
<body>
<header>
<h1>${escapeSentence(title)}</h1>
</header>
<main>
${writeList(sentences, 'lead')}
${edited.length === 0 ? '' : `<h2>What a person set</h2>\n${writeChanges(edited)}`}
<h2>The order</h2>
${writeLines(lines)}
<h2>The rule</h2>
<p>${escapeSentence(plan.rule)}</p>
</main>
</body>
</html>
`;
}

function writeChanges(lines: Line[]): string {
  return writeTable(
    {
      columns: ['Product', 'Description', 'Proposed', 'Set', 'Cost by', 'Left by then', 'Safety stock'],
      kinds: ['text', 'long', 'figure', 'figure', 'figure', 'figure', 'figure'],
      rows: lines.map((line) => [
        line.code,
        line.label,
        line.proposed,
        line.quantity,
        round((line.quantity - line.proposed) * line.price),
        line.left,
        line.safety,
      ]),
    },
    'What a person set',
    wordingOf('en'),
  );
}

function writeLines(lines: Line[]): string {
  return writeTable(
    {
      columns: [
        'Product',
        'Description',
        'In stock',
        'Expected demand',
        'Quantity',
        'Left by then',
        'Safety stock',
        'Price',
        'Cost',
      ],
      kinds: ['text', 'long', 'figure', 'figure', 'figure', 'figure', 'figure', 'figure', 'figure'],
      rows: lines.map((line) => [
        line.code,
        line.label,
        line.stock,
        line.expected,
        line.quantity,
        line.left,
        line.safety,
        line.price,
        line.cost,
      ]),
    },
    'The order',
    wordingOf('en'),
  );
}

function list(codes: string[]): string {
  const [first, rest] = [codes.slice(0, 8).join(', '), codes.length - 8];
  return rest > 0 ? `${first} and ${rest} more` : first;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

function figure(value: number): string {
  return value.toLocaleString('en-GB');
}

function money(value: number): string {
  return value.toLocaleString('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

function difference(value: number, show: (value: number) => string): string {
  return `${value < 0 ? '−' : '+'}${show(Math.abs(round(value)))}`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
