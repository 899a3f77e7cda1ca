import type { Questions, Reading } from './agents.ts';

const bySentence = new Intl.Segmenter('en', { granularity: 'sentence' });
const byWord = new Intl.Segmenter('en', { granularity: 'word' });

export function wordsOf(text: string): string[] {
  return Array.from(byWord.segment(text))
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => segment);
}

function sentencesOf(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line) => Array.from(bySentence.segment(line), ({ segment }) => segment.trim()))
    .filter((sentence) => sentence !== '');
}

/** Looks for the terms of all questions in a text, and measures its sentences. */
export function readText(text: string, questions: Questions): Reading {
  const sentences = sentencesOf(text);
  const lengths = sentences.map((sentence) => wordsOf(sentence).length);
  return {
    words: wordsOf(text).length,
    sentences: sentences.length,
    longest: Math.max(0, ...lengths),
    found: Object.fromEntries(
      Object.entries(questions).map(([name, { terms }]) => [
        name,
        { terms: countTerms(text, terms), quote: findQuote(sentences, terms) },
      ]),
    ),
  };
}

function countTerms(text: string, terms: string[]): { [term: string]: number } {
  const counts = terms.map((term) => [term, [...text.matchAll(patternOf(term))].length] as const);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

function findQuote(sentences: string[], terms: string[]): string {
  let best = { quote: '', count: 0 };
  for (const quote of sentences) {
    const count = Object.keys(countTerms(quote, terms)).length;
    if (count > best.count) best = { quote, count };
  }
  return best.quote;
}

/** Whole words, in capitals or not; with `*` at its end all words that begin so. Chinese has nothing between words. */
function patternOf(term: string): RegExp {
  const stem = term.replace(/\*$/, '');
  const isChinese = /\p{Script=Han}/u.test(stem);
  const before = isChinese ? '' : String.raw`(?<![\p{L}\p{N}])`;
  const after = isChinese || stem !== term ? '' : String.raw`(?![\p{L}\p{N}])`;
  return new RegExp(`${before}${stem.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}${after}`, 'giu');
}
