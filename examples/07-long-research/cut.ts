import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { toFailure } from '../../contracts/failures.ts';
import type { GraphPorts } from '../../agents/implement-agent.ts';
import type { CorpusNotes, Section } from './agents.ts';
import { wordsOf } from './read.ts';

/** Paragraphs, items and rows are put together until they have as many words. */
const wordsAtLeast = 40;

/**
 * Cuts the pages (`.md`, `.txt`) of these folders into sections. Of more than are asked for, some are chosen by the hash
 * of their keys: the same ones each time, and from everywhere.
 */
export async function cutCorpus(
  folders: string[],
  sections: number,
  { readData, locateData }: Pick<GraphPorts, 'readData' | 'locateData'>,
): Promise<{ section: { [key: string]: Section }; corpusNotes: CorpusNotes }> {
  const pages: string[] = [];
  for (const folder of folders) {
    const files = await readdir(await locateData(folder), { withFileTypes: true });
    const names = files.filter((file) => file.isFile() && /\.(md|txt)$/i.test(file.name));
    pages.push(...names.map(({ name }) => path.posix.join(folder, name)));
  }
  const all = new Map<string, Section>();
  for (const page of pages.toSorted()) {
    const { bytes } = await readData(page);
    for (const [key, section] of cutPage(page, new TextDecoder().decode(bytes))) all.set(key, section);
  }
  if (all.size === 0) {
    const message = `There is nothing to read in ${folders.join(', ')}: no page (.md, .txt) with any text.`;
    throw toFailure('Data.Unfit', message, { name: folders.join(', ') });
  }
  const chosen = [...all].toSorted(([one], [other]) => (hash(one) < hash(other) ? -1 : 1)).slice(0, sections);
  return {
    section: Object.fromEntries(chosen),
    corpusNotes: { pages: pages.length, cut: all.size, chosen: chosen.length },
  };
}

/** A page's sections, each under a key of its page, its heading and, from the second on, its place under that heading. */
export function cutPage(page: string, text: string): Map<string, Section> {
  const sections = new Map<string, Section>();
  const counts = new Map<string, number>();
  // Pages of one name may lie in several folders, and a key has an end.
  const name = `${nameOf(path.posix.basename(page, path.posix.extname(page))).slice(0, 40)}-${hash(page).slice(0, 4)}`;
  const keep = (heading: string, lines: string[]): void => {
    if (lines.length === 0) return;
    const base = `${name}:${nameOf(heading).slice(0, 40)}`;
    const count = (counts.get(base) ?? 0) + 1;
    counts.set(base, count);
    sections.set(count === 1 ? base : `${base}.${count}`, { page, heading, text: lines.join('\n') });
  };
  let heading = path.posix.basename(page);
  let lines: string[] = [];
  for (const block of text.replaceAll(/^(```|~~~).*?^\1.*?$/gms, '').split(/\n\s*\n/)) {
    for (const line of linesOf(block)) {
      const title = /^#{1,6}\s+(.*)$/.exec(line)?.[1];
      if (title === undefined) lines.push(plain(line));
      if (title === undefined && wordsOf(lines.join('\n')).length < wordsAtLeast) continue;
      keep(heading, lines);
      lines = [];
      if (title !== undefined) heading = plain(title);
    }
  }
  keep(heading, lines);
  return sections;
}

/** Lines that belong to one paragraph are one; a heading, an item of a list and a row of a table begin a new one. */
function linesOf(block: string): string[] {
  const lines: string[] = [];
  for (const line of block.split('\n').map((one) => one.trim())) {
    if (line === '' || /^[|\s:-]+$/.test(line)) continue;
    const before = lines.at(-1);
    if (before === undefined || /^(#{1,6}\s|\||[-*+]\s|\d+\.\s)/.test(line) || before.startsWith('#'))
      lines.push(line);
    else lines[lines.length - 1] = `${before} ${line}`;
  }
  return lines;
}

/** Without the marks of Markdown. */
function plain(line: string): string {
  return line
    .replace(/^[-*+]\s+/, '')
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/\*\*|`|<\/?a\b[^>]*>/g, '')
    .replaceAll(/\s*\|\s*/g, ' | ')
    .replace(/^ \| | \| $/g, '')
    .trim();
}

const nameOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '');

const hash = (key: string): string => createHash('sha256').update(key).digest('hex');
