import { z } from 'zod';
import { defineAgent, whole } from '../../contracts/define-agent.ts';

/** What is asked of the texts, and the words by which they are searched: `retr*` stands for all that begin so. */
export const Questions = z.record(
  z.string(),
  z.object({ ask: z.string(), terms: z.array(z.string()).min(1) }),
);
export type Questions = z.infer<typeof Questions>;

/** A few paragraphs that stand together under one heading; a row of a table and an item of a list have lines of their own. */
export const Section = z.object({ page: z.string(), heading: z.string(), text: z.string() });
export type Section = z.infer<typeof Section>;

/** How the sections were come by. */
export const CorpusNotes = z.object({ pages: z.int(), cut: z.int(), chosen: z.int() });
export type CorpusNotes = z.infer<typeof CorpusNotes>;

/** What a section says to each question, by the question's name, and how it is written. */
export const Reading = z.object({
  words: z.int(),
  sentences: z.int(),
  /** Words of the longest sentence. */
  longest: z.int(),
  found: z.record(
    z.string(),
    z.object({
      /** How often each term that is there occurs. */
      terms: z.record(z.string(), z.int()),
      /** The sentence with the most different terms; empty where there is none. */
      quote: z.string(),
    }),
  ),
});
export type Reading = z.infer<typeof Reading>;

/** What is known only once all sections have been read: a term that few of them have says more than one that most have. */
export const Weights = z.object({ meanWords: z.number(), terms: z.record(z.string(), z.number()) });
export type Weights = z.infer<typeof Weights>;

/** How well a section answers each question. */
export const Rating = z.object({
  scores: z.record(
    z.string(),
    z.object({
      score: z.number(),
      /** How much of the question's terms is there, by weight: 0 to 1. */
      share: z.number(),
      quote: z.string(),
      /** The score was set by a person. */
      edited: z.boolean(),
    }),
  ),
});
export type Rating = z.infer<typeof Rating>;

/** Scores that an editor sets, by the question's name; 0 keeps the section from answering it. */
export const ScoreEdit = z.object({ scores: z.record(z.string(), z.number().min(0)) });

export const Report = z.object({
  answers: z.record(
    z.string(),
    z.object({
      ask: z.string(),
      /** Sections with any of the terms. */
      mentions: z.int(),
      best: z.array(
        z.object({
          section: z.string(),
          page: z.string(),
          heading: z.string(),
          quote: z.string(),
          score: z.number(),
        }),
      ),
    }),
  ),
  measures: z.object({
    sections: z.int(),
    words: z.int(),
    wordsPerSentence: z.number(),
    /** Those with the longest sentences. */
    longest: z.array(z.object({ section: z.string(), words: z.int() })),
  }),
  /** Sections that a person kept out. */
  leftOut: z.array(z.string()),
  text: z.string(),
});
export type Report = z.infer<typeof Report>;

export const cutting = defineAgent({
  name: 'cutting',
  needs: { corpus: z.array(z.string()), sections: z.int() },
  produces: { section: z.record(z.string(), Section), corpusNotes: CorpusNotes },
});

export const reading = defineAgent({
  name: 'reading',
  needs: { section: Section, questions: Questions },
  produces: { reading: Reading },
  each: { over: 'section', atOnce: 8 },
});

export const comparing = defineAgent({
  name: 'comparing',
  needs: { reading: whole(Reading), questions: Questions },
  produces: { weights: Weights },
});

export const rating = defineAgent({
  name: 'rating',
  // The section as well: whoever looks at the rating is shown it.
  needs: { section: Section, reading: Reading, weights: Weights, questions: Questions },
  produces: { rating: Rating },
  facts: { rating: z.object({ share: z.number() }) },
  each: { over: 'section', atOnce: 8 },
});

export const concluding = defineAgent({
  name: 'concluding',
  needs: {
    section: whole(Section),
    reading: whole(Reading),
    rating: whole(Rating),
    corpusNotes: CorpusNotes,
    questions: Questions,
  },
  produces: { report: Report },
});
