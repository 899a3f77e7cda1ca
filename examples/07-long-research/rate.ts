import type { Questions, Rating, Reading, Weights } from './agents.ts';
import { ScoreEdit } from './agents.ts';

/** How soon more of the same term counts for less, and how much a long section is held back: usual values of BM25. */
const saturation = 1.2;
const lengthPenalty = 0.75;

/** By inverse document frequency, as BM25 has it. */
export function weighTerms(readings: Reading[], questions: Questions): Weights {
  const counts = new Map<string, number>(
    Object.values(questions).flatMap(({ terms }) => terms.map((term) => [term, 0] as const)),
  );
  for (const { found } of readings) {
    const there = new Set(Object.values(found).flatMap(({ terms }) => Object.keys(terms)));
    for (const term of there) counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  const weigh = (count: number): number =>
    round(Math.log(1 + (readings.length - count + 0.5) / (count + 0.5)));
  return {
    meanWords: round(readings.reduce((sum, { words }) => sum + words, 0) / Math.max(1, readings.length)),
    terms: Object.fromEntries(Array.from(counts, ([term, count]) => [term, weigh(count)])),
  };
}

/** By BM25: terms count by their weight, repeated ones ever less, and less in a long section. */
export function rateReading(
  { words, found }: Reading,
  { meanWords, terms: weights }: Weights,
  questions: Questions,
): Rating {
  const scores = Object.entries(questions).map(([name, { terms }]) => {
    const { terms: counts = {}, quote = '' } = found[name] ?? {};
    const length = 1 - lengthPenalty + (lengthPenalty * words) / Math.max(1, meanWords);
    const add = (of: (term: string) => number): number => terms.reduce((sum, term) => sum + of(term), 0);
    const score = add((term) => {
      const count = counts[term] ?? 0;
      return ((weights[term] ?? 0) * count * (saturation + 1)) / (count + saturation * length);
    });
    const all = add((term) => weights[term] ?? 0);
    const there = add((term) => (counts[term] === undefined ? 0 : (weights[term] ?? 0)));
    const share = all > 0 ? round(there / all) : 0;
    return [name, { score: round(score), share, quote, edited: false }] as const;
  });
  return { scores: Object.fromEntries(scores) };
}

/** The most that the section has of any question's terms. */
export const fullestShare = ({ scores }: Rating): number =>
  Math.max(0, ...Object.values(scores).map(({ share }) => share));

/** Throws where a score is set for a question that was not asked. */
export function setScores({ scores }: Rating, delta: unknown): Rating {
  const set = ScoreEdit.parse(delta).scores;
  const strange = Object.keys(set).find((name) => !Object.hasOwn(scores, name));
  if (strange !== undefined)
    throw new Error(`There is no question ${strange}: ${Object.keys(scores).join(', ')}.`);
  const edited = Object.entries(set).map(([name, score]) => [
    name,
    { ...scores[name]!, score, edited: true },
  ]);
  return { scores: { ...scores, ...Object.fromEntries(edited) } };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
