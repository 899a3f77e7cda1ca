import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Questions, Report } from '../../examples/07-long-research/agents.ts';
import { cutCorpus } from '../../examples/07-long-research/cut.ts';
import { rateReading, setScores, weighTerms } from '../../examples/07-long-research/rate.ts';
import { readText } from '../../examples/07-long-research/read.ts';
import { writeReport } from '../../examples/07-long-research/report.ts';

const mapValues = <T, U>(values: { [key: string]: T }, change: (value: T) => U): { [key: string]: U } =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));

/** What a run has to come to, reckoned without it: after these decisions of an editor. */
export async function studyAlone(
  folder: string,
  { corpus, sections, questions }: { corpus: string[]; sections: number; questions: Questions },
  decided: { leftOut?: string[]; edits?: { [section: string]: { [question: string]: number } } } = {},
): Promise<Report> {
  const inside = (name: string): string => path.join(folder, name);
  const { section, corpusNotes } = await cutCorpus(corpus, sections, {
    locateData: async (name) => Promise.resolve(inside(name)),
    readData: async (name) => ({ bytes: await readFile(inside(name)), name, mediaType: 'text/markdown' }),
  });
  const reading = mapValues(section, ({ text }) => readText(text, questions));
  const weights = weighTerms(Object.values(reading), questions);
  const rating = mapValues(reading, (one) => rateReading(one, weights, questions));
  for (const [key, scores] of Object.entries(decided.edits ?? {}))
    rating[key] = setScores(rating[key]!, { scores });
  for (const key of decided.leftOut ?? []) delete rating[key];
  return writeReport({ section, reading, rating, corpusNotes, questions });
}
