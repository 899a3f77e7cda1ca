import { defineAgent, defineProcess, review } from 'batonflow';
import { implementAgent } from 'batonflow/agents';
import { z } from 'zod';

/** What the agent needs, what it makes, and what a person may ask it to change. */
const writer = defineAgent({
  name: 'writer',
  needs: { subject: z.string(), from: z.string() },
  produces: { notice: z.object({ title: z.string(), text: z.string() }) },
  adjust: z.object({ tone: z.enum(['plain', 'warm']).default('plain') }),
});

/** How it makes it: a function, or a LangGraph graph where one step is not enough. */
export const writerAgent = implementAgent(writer, {
  make: ({ subject, from, adjust }) => ({
    notice: {
      title: subject,
      text: `${adjust.tone === 'warm' ? 'Good morning, everybody! ' : ''}Please note: ${subject}.\n\n${from}`,
    },
  }),
});

/** What comes in, what has to come out, who works on it, and where a person decides. */
export const notice = defineProcess({
  name: 'notice',
  input: z.object({ subject: z.string(), from: z.string() }),
  output: { notice: writer.produces.notice },
  team: [writer],
  checkpoints: { proofread: review('notice', { by: 'editor' }) },
});
