import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineAgent } from '../../contracts/define-agent.ts';
import { defineProcess, review } from '../../contracts/define-process.ts';
import { outside } from '../../contracts/define-supplier.ts';
import { processAgent } from '../../contracts/process-agent.ts';
import { defineProject } from '../../worker/define-project.ts';

const feed = outside({ name: 'feed', produces: { prices: z.number() } });
const pricing = defineProcess({
  name: 'pricing',
  input: z.object({ cups: z.int(), note: z.string().optional() }),
  output: { prices: z.number() },
  team: [feed],
});
const base = { input: z.object({ cups: z.int(), note: z.string().optional() }) };

describe('a process as an agent', () => {
  it('needs its input fields and produces its outputs, by the names that the team has for them', () => {
    const agent = processAgent(pricing, { needs: { cups: 'amount' }, produces: { prices: 'list' } });
    expect([Object.keys(agent.needs), Object.keys(agent.produces)]).toEqual([['amount', 'note'], ['list']]);
    const { manifest } = defineProcess({
      name: 'buying',
      input: z.object({ amount: z.int(), note: z.string().optional() }),
      output: { list: z.number() },
      team: [agent],
    });
    expect(manifest.tasks['pricing']!.process).toMatchObject({
      inputs: { cups: 'amount', note: 'note' },
      outputs: { prices: 'list' },
      manifest: { digest: pricing.manifest.digest },
    });
    expect(manifest.tasks['pricing']!.needs['note']!.optional).toBe(true);
  });

  it('is refused where it leads back to the process that it is part of', () => {
    const buying = defineProcess({
      ...base,
      name: 'buying',
      output: { prices: z.number() },
      team: [processAgent(pricing)],
    });
    const define = () =>
      defineProcess({
        ...base,
        name: 'pricing',
        output: { prices: z.number() },
        team: [processAgent(buying)],
      });
    expect(define).toThrow(/leads back to 'pricing': pricing → buying → pricing/);
  });

  it('is refused where its outputs may be absent, or an edit of them has nobody to apply it', () => {
    const define = () =>
      defineProcess({
        ...base,
        name: 'buying',
        output: { prices: z.number() },
        team: [processAgent(pricing)],
        checkpoints: { look: review('prices', { by: 'buyer', editable: z.object({}) }) },
      });
    expect(define).toThrow(/no agent of this process applies an edit/);
  });

  it('needs the agents of its own team in the project', () => {
    const maker = defineAgent({ name: 'maker', needs: {}, produces: { thing: z.string() } });
    const inner = defineProcess({
      name: 'inner',
      input: z.object({}),
      output: { thing: z.string() },
      team: [maker],
    });
    const outer = defineProcess({
      name: 'outer',
      input: z.object({}),
      output: { thing: z.string() },
      team: [processAgent(inner)],
    });
    expect(() => defineProject({ processes: [outer], agents: [] })).toThrow(/inner has maker in its team/);
  });
});
