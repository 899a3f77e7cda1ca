import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineAgent, optional } from '../../contracts/define-agent.ts';
import { outside, person } from '../../contracts/define-supplier.ts';
import { defineEffect } from '../../contracts/define-effect.ts';
import { authorise, fixed, review } from '../../contracts/define-process.ts';
import { defineLetters, Draft, drafting, Letter, letters, send, signing } from './letters.ts';

const fault = (changes: { [option: string]: unknown }): string => {
  try {
    defineLetters(changes);
  } catch (error) {
    expect(error).toMatchObject({ type: 'Process.Invalid', nonRetryable: true });
    return (error as Error).message;
  }
  return 'nothing was refused';
};
const producer = (name: string, schema: z.ZodType) =>
  outside({ name: `provide-${name}`, produces: { [name]: schema } });
/** Letters with a further artifact of this schema. */
const withSchema = (schema: z.ZodType) =>
  fault({ team: [...letters.team, producer('extra', schema)], output: { letter: Letter, extra: schema } });
const agent = (options: object) =>
  defineAgent({ name: 'stamping', needs: { draft: Draft }, produces: { letter: Letter }, ...options });

describe('defineProcess refuses, with the name and the mend,', () => {
  test.each([
    ['a name that is missing', { name: undefined }, /`name`: it is missing\. Give a name/],
    [
      'a name that is none',
      { name: 'Market Outlook' },
      /process 'Market Outlook': this is no name\. Start with a small/,
    ],
    ['a name that is too long', { name: 'x'.repeat(81) }, /this is no name/],
    [
      'an input that is no object',
      { input: z.string() },
      /`input`: it is no z\.object\(\)\. Write z\.object/,
    ],
    [
      'an output that is missing',
      { output: undefined },
      /`output`: it is missing\. Write \{ artifact: Schema \}/,
    ],
    ['a team that is none', { team: [Draft] }, /`team`: it is no list of agents\. List what defineAgent/],
    ['a checkpoint that is none', { checkpoints: { a: {} } }, /`checkpoints`: one is neither a review nor/],
    ['an effect that is none', { effects: { a: {} } }, /`effects`: one was not made by defineEffect/],
    ['a condition that is none', { when: 'always' }, /`when`: it is no object/],
    [
      'an option that does not exist',
      { checkpoint: {} },
      /process, `checkpoint`: there is no such option\. The options are name/,
    ],
    [
      'an option that is planned',
      { policy: 'auto' },
      /process, `policy`: this version does not have it yet\. Leave it out/,
    ],
    [
      'a reserved artifact name',
      { input: z.object({ topic: z.string(), length: z.int(), words: z.int() }) },
      /input field 'words': the name is taken/,
    ],
    [
      'a name that every object has',
      { checkpoints: { constructor: review('draft', { by: 'editor' }) } },
      /checkpoint 'constructor': every JavaScript object has this name/,
    ],
    [
      'two tasks of one name',
      {
        team: [...letters.team, outside({ name: 'signing', produces: { x: Draft } })],
        output: { letter: Letter, x: Draft },
      },
      /task 'signing': two members of the team bear this name/,
    ],
    [
      'a need that nobody produces',
      { team: [signing, letters.team[2]] },
      /agent 'signing', needs 'draft': nobody produces it\. There are 'topic'/,
    ],
    [
      'two producers of one artifact',
      { team: [...letters.team, agent({})] },
      /artifact 'letter': it is made 2 times: by 'signing' and 'stamping'\. Rename all but one/,
    ],
    [
      'an artifact with the name of an input',
      { team: [...letters.team, producer('topic', Draft)] },
      /artifact 'topic': it is made 2 times: by the input and 'provide-topic'/,
    ],
    [
      'a receipt with the name of an artifact',
      {
        effects: {
          send: defineEffect({
            subject: 'letter',
            connector: 'http',
            destination: {},
            consequences: 'Sent.',
            receipt: 'draft',
          }),
        },
      },
      /artifact 'draft': it is made 2 times/,
    ],
    [
      'an output that nobody makes',
      { output: { leter: Letter } },
      /output 'leter': nobody makes it\. There are 'draft', 'letter'/,
    ],
    [
      'no output and no effect',
      { output: {}, effects: {}, checkpoints: {}, team: [] },
      /`output`: nothing is asked for/,
    ],
    [
      'a task that would never run',
      { team: [...letters.team, producer('extra', Draft)] },
      /outside 'provide-extra': it would never run/,
    ],
    [
      'a need made in another form',
      { team: [drafting, signing, producer('budget', z.string())] },
      /agent 'signing', needs 'budget': it is made in another form: it is a string, and a number is needed/,
    ],
    [
      'a need with a field that is not made',
      { team: [drafting, agent({ needs: { draft: z.object({ text: z.string(), date: z.string() }) } })] },
      /needs 'draft': it is made in another form: 'date' is missing/,
    ],
    [
      'an output made in another form',
      { output: { letter: z.object({ text: z.string(), signed: z.string() }) } },
      /output 'letter': it is made in another form: 'signed' is a boolean, and a string is needed/,
    ],
    [
      'an optional input that a task can not do without',
      { input: z.object({ topic: z.string(), length: z.int().optional() }) },
      /agent 'drafting', needs 'length': the input field may be left out\. Write optional/,
    ],
    [
      'a review of what nobody makes',
      { checkpoints: { check: review('drafft', { by: 'editor' }) } },
      /checkpoint 'check': nobody makes 'drafft'\. There are 'draft', 'letter'/,
    ],
    [
      'a review of an input',
      { checkpoints: { check: review('topic', { by: 'editor' }) } },
      /checkpoint 'check': nobody makes 'topic'/,
    ],
    [
      'an unknown way to reject',
      { checkpoints: { check: review('draft', { by: 'editor', onReject: 'retry' as never }) } },
      /checkpoint 'check', onReject: there is no such way\. Write 'close' or 'absent'/,
    ],
    [
      'an editable artifact that no agent makes',
      { checkpoints: { check: review('budget', { by: 'editor', editable: Draft }) } },
      /checkpoint 'check', editable: no agent makes 'budget'/,
    ],
    [
      'an editable that is no object',
      { checkpoints: { check: review('draft', { by: 'editor', editable: z.string() }) } },
      /checkpoint 'check', editable: it is no z\.object\(\)/,
    ],
    [
      'an authorisation without an effect',
      { checkpoints: { allow: authorise('publish', { by: 'chair' }) } },
      /checkpoint 'allow': there is no effect 'publish'\. There are 'send'/,
    ],
    [
      'two authorisations of one effect',
      { checkpoints: { a: authorise('send', { by: 'chair' }), b: authorise('send', { by: 'clerk' }) } },
      /checkpoints: effect 'send' is authorised twice, and this version asks one person/,
    ],
    [
      'a checkpoint for nobody',
      { checkpoints: { check: review('draft', { by: '' }) } },
      /checkpoint 'check', by: it names nobody\. Write a role such as 'analyst'/,
    ],
    ['an owner that is nobody', { owner: {} }, /owner: it names nobody/],
    [
      'an effect without a connector',
      { effects: { send: { ...send, connector: undefined } } },
      /effect 'send', connector: it has none\. Name the connector/,
    ],
    [
      'an effect that does not say what it does',
      { effects: { send: { ...send, consequences: '' } } },
      /effect 'send', consequences: it says none/,
    ],
    [
      'an effect to nowhere',
      { effects: { send: { ...send, destination: undefined } } },
      /effect 'send', destination: it is no plain JSON/,
    ],
    [
      'arguments that are no JSON',
      { effects: { send: { ...send, arguments: { at: new Date() } } } },
      /effect 'send', arguments: they are no plain JSON/,
    ],
    [
      'an effect on what nobody makes',
      { effects: { send: { ...send, subjects: ['parcel'] } } },
      /effect 'send', subject 'parcel': nobody makes it/,
    ],
    [
      'an effect on its own receipt',
      { effects: { send: { ...send, subjects: ['letter', 'confirmation'] } } },
      /effect 'send', subject 'confirmation': nobody makes it/,
    ],
    [
      'an effect without a subject',
      { effects: { send: { ...send, subjects: [] } } },
      /effect 'send', subject: it has none/,
    ],
    [
      'a condition of a stranger',
      { when: { posting: { draft: {} } } },
      /when of 'posting': it is not in the team\. The team has 'drafting'/,
    ],
    [
      'a condition on what nobody makes',
      { when: { signing: { parcel: {} } } },
      /when of 'signing', 'parcel': nobody makes it/,
    ],
    [
      'a condition on a receipt',
      { when: { signing: { confirmation: {} } } },
      /when of 'signing', 'confirmation': a receipt has no facts/,
    ],
    [
      'a condition on a fact that is not declared',
      { when: { signing: { draft: { lines: 3 } } } },
      /when of 'signing', 'draft', fact 'lines': 'draft' declares no such fact\. It declares 'words', 'tone'/,
    ],
    [
      'a condition on free text',
      { personal: [], when: { signing: { topic: { value: 'x' } } } },
      /fact 'value': 'topic' declares no such fact\. It declares nothing/,
    ],
    [
      'a condition on a personal field',
      { personal: ['length'], when: { signing: { length: { value: 3 } } } },
      /fact 'value': 'length' declares no such fact/,
    ],
    [
      'a condition that can never hold',
      { when: { signing: { draft: { tone: 'icy' } } } },
      /fact 'tone': it can never be "icy"/,
    ],
    [
      'a condition with an unknown keyword',
      { when: { signing: { draft: { words: { least: 3 } } } } },
      /fact 'words': there is no `least`\. There are 'const'/,
    ],
    [
      'a limit on what is no number',
      { when: { signing: { draft: { tone: { minimum: 3 } } } } },
      /fact 'tone': `minimum` is about a number/,
    ],
    [
      'a condition of another kind',
      { when: { signing: { draft: 'warm' } } },
      /when of 'signing', 'draft': it is no condition/,
    ],
    [
      'an order that misses a task',
      { coordinator: fixed(['drafting', 'signing']) },
      /fixed order: 'supply-budget' is missing, so it would never start/,
    ],
    [
      'an order with a stranger',
      { coordinator: fixed(['drafting', 'supply-budget', 'signing', 'posting']) },
      /fixed order: 'posting' is not in the team/,
    ],
    [
      'an order with a task twice',
      { coordinator: fixed(['drafting', 'supply-budget', 'signing', 'signing']) },
      /fixed order: 'signing' stands in it twice/,
    ],
    [
      'an order that can not be kept',
      { coordinator: fixed(['signing', 'supply-budget', 'drafting']) },
      /fixed order: 'signing' stands before 'drafting', which makes 'draft' for it\. Put 'drafting' first/,
    ],
    [
      'an amendable field that does not exist',
      { amendable: ['lenght'] },
      /amendable 'lenght': there is no such input field\. There are 'topic', 'length'/,
    ],
    [
      'a personal field that does not exist',
      { personal: ['name'] },
      /personal 'name': there is no such input field/,
    ],
    ['a budget that is no amount', { budget: { usd: 0 } }, /budget: `usd` is no amount/],
    [
      'facts of what is not produced',
      { team: [drafting, agent({ facts: { draft: z.object({}) } })] },
      /agent 'stamping', facts of 'draft': the agent does not produce this/,
    ],
    [
      'facts that are no small values',
      { team: [drafting, agent({ facts: { letter: z.object({ names: z.array(z.string()) }) } })] },
      /agent 'stamping', facts of 'letter', 'names': a fact is one small value/,
    ],
    [
      'facts that may be missing',
      { team: [drafting, agent({ facts: { letter: z.object({ score: z.number().optional() }) } })] },
      /'score': a fact is always there\. Write \.nullable\(\)/,
    ],
    [
      'fields to adjust that must all be set',
      { team: [drafting, agent({ adjust: z.object({ tone: z.string() }) })] },
      /agent 'stamping', adjust: a person sets some fields and leaves the others\. Give each field a default/,
    ],
    [
      'a need that is an optional schema',
      { team: [drafting, agent({ needs: { draft: Draft.optional() } })] },
      /agent 'stamping', needs 'draft': an artifact is there or absent, never undefined\. Write optional\(schema\)/,
    ],
    [
      'a need that is no schema',
      { team: [drafting, agent({ needs: { draft: 'text' } })] },
      /agent 'stamping', needs 'draft': it is no zod schema/,
    ],
  ])('%s', (_what, changes, message) => {
    expect(fault(changes)).toMatch(message);
  });

  test('a ring of needs, with its steps', () => {
    const looping = agent({ name: 'revising', needs: { letter: Letter }, produces: { notes: z.string() } });
    const first = agent({ name: 'drafting', needs: { notes: z.string() }, produces: { draft: Draft } });
    expect(fault({ team: [first, signing, letters.team[2], looping], checkpoints: {}, when: {} })).toMatch(
      "task 'drafting': it waits for itself: 'drafting' waits for 'notes', 'revising' waits for 'letter', 'signing' waits for 'draft'",
    );
  });

  test('a ring through a condition, a review and a receipt', () => {
    expect(fault({ when: { drafting: { draft: { words: 3 } } } })).toMatch(/'drafting' waits for 'draft'/);
    const checkpoints = { check: review('draft', { by: 'editor', when: { letter: {} } }) };
    expect(fault({ checkpoints })).toMatch(/'supply-budget' waits for 'letter'/);
    const first = agent({ name: 'drafting', needs: { confirmation: z.json() }, produces: { draft: Draft } });
    expect(fault({ team: [first, signing, letters.team[2]], checkpoints: {}, when: {} })).toMatch(
      /'effect send' waits for 'letter'|'drafting' waits for 'confirmation'/,
    );
  });

  test.each([
    [
      'a refinement',
      z.object({ a: z.string().refine((text) => text !== 'x') }),
      /'extra', a: a refinement has no form/,
    ],
    [
      'a refinement of an object',
      z.object({ a: z.int() }).refine(() => true),
      /a refinement has no form in JSON Schema/,
    ],
    ['a transform', z.object({ a: z.string().transform(Number) }), /a: it changes the value that it checks/],
    ['a pipe', z.string().pipe(z.string().min(1)), /it changes the value that it checks/],
    ['a preprocessor', z.preprocess(String, z.string()), /it changes the value that it checks/],
    ['a coercion', z.coerce.number(), /it changes the value that it checks/],
    ['a trim', z.string().trim(), /it changes the value that it checks/],
    ['a catch', z.int().catch(1), /it changes the value that it checks/],
    [
      'a date',
      z.array(z.object({ at: z.date() })),
      /\[\]\.at: a Date has no JSON form\. Write z\.iso\.datetime\(\)/,
    ],
    ['a bigint', z.record(z.string(), z.bigint()), /\{\}: a bigint has no JSON form\. Write z\.int\(\)/],
    ['a custom check', z.custom<string>(() => true), /a custom check has no form in JSON Schema/],
    ['a map', z.map(z.string(), z.int()), /a Map has no JSON form\. Write z\.record\(\)/],
    ['a set', z.set(z.int()), /a Set has no JSON form\. Write z\.array\(\)/],
    ['undefined', z.union([z.int(), z.undefined()]), /undefined has no JSON form/],
    ['a pattern with flags', z.string().regex(/x/i), /the flags of \/x\/i are lost in JSON Schema/],
    ['a check of more than its form', z.jwt(), /the check `jwt` has no full form in JSON Schema/],
    [
      'a default that is drawn',
      z.object({ a: z.string().default(() => String(performance.now())) }),
      /its default differs each time/,
    ],
  ])('a schema that JSON Schema can not carry: %s', (_what, schema, message) => {
    expect(withSchema(schema)).toMatch(message);
  });

  test('an agent that is to run within the workflow task, and in a workflow of its own', () => {
    expect(
      fault({ team: [drafting, agent({ durability: 'local', timeout: 1000, isolate: true })] }),
    ).toContain(
      "agent 'stamping', isolate: what runs within a workflow task (durability 'local') has no use for",
    );
    expect(fault({ team: [drafting, agent({ isolate: true })] })).not.toContain('isolate');
  });

  test('an agent that is to run within the workflow task, and may take long', () => {
    expect(fault({ team: [drafting, agent({ durability: 'local', timeout: 11_000 })] })).toContain(
      "agent 'stamping', durability 'local': an attempt may take 11 seconds",
    );
  });

  test('what this version does not run yet: a quorum', () => {
    expect(() => review('draft', { by: 'editor', quorum: 2 } as never)).toThrow(
      "review of 'draft', `quorum`: this version does not have it yet. Leave it out: one person decides",
    );
  });

  test('every fault at once', () => {
    const message = fault({ name: 'Letters', amendable: ['lenght'], output: { leter: Letter } });
    expect(message.split('\n').length).toBeGreaterThanOrEqual(4);
    expect(message).toMatch(/^Process 'Letters' has \d+ faults:\n {2}- /);
  });
});

