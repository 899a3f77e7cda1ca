import { describe, expect, it } from 'vitest';
import { validate } from '@cfworker/json-schema';
import type { Schema } from '@cfworker/json-schema';
import type { JsonSchema } from '../../contracts/json.ts';
import { failsTimes } from '../../testing/break-agent.ts';
import { failsStore } from '../../testing/break-outside.ts';
import { randomReviewer } from '../../testing/random-reviewer.ts';
import { drawFrom, sampleSchema } from '../../testing/sample-schema.ts';
import { simulateRun } from '../../testing/simulate-run.ts';
import { startTestProject } from '../../testing/start-test-project.ts';
import { memoryConnector } from '../../testing/memory-connector.ts';
import { defineProject } from '../../worker/define-project.ts';
import { temporalAddress } from '../temporal-server.ts';
import { order, pricerAgent } from './orders.ts';

const input = { article: 'paper', count: 20 };

describe('people by chance', () => {
  it('bring every run to an end, the same one for a seed, and not the same one for all', async () => {
    const endOf = async (seed: number): Promise<string> => {
      const run = await simulateRun(order, input, { agents: [failsTimes(pricerAgent, 3)] });
      const somebody = randomReviewer(seed);
      let nth = 0;
      const { status, decided } = await run.finish((asked) => {
        nth += 1;
        const roles = 'role' in asked.by ? [asked.by.role] : [];
        return { ...somebody(asked), person: { id: `person-${nth}`, roles } };
      });
      return [status, ...decided.map(({ name, verb }) => `${name} ${verb}`)].join(', ');
    };
    const seeds = Array.from({ length: 200 }, (_, seed) => seed);
    const ends = await Promise.all(seeds.map(endOf));
    expect(await Promise.all(seeds.map(endOf))).toEqual(ends);
    expect(new Set(ends).size).toBeGreaterThan(20);
    const statuses = new Set(ends.map((end) => end.split(',')[0]));
    expect(statuses).toEqual(new Set(['finished', 'rejected', 'stopped']));
  });

  it('choose nothing that they are told never to', async () => {
    const run = await simulateRun(order, input, { agents: [pricerAgent] });
    const reviewer = randomReviewer(1, { never: ['edit', 'changes', 'reject'] });
    expect(run.asked.map(reviewer)).toEqual([{ verb: 'approve' }]);
    const nobody = randomReviewer(1, { never: ['approve', 'edit', 'changes', 'reject'] });
    expect(() => nobody(run.asked[0]!)).toThrow('Nothing of what review:look:quote offers');
  });

  it.each([
    [{ type: 'object', properties: { a: { type: 'integer', minimum: 3, maximum: 5 } }, required: ['a'] }],
    [{ type: 'array', items: { enum: ['x', 'y'] }, minItems: 1, maxItems: 2 }],
    [{ anyOf: [{ type: 'null' }, { type: 'string', minLength: 2, maxLength: 4 }] }],
    [{ type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 }],
    [{ type: 'integer', exclusiveMinimum: 1, exclusiveMaximum: 3 }],
    [{ type: ['boolean', 'null'] }],
    [{ const: 7 }],
  ])('give values that fit: %j', (schema) => {
    for (let seed = 0; seed < 200; seed++) {
      const value = sampleSchema(schema as JsonSchema, drawFrom(seed));
      expect([value, validate(value, schema as Schema).valid]).toEqual([value, true]);
    }
  });
});

describe('on a real server', { timeout: 600_000 }, () => {
  it('stand what is broken on purpose: a store that can not be written to for a while', async () => {
    const mail = memoryConnector(() => 'sent');
    const project = defineProject({ processes: [order], agents: [pricerAgent], connectors: { mail } });
    await using baton = await startTestProject(project, {
      address: await temporalAddress(),
      recallAtMost: 1,
      wrapStore: failsStore(2),
    });
    const { result } = await baton.run(order, input, {
      script: { look: [{ verb: 'approve' }], release: [{ verb: 'approve' }] },
    });
    expect([result.status, mail.calls.length]).toEqual(['finished', 1]);
  });
});
