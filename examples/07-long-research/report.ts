import type { CorpusNotes, Questions, Rating, Reading, Report, Section } from './agents.ts';

const quotedAtMost = 3;
const longestAtMost = 5;

/** The best sections for each question, those that a person left out aside; and how all of them are written. */
export function writeReport({
  section,
  reading,
  rating,
  corpusNotes,
  questions,
}: {
  section: { [key: string]: Section };
  reading: { [key: string]: Reading };
  rating: { [key: string]: Rating };
  corpusNotes: CorpusNotes;
  questions: Questions;
}): Report {
  const answers = Object.fromEntries(
    Object.entries(questions).map(([name, { ask }]) => {
      const rated = Object.entries(rating)
        .flatMap(([key, { scores }]) => (scores[name] ? [{ section: key, ...scores[name] }] : []))
        .filter(({ score }) => score > 0)
        .toSorted(byMost(({ score }) => score));
      const best = rated.slice(0, quotedAtMost).map(({ section: key, quote, score }) => {
        const { page, heading } = section[key]!;
        return { section: key, page, heading, quote, score };
      });
      return [name, { ask, mentions: rated.length, best }];
    }),
  );
  const readings = Object.entries(reading).map(([key, one]) => ({ section: key, ...one }));
  const add = (of: (one: Reading) => number): number => readings.reduce((sum, one) => sum + of(one), 0);
  const longest = readings.toSorted(byMost((one) => one.longest)).slice(0, longestAtMost);
  const parts = {
    answers,
    measures: {
      sections: readings.length,
      words: add(({ words }) => words),
      wordsPerSentence:
        add(({ words }) => words) /
        Math.max(
          1,
          add(({ sentences }) => sentences),
        ),
      longest: longest.map((one) => ({ section: one.section, words: one.longest })),
    },
    leftOut: Object.keys(section)
      .filter((key) => rating[key] === undefined)
      .toSorted(),
  };
  return { ...parts, text: writeText(parts, corpusNotes) };
}

/** The most first; those that have as much by their keys, whatever order they were read in. */
const byMost =
  <T extends { section: string }>(of: (one: T) => number) =>
  (one: T, other: T): number =>
    of(other) - of(one) || (one.section < other.section ? -1 : 1);

function writeText({ answers, measures, leftOut }: Omit<Report, 'text'>, notes: CorpusNotes): string {
  const { sections, words, wordsPerSentence, longest } = measures;
  return [
    '# What the texts say',
    '',
    `${notes.chosen} of ${notes.cut} sections of ${notes.pages} pages were read: ${words} words. ` +
      'Sections are quoted by how many of the terms they have, and how rare those are; nobody has understood them.',
    '',
    ...Object.values(answers).flatMap(({ ask, mentions, best }) => [
      `## ${ask}`,
      '',
      mentions === 0
        ? 'No section has any of the terms.'
        : `${mentions} of ${sections} sections have one of the terms or more. The best:`,
      '',
      ...best.map(
        ({ page, heading, quote, score }) => `- ${page}, ${heading} (${score.toFixed(1)}): “${quote}”`,
      ),
      ...(best.length > 0 ? [''] : []),
    ]),
    '## How they are written',
    '',
    `${wordsPerSentence.toFixed(1)} words a sentence. The longest sentences:`,
    '',
    ...longest.map((one) => `- ${one.section}: ${one.words} words`),
    '',
    ...(leftOut.length > 0 ? ['## Left out by an editor', '', ...leftOut.map((key) => `- ${key}`), ''] : []),
  ].join('\n');
}
