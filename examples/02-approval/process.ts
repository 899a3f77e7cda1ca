import { END, START, StateGraph } from '@langchain/langgraph';
import { z } from 'zod';
import { implementAgent } from '../../agents/implement-agent.ts';
import { defineAgent } from '../../contracts/define-agent.ts';
import { defineEffect } from '../../contracts/define-effect.ts';
import { authorise, defineProcess, review } from '../../contracts/define-process.ts';

/** A notice to everybody, as it would be put up. */
const Notice = z.object({ title: z.string(), text: z.string() });

const noticeWriter = defineAgent({
  name: 'notice-writer',
  needs: { subject: z.string(), from: z.string() },
  produces: { notice: Notice },
  facts: { notice: z.object({ characters: z.int() }) },
  adjust: z.object({ tone: z.enum(['plain', 'warm']).default('plain') }),
});

/** An office notice: drafted by an agent, reviewed by an editor, put up when a manager says so. */
export const officeNotice = defineProcess({
  name: 'office-notice',
  input: z.object({ subject: z.string().min(1).max(200), from: z.string() }),
  amendable: ['subject'],
  output: { notice: Notice },
  team: [noticeWriter],
  checkpoints: {
    approveNotice: review('notice', { by: 'editor', editable: Notice.partial() }),
    releaseNotice: authorise('putUp', { by: 'manager', fourEyes: true }),
  },
  effects: {
    putUp: defineEffect({
      subject: 'notice',
      connector: 'files',
      destination: { folder: 'office-notice' },
      arguments: {
        files: [
          { name: 'title.txt', artifact: 'notice', member: 'title' },
          { name: 'notice.txt', artifact: 'notice', member: 'text' },
        ],
      },
      consequences: 'The notice is put up where everybody reads it.',
    }),
  },
});

const State = z.object({
  subject: z.string(),
  from: z.string(),
  adjust: z.object({ tone: z.enum(['plain', 'warm']) }),
  notice: Notice,
});

function writePlainly({ subject, from }: z.infer<typeof State>): { notice: z.infer<typeof Notice> } {
  return { notice: { title: subject, text: `Please note: ${subject}.\n\n${from}` } };
}

function writeWarmly({ subject, from }: z.infer<typeof State>): { notice: z.infer<typeof Notice> } {
  return { notice: { title: subject, text: `Good news for all of us: ${subject}. Thank you!\n\n${from}` } };
}

export const noticeWriterAgent = implementAgent(noticeWriter, {
  graph: () =>
    new StateGraph(State)
      .addNode('plainly', writePlainly)
      .addNode('warmly', writeWarmly)
      .addConditionalEdges(START, ({ adjust }) => (adjust.tone === 'warm' ? 'warmly' : 'plainly'), [
        'plainly',
        'warmly',
      ])
      .addEdge('plainly', END)
      .addEdge('warmly', END)
      .compile(),
  facts: { notice: ({ title, text }) => ({ characters: title.length + text.length }) },
  applyEdit: (_artifact, base, delta) => Notice.parse({ ...base, ...Notice.partial().parse(delta) }),
});
