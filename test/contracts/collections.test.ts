import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineAgent, whole } from '../../contracts/define-agent.ts';
import { defineEffect } from '../../contracts/define-effect.ts';
import { authorise, defineProcess, review } from '../../contracts/define-process.ts';

const Part = z.object({ pieces: z.int() });
const Quote = z.object({ price: z.number() });

/** Types aside: what is wrong with a process of these agents and this output; '' where nothing is. */
function fault(
  team: object[],
  {
    output = { total: z.number() },
    ...rest
  }: { output?: object; effects?: object; when?: object; checkpoints?: object } = {},
): string {
  try {
    defineProcess({
      name: 'purchase',
      input: z.object({ list: z.string() }),
      output,
      team,
      ...rest,
    } as never);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

const reading = (parts: z.ZodType = z.record(z.string(), Part)) =>
  defineAgent({ name: 'reading', needs: { list: z.string() }, produces: { parts } });
const pricing = defineAgent({
  name: 'pricing',
  needs: { parts: Part },
  produces: { quote: Quote },
  facts: { quote: z.object({ price: z.number() }) },
  each: { over: 'parts' },
});
const checking = defineAgent({
  name: 'checking',
  needs: { quote: Quote },
  produces: { isDear: z.boolean() },
  each: { over: 'quote', atOnce: 3 },
});
const summing = defineAgent({
  name: 'summing',
  needs: { quote: whole(Quote) },
  produces: { total: z.number() },
});

describe('a process that goes over the elements of a collection', () => {
  test('says in its manifest what is kept by element, and who goes over it', () => {
    const { manifest } = defineProcess({
      name: 'purchase',
      input: z.object({ list: z.string() }),
      output: { total: z.number(), isDear: whole(z.boolean()) },
      team: [reading(), pricing, checking, summing] as never,
    } as never) as unknown as { manifest: never };
    expect(manifest).toMatchObject({
      tasks: {
        reading: { produces: { parts: { collection: true } } },
        pricing: { each: { over: 'parts', atOnce: 8 }, produces: { quote: { schema: { type: 'object' } } } },
        checking: { each: { over: 'quote', atOnce: 3 } },
        summing: { needs: { quote: { whole: true } } },
      },
      outputs: { isDear: { schema: { type: 'object', additionalProperties: { type: 'boolean' } } } },
    });
    const { tasks } = manifest as { tasks: { [task: string]: { produces: object } } };
    expect(JSON.stringify(tasks['pricing']?.produces)).not.toContain('collection');
  });

  test.each<[string, string, RegExp]>([
    [
      'what is gone over is a list',
      fault([reading(z.array(Part)), pricing, summing]),
      /artifact 'parts', which is gone over by element: it is no record\. Write z\.record/,
    ],
    [
      'its elements are of another form',
      fault([reading(z.record(z.string(), z.string())), pricing, summing]),
      /agent 'pricing', needs 'parts': it is made in another form/,
    ],
    [
      'it is not among the needs',
      fault([reading(), { ...pricing, each: { over: 'list', atOnce: 1 } }, summing]),
      /agent 'pricing', each: 'list' is not among what it needs/,
    ],
    [
      'all elements are taken without saying so',
      fault([reading(), pricing, { ...summing, needs: { quote: Quote } }]),
      /agent 'summing', needs 'quote': it is made element by element\. Write whole/,
    ],
    [
      'an output is all elements without saying so',
      fault([reading(), pricing], { output: { quote: Quote } }),
      /output 'quote': it is made element by element/,
    ],
    [
      'all elements are asked for of what has none',
      fault([reading(), pricing, { ...summing, needs: { quote: whole(Quote), list: whole(z.string()) } }]),
      /agent 'summing', needs 'list': nothing goes over its elements/,
    ],
    [
      'a condition looks at the facts of the whole',
      fault([reading(), pricing, summing], { when: { summing: { quote: { price: { minimum: 1 } } } } }),
      /when of task 'summing', 'quote': each of its elements has facts of its own/,
    ],
    [
      'a review of the whole looks at them',
      fault([reading(), pricing, summing], {
        checkpoints: {
          look: review('total', { by: 'buyer', when: { quote: { price: { minimum: 1 } } } }),
        },
      }),
      /checkpoint 'look', when, 'quote': each of its elements has facts of its own/,
    ],
    [
      'an authorisation of all at once looks at them',
      fault([reading(), pricing, summing], {
        effects: {
          tell: defineEffect({ subject: 'quote', connector: 'http', destination: {}, consequences: 'Told.' }),
        },
        checkpoints: {
          may: authorise('tell', { by: 'buyer', when: { quote: { price: { minimum: 1 } } } }),
        },
      }),
      /checkpoint 'may', when, 'quote': each of its elements has facts of its own/,
    ],
    [
      'an effect goes over what is no record',
      fault([reading(), pricing, summing], {
        effects: {
          tell: defineEffect({
            subject: 'list',
            each: true,
            connector: 'http',
            destination: {},
            consequences: 'It is told.',
          }),
        },
      }),
      /artifact 'list', which is gone over by element: it is no record/,
    ],
  ])('is refused where %s', (_, message, expected) => {
    expect(message).toMatch(expected);
  });

  test('may go over what is made element by element, and over the input', () => {
    expect(
      fault([reading(), pricing, checking, summing], { output: { isDear: whole(z.boolean()) } }),
    ).toMatch(/agent 'summing': it would never run/);
    const direct = { ...pricing, needs: { parts: Part } };
    expect(() =>
      defineProcess({
        name: 'purchase',
        input: z.object({ parts: z.record(z.string(), Part) }),
        output: { total: z.number() },
        team: [direct, summing],
      } as never),
    ).not.toThrow();
  });
});
