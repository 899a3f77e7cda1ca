import { z } from 'zod';
import { defineAgent, optional } from '../../contracts/define-agent.ts';
import { outside, person } from '../../contracts/define-supplier.ts';
import { defineEffect } from '../../contracts/define-effect.ts';
import { authorise, defineProcess, derived, fixed, review } from '../../contracts/define-process.ts';
import type {
  ArtifactNames,
  ArtifactValue,
  CheckCheckpoints,
  CheckOutputs,
  CheckpointNames,
  CheckTeam,
  EffectNames,
  Process,
  ProcessInput,
  ProcessOutput,
  TaskNames,
} from '../../contracts/process-types.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function assertType<_T extends true>(): void {}

const Draft = z.object({ text: z.string() });
const Letter = z.object({ text: z.string(), signed: z.boolean() });
const drafting = defineAgent({
  name: 'drafting',
  needs: { topic: z.string(), length: z.int() },
  produces: { draft: Draft },
  facts: { draft: z.object({ words: z.int(), tone: z.enum(['warm', 'cold']) }) },
});
const signing = defineAgent({
  name: 'signing',
  needs: { draft: Draft, budget: optional(z.number()) },
  produces: { letter: Letter },
});
const send = defineEffect({
  subject: 'letter',
  connector: 'http',
  destination: { url: 'https://example.org/letters' },
  consequences: 'The letter is on its way.',
  receipt: 'confirmation',
});
const input = z.object({ topic: z.string(), length: z.int().default(100) });
const team = [drafting, signing, person({ produces: { budget: z.number() }, by: 'finance' })] as const;

const letters = defineProcess({
  name: 'letters',
  input,
  amendable: ['length'],
  personal: ['topic'],
  output: { letter: Letter, draft: optional(Draft) },
  team: [drafting, signing, person({ produces: { budget: z.number() }, by: 'finance' })],
  coordinator: fixed(['drafting', 'supply-budget', 'signing']),
  checkpoints: {
    approveDraft: review('draft', {
      by: 'editor',
      when: { draft: { words: { minimum: 100 }, tone: 'cold' } },
    }),
    releaseLetter: authorise('send', {
      by: { person: 'the chair' },
      when: { length: { value: { minimum: 3 } } },
    }),
  },
  effects: { send },
  when: { signing: { draft: { tone: 'warm' } } },
});
type Letters = typeof letters;

assertType<Equal<ProcessInput<Letters>, { topic: string; length?: number | undefined }>>();
assertType<
  Equal<
    ProcessOutput<Letters>,
    { letter: { text: string; signed: boolean }; draft: { text: string } | undefined }
  >
>();
assertType<
  Equal<ArtifactNames<Letters>, 'topic' | 'length' | 'draft' | 'letter' | 'budget' | 'confirmation'>
>();
assertType<Equal<TaskNames<Letters>, 'drafting' | 'signing' | 'supply-budget'>>();
assertType<Equal<CheckpointNames<Letters>, 'approveDraft' | 'releaseLetter'>>();
assertType<Equal<EffectNames<Letters>, 'send'>>();
assertType<Equal<ArtifactValue<Letters, 'draft'>, { text: string }>>();
assertType<Equal<ArtifactValue<Letters, 'length'>, number>>();
const anyProcess: Process = letters;
assertType<Equal<typeof anyProcess.name, string>>();

const common = { name: 'letters', input, output: { letter: Letter }, team } as const;
defineProcess({ ...common, coordinator: derived() });

// What the errors below say.
type Input = typeof input;
type NoEffects = Record<never, never>;
assertType<
  Equal<
    CheckTeam<[typeof signing], Input, NoEffects>[0],
    "Nobody produces 'draft', which 'signing' needs" | "Nobody produces 'budget', which 'signing' needs"
  >
>();
const stamping = defineAgent({ name: 'stamping', needs: {}, produces: { draft: Draft } });
assertType<
  Equal<
    CheckTeam<[typeof drafting, typeof stamping], Input, NoEffects>,
    ["Both 'drafting' and 'stamping' produce 'draft'", "Both 'stamping' and 'drafting' produce 'draft'"]
  >
>();
assertType<
  Equal<
    CheckOutputs<{ leter: typeof Letter }, [typeof signing], Input, NoEffects>,
    { leter: "Nobody makes 'leter'" }
  >
>();
const misled = {
  approve: review('drafft', { by: 'editor' }),
  allow: authorise('publish', { by: 'chair' }),
  judge: review('draft', { by: 'editor', when: { draft: { lines: 3 } } }),
};
assertType<
  Equal<
    CheckCheckpoints<typeof misled, [typeof drafting], Input, NoEffects>,
    {
      approve: "Nobody makes 'drafft', which is to be reviewed";
      allow: "There is no effect 'publish' to authorise";
      judge: "'draft' declares no fact 'lines'";
    }
  >