describe('schemas that JSON Schema can carry are let through:', () => {
  test.each([
    ['described and limited numbers', z.number().min(0).max(1).describe('a share')],
    ['optional and nullable fields', z.object({ a: z.int().optional(), b: z.string().nullable() })],
    [
      'patterns and formats',
      z.object({ a: z.string().regex(/^x+$/), b: z.email(), c: z.iso.date(), d: z.url() }),
    ],
    [
      'unions told apart by a field',
      z.discriminatedUnion('k', [z.object({ k: z.literal('a') }), z.object({ k: z.literal('b') })]),
    ],
    ['recursive schemas', z.json()],
    ['records, tuples and enums', z.record(z.string(), z.tuple([z.enum(['a', 'b']), z.boolean()]))],
    ['open objects', z.looseObject({ a: z.int() })],
    ['constant defaults', z.object({ a: z.int().default(3) })],
  ])('%s', (_what, schema) => {
    expect(withSchema(schema)).toBe('nothing was refused');
  });
});

test('definitions refuse misspelt options and lengths of time where they are written', () => {
  const broken = { name: 'a', needs: {}, produces: {}, need: {} };
  expect(() => defineAgent(broken as never)).toThrow(
    "agent 'a', `need`: there is no such option. The options are name",
  );
  expect(() => person({ produces: { a: Draft }, by: 'x', from: 'y' } as never)).toThrow(
    'person, `from`: there is no',
  );
  expect(() => outside({ produces: { a: Draft }, by: 'x' } as never)).toThrow('outside, `by`: there is no');
  expect(() => agent({ timeout: 'soon' })).toThrow(`agent 'stamping', timeout: "soon" is no length of time`);
  expect(() => agent({ timeout: -1 })).toThrow('is no length of time');
  expect(() => outside({ produces: { a: Draft, b: Draft } })).toThrow("'a' and 1 more are made together");
  expect(optional(optional(Draft))).toMatchObject({ optional: true, whole: false });
});
