import { z } from 'zod';
import { implementAgent } from '../../agents/implement-agent.ts';
import { defineAgent } from '../../contracts/define-agent.ts';
import { defineProcess } from '../../contracts/define-process.ts';

const needs = { name: z.string() };
const produces = { greeting: z.string() };
const greeter = defineAgent({ name: 'greeter', needs, produces });

export const hello = defineProcess({
  name: 'hello',
  input: z.object(needs),
  output: produces,
  team: [greeter],
});

export const greeterAgent = implementAgent(greeter, {
  make: ({ name }) => ({ greeting: `Hello, ${name}!` }),
});
