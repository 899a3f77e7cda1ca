import { z } from 'zod';
import { defineEffect } from '../../contracts/define-effect.ts';
import { authorise, defineProcess, review } from '../../contracts/define-process.ts';
import { cutting, Questions, rating, reading, Report, concluding, ScoreEdit, comparing } from './agents.ts';

/**
 * A study of many texts: cut into sections, each read, each rated once all are read, looked at where it seems to answer
 * much of a question, and reported. 500 sections are 1,000 tasks and a few.
 */
export const longResearch = defineProcess({
  name: 'long-research',
  input: z.object({
    /** Folders of pages, `.md` or `.txt`. */
    corpus: z.array(z.string()).min(1),
    sections: z.int().min(1).max(1000).default(500),
    questions: Questions,
  }),
  amendable: ['questions'],
  output: { report: Report },
  team: [cutting, reading, comparing, rating, concluding],
  owner: 'editor',
  checkpoints: {
    lookAtRating: review('rating', {
      by: 'editor',
      // So much of a question's terms in one section: it will be quoted, and may only list them.
      when: { rating: { share: { minimum: 0.4 } } },
      editable: ScoreEdit,
      onReject: 'absent',
    }),
    releaseReport: authorise('publishReport', { by: 'manager', fourEyes: true }),
  },
  effects: {
    publishReport: defineEffect({
      subject: 'report',
      connector: 'files',
      destination: { folder: 'long-research' },
      arguments: {
        files: [
          { name: 'report.md', artifact: 'report', member: 'text' },
          { name: 'report.json', artifact: 'report' },
        ],
      },
      consequences: 'The report is published, for everybody to read.',
    }),
  },
});
