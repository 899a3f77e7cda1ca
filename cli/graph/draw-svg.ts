import type { Chain, ChainLink, ChainNode } from './chain-of.ts';

const box = { width: 190, height: 56 };
const gap = { across: 110, down: 40 };
const margin = 24;
const legendHeight = 40;

const looks: Record<ChainNode['kind'], { fill: string; stroke: string; says: string }> = {
  input: { fill: '#f2f2f2', stroke: '#595959', says: 'goes in, comes out' },
  output: { fill: '#f2f2f2', stroke: '#595959', says: 'goes in, comes out' },
  agent: { fill: '#e6f0fb', stroke: '#1f5a99', says: 'an agent works' },
  person: { fill: '#fff4d6', stroke: '#8a5a00', says: 'a person decides or supplies' },
  checkpoint: { fill: '#fff4d6', stroke: '#8a5a00', says: 'a person decides or supplies' },
  outside: { fill: '#f2f2f2', stroke: '#595959', says: 'goes in, comes out' },
  effect: { fill: '#fde7e4', stroke: '#a1281a', says: 'changes the world outside' },
};

interface Placed extends ChainNode {
  x: number;
  y: number;
}

/** The chain as a picture of its own, from left to right in the order in which it can run. */
export function drawSvg(chain: Chain): string {
  const placed = place(chain);
  const at = new Map(placed.map((node) => [node.id, node]));
  const width = Math.max(...placed.map(({ x }) => x)) + box.width + margin;
  const height = Math.max(...placed.map(({ y }) => y)) + box.height + margin + legendHeight;
  const said = chain.nodes.map(({ name, note }) => `${name} (${note})`).join(', ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="system-ui, 'Noto Sans', 'Noto Sans TC', sans-serif">`,
    `<title>${escape(`The process ${chain.name}`)}</title>`,
    `<desc>${escape(said)}</desc>`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="#595959"/></marker></defs>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...drawLinks(joinLinks(chain.links), at),
    ...placed.map(drawNode),
    ...drawLegend(placed, height),
    '</svg>',
    '',
  ].join('\n');
}

/** A column further than whatever it waits for; in a column, near what it waits for. */
function place({ nodes, links }: Chain): Placed[] {
  const columns = new Map<string, number>();
  const columnOf = (id: string): number => {
    const known = columns.get(id);
    if (known !== undefined) return known;
    const before = links.filter(({ to }) => to === id).map(({ from }) => columnOf(from) + 1);
    const column = Math.max(0, ...before);
    columns.set(id, column);
    return column;
  };
  const last = Math.max(...nodes.map(({ id }) => columnOf(id)));
  const rows = new Map<string, number>();
  const placed: Placed[] = [];
  for (let column = 0; column <= last; column++) {
    const here = nodes.filter(({ id }) => columnOf(id) === column);
    const wish = ({ id }: ChainNode): number => {
      const before = links.flatMap(({ from, to }) => (to === id ? [rows.get(from) ?? 0] : []));
      return before.length === 0 ? 0 : before.reduce((sum, row) => sum + row, 0) / before.length;
    };
    let row = 0;
    for (const node of here.toSorted((a, b) => wish(a) - wish(b))) {
      row = Math.max(row, Math.floor(wish(node)));
      rows.set(node.id, row);
      placed.push({
        ...node,
        x: margin + column * (box.width + gap.across),
        y: margin + row * (box.height + gap.down),
      });
      row++;
    }
  }
  return placed;
}

/** Several artifacts between the same two are one arrow. */
function joinLinks(links: ChainLink[]): ChainLink[] {
  const joined = new Map<string, ChainLink>();
  for (const link of links) {
    const way = JSON.stringify([link.from, link.to, link.isLoose]);
    const known = joined.get(way);
    joined.set(way, known ? { ...known, artifact: `${known.artifact}, ${link.artifact}` } : link);
  }
  return [...joined.values()];
}

function drawLinks(links: ChainLink[], at: Map<string, Placed>): string[] {
  /** By row: how many arrows run below it already. */
  const lanes = new Map<number, number>();
  return links.map((link) => {
    const [start, end] = [at.get(link.from)!, at.get(link.to)!];
    const isFar = end.x - start.x > box.width + gap.across;
    if (!isFar) return drawLink(link, start, end, undefined);
    const row = Math.min(start.y, end.y);
    const taken = lanes.get(row) ?? 0;
    lanes.set(row, taken + 1);
    return drawLink(link, start, end, row + box.height + 16 + (taken % 3) * 8);
  });
}

/** `lane`: where an arrow runs that would go through what lies between. */
function drawLink(link: ChainLink, start: Placed, end: Placed, lane: number | undefined): string {
  const { artifact, isLoose } = link;
  const [x1, y1] = [start.x + box.width, start.y + box.height / 2];
  const [x2, y2] = [end.x, end.y + box.height / 2];
  const bend = gap.across / 2;
  const path =
    lane === undefined
      ? `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`
      : `M${x1} ${y1}C${x1 + bend / 2} ${y1} ${x1 + bend / 2} ${lane} ${x1 + bend} ${lane}H${x2 - bend}C${x2 - bend / 2} ${lane} ${x2 - bend / 2} ${y2} ${x2} ${y2}`;
  // Near where it leaves: further on, other arrows cross.
  const at = lane === undefined ? [x1 + bend, y1 + (y2 - y1) * 0.3 - 6] : [x1 + bend + 40, lane - 3];
  const label = artifact === '' ? '' : text(at[0]!, at[1]!, shorten(artifact, 16), 11);
  return `<g><title>${escape(artifact)}</title><path d="${path}" fill="none" stroke="#595959" stroke-width="1.5"${isLoose ? ' stroke-dasharray="5 4"' : ''} marker-end="url(#tip)"/>${label}</g>`;
}

function drawNode({ kind, name, note, x, y }: Placed): string {
  const { fill, stroke } = looks[kind];
  const round = kind === 'checkpoint' || kind === 'person' ? box.height / 2 : 6;
  return [
    `<g><title>${escape(`${name}: ${note}`)}</title>`,
    `<rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="${round}" fill="${fill}" stroke="${stroke}" stroke-width="1.5"/>`,
    text(x + box.width / 2, y + 24, shorten(name, 24), 14, 'bold'),
    text(x + box.width / 2, y + 42, shorten(note, 30), 11),
    '</g>',
  ].join('');
}

function drawLegend(placed: Placed[], height: number): string[] {
  const kinds = [...new Map(placed.map(({ kind }) => [looks[kind].says, looks[kind]])).values()];
  return kinds.map(({ fill, stroke, says }, place) => {
    const x = margin + place * 200;
    const y = height - legendHeight + 8;
    return `<g><rect x="${x}" y="${y}" width="14" height="14" rx="3" fill="${fill}" stroke="${stroke}"/><text x="${x + 20}" y="${y + 11}" font-size="11" fill="#1a1a1a">${says}</text></g>`;
  });
}

function text(x: number, y: number, said: string, size: number, weight = 'normal'): string {
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" text-anchor="middle" fill="#1a1a1a" paint-order="stroke" stroke="#ffffff" stroke-width="${weight === 'bold' ? 0 : 3}" stroke-opacity="0.8">${escape(said)}</text>`;
}

const shorten = (said: string, most: number): string =>
  said.length <= most ? said : `${said.slice(0, most - 1)}…`;

const escape = (said: string): string =>
  said.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
