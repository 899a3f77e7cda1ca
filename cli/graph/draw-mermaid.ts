import type { Chain, ChainNode } from './chain-of.ts';

const shapes: Record<ChainNode['kind'], [open: string, close: string]> = {
  input: ['([', '])'],
  agent: ['[', ']'],
  person: ['[/', '/]'],
  outside: ['[/', '/]'],
  checkpoint: ['{{', '}}'],
  effect: ['[[', ']]'],
  output: ['([', '])'],
};

/** The chain as a Mermaid flowchart, as Markdown pages on many sites draw it. */
export function drawMermaid({ nodes, links }: Chain): string {
  const idOf = new Map(nodes.map(({ id }, place) => [id, `n${place}`]));
  const lines = nodes.map(({ id, kind, name, note }) => {
    const [open, close] = shapes[kind];
    return `  ${idOf.get(id)}${open}"${quote(name)}<br/><small>${quote(note)}</small>"${close}:::${kind}`;
  });
  const arrows = links.map(({ from, to, artifact, isLoose }) => {
    const label = artifact === '' ? '' : `|"${quote(artifact)}"|`;
    return `  ${idOf.get(from)} ${isLoose ? '-.->' : '-->'}${label} ${idOf.get(to)}`;
  });
  const classes = [
    '  classDef checkpoint fill:#fff4d6,stroke:#8a5a00,color:#1a1a1a',
    '  classDef effect fill:#fde7e4,stroke:#a1281a,color:#1a1a1a',
    '  classDef agent fill:#e6f0fb,stroke:#1f5a99,color:#1a1a1a',
  ];
  return ['flowchart LR', ...lines, ...arrows, ...classes, ''].join('\n');
}

/** Mermaid reads markup in labels: what is a name stays one. */
const quote = (text: string): string =>
  text.replace(/[&<>"#;`]/g, (character) => `#${character.codePointAt(0)};`);
