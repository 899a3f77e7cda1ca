import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Asked of the corpus: terms that its sections are given on purpose, and one that no section has. */
export const questions = {
  light: { ask: 'How is light made?', terms: ['lamp*', 'wick', 'oil'] },
  water: { ask: 'Where does water go?', terms: ['drain', '排水'] },
};

const words = 'it was read and put back where others had found them long before anybody asked'.split(' ');

/**
 * Generated pages with ten sections each: every twentieth section has all terms of `light`, every fifth one after it
 * `lamp` alone.
 */
export async function makeCorpus(folder: string, sections: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const parts = Array.from({ length: sections }, (_, index) => {
    const filler = Array.from({ length: 44 }, (_, at) => words[(index + at) % words.length]).join(' ');
    return `## Part ${index}\n\nGenerated: ${filler}. ${sayingOf(index)}\n`;
  });
  for (let page = 0; page * 10 < sections; page++) {
    const text = `# Page ${page}\n\n${parts.slice(page * 10, page * 10 + 10).join('\n')}`;
    await writeFile(path.join(folder, `page-${page}.md`), text);
  }
}

function sayingOf(index: number): string {
  if (index % 20 === 0) return `The ${index + 1}th lamp burns oil with a wick.`;
  return index % 5 === 1 ? 'Lamps hang there.' : 'Nothing hangs there.';
}
