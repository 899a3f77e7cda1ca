import { END, START, StateGraph } from '@langchain/langgraph';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { implementAgent } from '../../agents/implement-agent.ts';
import type { AgentImplementation, GraphPorts } from '../../agents/implement-agent.ts';
import { createLogger } from '../../cli/logger.ts';
import { defineAgent } from '../../contracts/define-agent.ts';
import { attempt, inputFor, makeDependencies, openTestStore, putJson } from '../activities/harness.ts';

const State = z.object({ letter: z.string(), text: z.string() });

it('neither a secret nor what is worked on reaches the log, also where an agent logs or quotes it', async () => {
  const lines: string[] = [];
  const logger = createLogger({ verbose: true }, { write: (line: string) => void lines.push(line) });
  const agent = implementAgent(
    defineAgent({ name: 'reader', needs: { letter: z.string() }, produces: { text: z.string() } }),
    {
      graph: ({ log }: GraphPorts) =>
        new StateGraph(State)
          .addNode('read', ({ letter }) => {
            log(
              { token: 't0p', deep: { password: 't0p', deeper: { secret: 't0p', content: letter } } },
              'read',
            );
            log({ authorization: 't0p', content: letter }, 'read again');
            throw new Error(`Can't read: ${letter}`, { cause: new Error(letter) });
          })
          .addEdge(START, 'read')
          .addEdge('read', END)
          .compile(),
    },
  ) as unknown as AgentImplementation;
  const store = await openTestStore();
  const letter = await putJson(store, 'letter', 'Dear Mei');
  const dependencies = {
    ...makeDependencies(store, { agents: [agent], logger }),
    portsOf: (_agent: AgentImplementation, own: typeof logger) =>
      ({ log: (fields: object, message: string) => own.info(fields, message) }) as unknown as GraphPorts,
  };
  await expect(
    attempt(dependencies, 'runAgent', inputFor(agent, { values: { letter } })),
  ).rejects.toMatchObject({ message: "reader: Can't read: Dear Mei" });
  logger.warn({ error: new Error('Dear Mei') }, 'as Temporal tells of it');
  const told = lines.join('');
  expect(told).toContain('read again');
  expect(told).toMatch(
    /"type":"Agent.Failed","thrown":"Error","at":"logger.test.ts:\d+","msg":"task failed"/,
  );
  expect(told).not.toMatch(/Dear Mei|t0p/);
});
