import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SaxesParser } from 'saxes';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { chainOf } from '../../cli/graph/chain-of.ts';
import type { Chain } from '../../cli/graph/chain-of.ts';
import { drawMermaid } from '../../cli/graph/draw-mermaid.ts';
import { drawSvg } from '../../cli/graph/draw-svg.ts';
import { drawProcess } from '../../cli/commands/graph.ts';
import { officeNotice } from '../../examples/02-approval/process.ts';
import { purchase } from '../e2e/each/parts.ts';

const ways = ({ nodes, links }: Chain): string[] => {
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  return links.map(
    ({ from, to, artifact }) => `${names.get(from)} > ${names.get(to)}${artifact && `: ${artifact}`}`,
  );
};

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The boxes of a picture that is read as XML, and its texts. */
function readSvg(svg: string): { boxes: Box[]; texts: string[] } {
  const boxes: Box[] = [];
  const texts: string[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const of = (key: string): number => Number(attributes[key]);
    if (name === 'rect' && of('width') > 100 && 'rx' in attributes)
      boxes.push({ x: of('x'), y: of('y'), width: of('width'), height: of('height') });
  });
  parser.on('text', (text) => texts.push(text.trim()));
  parser.write(svg).close();
  return { boxes, texts: texts.filter(Boolean) };
}

describe('a chain', () => {
  test('leads what is reviewed past whoever decides, and to the effect past whoever authorises it', () => {
    const chain = chainOf(officeNotice.manifest);
    expect(ways(chain)).toEqual([
      'notice-writer > approveNotice: notice',
      'input > notice-writer: subject',
      'input > notice-writer: from',
      'releaseNotice > putUp',
      'approveNotice > releaseNotice: notice',
      'approveNotice > output: notice',
    ]);
    expect(chain.nodes).toContainEqual({
      id: 'checkpoint:releaseNotice',
      kind: 'checkpoint',
      name: 'releaseNotice',
      note: 'manager decides (four eyes)',
    });
  });

  test('says what runs once for each element', () => {
    const { nodes } = chainOf(purchase.manifest);
    expect(nodes.find(({ name }) => name === 'pricing')?.note).toBe('once for each of parts');
    expect(nodes.find(({ name }) => name === 'lookAtQuote')?.note).toBe('buyer decides (if)');
  });
});

describe('a picture of it', () => {
  test.each([officeNotice, purchase])(
    'is well-formed, and no box of $name lies on another',
    ({ manifest }) => {
      const chain = chainOf(manifest);
      const { boxes, texts } = readSvg(drawSvg(chain));
      expect(boxes).toHaveLength(chain.nodes.length);
      const meet = (a: Box, b: Box): boolean =>
        a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
      expect(boxes.flatMap((a, place) => boxes.slice(place + 1).filter((b) => meet(a, b)))).toEqual([]);
      for (const { name, note } of chain.nodes) expect(texts).toEqual(expect.arrayContaining([name, note]));
    },
  );

  test('keeps names as text, whatever they hold', () => {
    const strange: Chain = {
      name: 'x',
      nodes: [
        { id: 'a', kind: 'agent', name: '<script>&"', note: '經理' },
        { id: 'b', kind: 'output', name: 'b', note: 'end"] --> c' },
      ],
      links: [{ from: 'a', to: 'b', artifact: '|x|"', isLoose: true }],
    };
    expect(readSvg(drawSvg(strange)).texts).toEqual(expect.arrayContaining(['<script>&"', '經理']));
    const lines = drawMermaid(strange).split('\n');
    expect(lines[1]).toBe('  n0["#60;script#62;#38;#34;<br/><small>經理</small>"]:::agent');
    expect(lines[3]).toBe('  n0 -.->|"|x|#34;"| n1');
  });
});

describe('baton graph', () => {
  const settings = { project: path.resolve('baton.config.ts'), json: true } as never;

  test('writes a picture into a file, by its extension', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'baton-cli-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    onTestFinished(() => written.mockRestore());
    const file = path.join(folder, 'new', 'notice.svg');
    await drawProcess(settings, 'office-notice', { to: file });
    expect(readSvg(readFileSync(file, 'utf8')).texts).toContain('approveNotice');
    await expect(drawProcess(settings, 'office-notice', { to: 'notice.gif' })).rejects.toThrow(
      /\.svg, \.mmd/,
    );
  });

  test('names the processes that there are where there is none of that name', async () => {
    await expect(drawProcess(settings, 'nothing', {})).rejects.toMatchObject({
      type: 'Process.Unknown',
      message: expect.stringContaining('office-notice'),
    });
  });
});
