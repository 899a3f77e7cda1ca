import { Annotation, END, START, StateGraph, StateSchema } from '@langchain/langgraph';
import { z } from 'zod';
import { type AgentImplementation, implementAgent } from '../../agents/implement-agent.ts';
import {
  type AgentInput,
  type AgentOutput,
  defineAgent,
  optional,
  whole,
} from '../../contracts/define-agent.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function assertType<_T extends true>(): void {}

const Sum = z.object({ total: z.number() });
const adding = defineAgent({
  name: 'adding',
  needs: { numbers: z.array(z.number()), note: optional(z.string()), pages: whole(Sum) },
  produces: { sum: Sum },
  facts: { sum: z.object({ total: z.number() }) },
  adjust: z.object({ skip: z.array(z.number()).default([]), round: z.boolean().optional() }),
});
const counting = defineAgent({
  name: 'counting',
  needs: { sums: Sum, limit: z.number() },
  produces: { count: z.number() },
  each: { over: 'sums', atOnce: 2 },
});
assertType<
  Equal<
    Pick<AgentInput<typeof counting>, 'sums' | 'limit' | 'element'>,
    { sums: { total: number }; limit: number; element: string }
  >
>();
assertType<Equal<'element' extends keyof AgentInput<typeof adding> ? true : false, false>>();
// @ts-expect-error it goes over what it needs
defineAgent({ name: 'counting', needs: { sums: Sum }, produces: { count: z.int() }, each: { over: 'sum' } });

const plain = defineAgent({ name: 'plain', needs: {}, produces: { text: z.string() } });

assertType<
  Equal<
    AgentInput<typeof adding>,
    {
      numbers: number[];
      note: string | undefined;
      pages: { [key: string]: { total: number } };
      adjust: { skip: number[]; round?: boolean | undefined };
      words?: string | undefined;
    }
  >
>();
assertType<Equal<AgentOutput<typeof adding>, { sum: { total: number } }>>();

const AnnotationState = Annotation.Root({ sum: Annotation<{ total: number }> });
const annotated = () =>
  new StateGraph(AnnotationState)
    .addNode('add', () => ({ sum: { total: 1 } }))
    .addEdge(START, 'add')
    .addEdge('add', END)
    .compile();
const ZodState = new StateSchema({ numbers: z.array(z.number()), sum: Sum });
const schemaed = () =>
  new StateGraph(ZodState)
    .addNode('add', (state) => ({ sum: { total: state.numbers.length } }))
    .addEdge(START, 'add')
    .addEdge('add', END)
    .compile();

const implementations: AgentImplementation[] = [
  implementAgent(adding, {
    graph: annotated,
    facts: { sum: (sum) => ({ total: sum.total }) },
    applyEdit: (_artifact, base) => ({ total: base.total + 1 }),
  }),
  implementAgent(adding, { graph: schemaed, facts: { sum: ({ total }) => ({ total }) } }),
  implementAgent(plain, { graph: annotated }),
  implementAgent(adding, {
    make: ({ numbers, adjust, words }, { signal }) => {
      assertType<Equal<typeof numbers, number[]>>();
      assertType<Equal<typeof words, string | undefined>>();
      assertType<Equal<typeof signal, AbortSignal>>();
      return { sum: { total: numbers.filter((number) => !adjust.skip.includes(number)).length } };
    },
    facts: { sum: (sum) => ({ total: sum.total }) },
  }),
  implementAgent(plain, { make: async () => ({ text: 'by and by' }) }),
];
assertType<Equal<(typeof implementations)[number]['agent']['name'], string>>();

// @ts-expect-error facts that the agent declares have to be read off its artifact
implementAgent(adding, { graph: annotated });
// @ts-expect-error what it returns is not what the agent produces
implementAgent(plain, { make: () => ({ text: 7 }) });
// @ts-expect-error it needs no such thing
implementAgent(plain, { make: ({ numbers }) => ({ text: String(numbers) }) });
// @ts-expect-error either a graph or a function
implementAgent(plain, { graph: annotated, make: () => ({ text: 'both' }) });
// @ts-expect-error a graph or a function
implementAgent(plain, {});
// @ts-expect-error a declared fact is missing
implementAgent(adding, { graph: annotated, facts: { sum: () => ({}) } });

defineAgent({
  name: 'adding',
  needs: {},
  produces: { sum: Sum },
  // @ts-expect-error 'summ' is not among what this agent produces
  facts: { summ: z.object({ total: z.number() }) },
});
