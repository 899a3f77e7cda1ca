import { END, START, StateGraph } from '@langchain/langgraph';
import { z } from 'zod';
import { askPerson } from '../../../agents/ask-person.ts';
import { implementAgent } from '../../../agents/implement-agent.ts';
import type { AgentImplementation } from '../../../agents/implement-agent.ts';
import { defineAgent } from '../../../contracts/define-agent.ts';
import { defineEffect } from '../../../contracts/define-effect.ts';
import { authorise, defineProcess, review } from '../../../contracts/define-process.ts';

const Letter = z.object({ to: z.string(), text: z.string() });
const Notes = z.array(z.string());

// A dead attempt is noticed soon; one that lives on a busy machine is not taken for dead.
export const life = { heartbeat: '10 seconds', tries: 20 } as const;

const gatherer = defineAgent({
  name: 'gatherer',
  needs: { topic: z.string() },
  produces: { notes: Notes },
  // One of each durability, so that each is killed wherever a worker can be.
  durability: 'step',
  ...life,
});
const checker = defineAgent({
  name: 'checker',
  needs: { topic: z.string() },
  produces: { warning: z.string() },
  durability: 'local',
  ...life,
});
const asker = defineAgent({
  name: 'asker',
  needs: { notes: Notes, warning: z.string() },
  produces: { recipient: z.string() },
  ...life,
});
const writer = defineAgent({
  name: 'writer',
  needs: { notes: Notes, recipient: z.string() },
  produces: { letter: Letter },
  ...life,
});

const shape = {
  input: z.object({ topic: z.string() }),
  team: [gatherer, checker, asker, writer],
  checkpoints: {
    approveLetter: review('letter', { by: 'editor', editable: Letter.partial() }),
    releaseLetter: authorise('sendLetter', { by: 'manager', fourEyes: true }),
  },
} as const;

const sending = {
  subject: 'letter',
  consequences: 'The letter is sent.',
  // However busy the machine, a call is made and answered by then. It also says how long a killed call blocks the next:
  // that is waited for, and costs nothing while other trials go on.
  timeout: '20 seconds',
} as const;

/** A letter whose receiver takes the same call again without acting on it again. */
export const letterToRepeat = (url: string) =>
  defineProcess({
    ...shape,
    name: 'letter-to-repeat',
    output: { letter: Letter },
    effects: { sendLetter: defineEffect({ ...sending, connector: 'repeatable', destination: { url } }) },
  });

/** A letter whose receiver acts on each call, and can tell afterwards whether one arrived; its answer is kept. */
export const letterToLookUp = (url: string) =>
  defineProcess({
    ...shape,
    name: 'letter-to-look-up',
    output: { letter: Letter },
    effects: {
      sendLetter: defineEffect({
        ...sending,
        connector: 'lookup',
        destination: { url },
        receipt: 'confirmation',
      }),
    },
  });

/** A letter whose receiver acts on each call, and tells nobody. */
export const letterToTrust = (url: string) =>
  defineProcess({
    ...shape,
    name: 'letter-to-trust',
    output: { letter: Letter },
    effects: { sendLetter: defineEffect({ ...sending, connector: 'silent', destination: { url } }) },
  });

/** Says that a node runs, before it does anything. */
export type ReportNode = (agent: string, node: string) => Promise<void>;

/** The team's graphs: three supersteps in a row, a short one beside it, a question, an edit. */
export function letterAgents(runs: ReportNode): AgentImplementation[] {
  const agents = [
    implementAgent(gatherer, {
      graph: () =>
        new StateGraph(z.object({ topic: z.string(), found: Notes, notes: Notes }))
          .addNode('find', async ({ topic }) => {
            await runs('gatherer', 'find');
            return { found: [`${topic}: cost`, `${topic}: benefit`] };
          })
          .addNode('sort', async ({ found }) => {
            await runs('gatherer', 'sort');
            return { found: found.toSorted() };
          })
          .addNode('note', async ({ found }) => {
            await runs('gatherer', 'note');
            return { notes: found };
          })
          .addEdge(START, 'find')
          .addEdge('find', 'sort')
          .addEdge('sort', 'note')
          .addEdge('note', END)
          .compile(),
    }),
    implementAgent(checker, {
      graph: () =>
        new StateGraph(z.object({ topic: z.string(), warning: z.string() }))
          .addNode('check', async ({ topic }) => {
            await runs('checker', 'check');
            return { warning: `${topic} is new` };
          })
          .addEdge(START, 'check')
          .addEdge('check', END)
          .compile(),
    }),
    implementAgent(asker, {
      graph: () =>
        new StateGraph(z.object({ warning: z.string(), hint: z.string(), recipient: z.string() }))
          .addNode('prepare', async ({ warning }) => {
            await runs('asker', 'prepare');
            return { hint: `${warning}. Who should know?` };
          })
          .addNode('ask', async ({ hint }) => {
            const recipient = askPerson({ prompt: hint, answer: z.string() });
            // Only now: up to its question, a node runs once more for each answer, as LangGraph has it.
            await runs('asker', 'ask');
            return { recipient };
          })
          .addNode('confirm', async ({ recipient }) => {
            await runs('asker', 'confirm');
            return { recipient: recipient.trim() };
          })
          .addEdge(START, 'prepare')
          .addEdge('prepare', 'ask')
          .addEdge('ask', 'confirm')
          .addEdge('confirm', END)
          .compile(),
    }),
    implementAgent(writer, {
      graph: () =>
        new StateGraph(z.object({ notes: Notes, recipient: z.string(), letter: Letter }))
          .addNode('write', async ({ notes, recipient }) => {
            await runs('writer', 'write');
            return { letter: { to: recipient, text: notes.join('; ') } };
          })
          .addEdge(START, 'write')
          .addEdge('write', END)
          .compile(),
      applyEdit: (_artifact, base, delta) => Letter.parse({ ...base, ...Letter.partial().parse(delta) }),
    }),
  ];
  return agents as unknown as AgentImplementation[];
}

/** Each node that runs in a whole run, as `agent.node`. */
export const nodesOfLetter = [
  'asker.ask',
  'asker.confirm',
  'asker.prepare',
  'checker.check',
  'gatherer.find',
  'gatherer.note',
  'gatherer.sort',
  'writer.write',
];

/** What the letter says once its editor has edited it. */
export const letterText = 'The new routes cost less.';