>();

// Everything written in place.
const inPlace = defineProcess({
  name: 'in-place',
  input: z.object({ topic: z.string() }),
  output: { draft: Draft },
  team: [
    defineAgent({ name: 'drafting', needs: { topic: z.string() }, produces: { draft: Draft } }),
    person({ name: 'deciding', produces: { budget: z.number() }, by: 'finance', needs: { draft: Draft } }),
    outside({ produces: { rate: z.number() } }),
  ],
  checkpoints: {
    approveDraft: review('draft', { by: 'editor' }),
    allow: authorise('send', { by: 'chair' }),
  },
  effects: {
    send: defineEffect({
      subject: ['draft', 'budget', 'rate'],
      connector: 'http',
      destination: {},
      consequences: 'It is sent.',
    }),
  },
});
assertType<Equal<ArtifactNames<typeof inPlace>, 'topic' | 'draft' | 'budget' | 'rate'>>();
assertType<Equal<TaskNames<typeof inPlace>, 'drafting' | 'deciding' | 'provide-rate'>>();

// A wrong artifact name.
defineProcess({
  ...common,
  // @ts-expect-error Nobody makes 'leter'
  output: { leter: Letter },
});
// A need that nobody produces.
defineProcess({
  ...common,
  // @ts-expect-error Nobody produces 'draft', which 'signing' needs
  team: [signing, outside({ produces: { budget: z.number() } })],
});
// A need made in another form.
defineProcess({
  ...common,
  team: [
    drafting,
    // @ts-expect-error 'budget' is made in another form than 'signing' needs
    signing,
    // @ts-expect-error 'length' is made in another form than 'supply-budget' needs
    person({ produces: { budget: z.string() }, by: 'finance', needs: { length: z.string() } }),
  ],
});
// An optional input field, and an agent that can't do without it.
defineProcess({
  ...common,
  input: z.object({ topic: z.string(), length: z.int().optional() }),
  // @ts-expect-error 'length' is made in another form than 'drafting' needs
  team: [drafting, signing, outside({ produces: { budget: z.number() } })],
});
// Two producers of one artifact.
defineProcess({
  ...common,
  team: [
    drafting,
    // @ts-expect-error Both 'signing' and 'stamping' produce 'letter'
    signing,
    // @ts-expect-error Both 'stamping' and 'signing' produce 'letter'
    defineAgent({ name: 'stamping', needs: { draft: Draft }, produces: { letter: Letter } }),
    outside({ produces: { budget: z.number() } }),
  ],
});
// An artifact with the name of an input field.
defineProcess({
  ...common,
  // @ts-expect-error 'topic', which 'provide-topic' produces, is an input field already
  team: [drafting, signing, team[2], outside({ produces: { topic: z.string() } })],
});
// A checkpoint on an artifact that nobody makes.
defineProcess({
  ...common,
  checkpoints: {
    // @ts-expect-error Nobody makes 'drafft', which is to be reviewed
    approveDraft: review('drafft', { by: 'editor' }),
  },
});
// An authorisation of an effect that the process doesn't have.
defineProcess({
  ...common,
  effects: { send },
  checkpoints: {
    // @ts-expect-error There is no effect 'publish' to authorise
    releaseLetter: authorise('publish', { by: 'chair' }),
  },
});
// An effect without a connector.
// @ts-expect-error Property 'connector' is missing
defineEffect({ subject: 'letter', destination: {}, consequences: 'The letter is on its way.' });
// An effect on an artifact that nobody makes.
defineProcess({
  ...common,
  effects: {
    // @ts-expect-error Nobody makes 'parcel', which this effect hands on
    send: defineEffect({
      subject: 'parcel',
      connector: 'http',
      destination: {},
      consequences: 'It is sent.',
    }),
  },
});
// A predicate on a fact that is not declared.
defineProcess({
  ...common,
  checkpoints: {
    // @ts-expect-error 'draft' declares no fact 'lines'
    approveDraft: review('draft', { by: 'editor', when: { draft: { lines: { minimum: 3 } } } }),
  },
});
defineProcess({
  ...common,
  when: {
    // @ts-expect-error 'letter' declares no fact 'words'
    drafting: { letter: { words: 3 } },
  },
});
defineProcess({
  ...common,
  // @ts-expect-error 'posting' is not in the team
  when: { posting: { draft: { words: 3 } } },
});
// An order with a task that isn't in the team.
defineProcess({
  ...common,
  // @ts-expect-error 'posting' is not in the team
  coordinator: fixed(['drafting', 'posting']),
});
// Marks on input fields that don't exist.
defineProcess({
  ...common,
  // @ts-expect-error Type '"lenght"' is not assignable
  amendable: ['lenght'],
});
// A misspelt option.
defineProcess({
  ...common,
  // @ts-expect-error 'checkpoint' does not exist
  checkpoint: {},
});
