import { z } from 'zod';
import { readNeed } from './define-agent.ts';
import type { Agent, Need, Needs, Schemas } from './define-agent.ts';
import { isOptional } from './json-schema.ts';
import { refuseUnknownOptions } from './process-fault.ts';
import type { FieldOf, Process } from './process-types.ts';

type Renamed<Names, Field extends string> = Field extends keyof Names
  ? Names[Field] extends string
    ? Names[Field]
    : Field
  : Field;

type InnerOf<S> =
  S extends z.ZodOptional<infer Inner extends z.ZodType> ? Inner : S extends z.ZodType ? S : never;
type NeedsOf<P extends Process, Names> = {
  [Field in FieldOf<P['inputSchema']> as Renamed<Names, Field>]: undefined extends z.output<
    P['inputSchema']['shape'][Field]
  >
    ? Need<InnerOf<P['inputSchema']['shape'][Field]>, true, false>
    : P['inputSchema']['shape'][Field];
};
type ProducesOf<P extends Process, Names> = {
  [Output in keyof P['outputs'] & string as Renamed<Names, Output>]: P['outputs'][Output] extends z.ZodType
    ? P['outputs'][Output]
    : P['outputs'][Output] extends Need<infer Schema>
      ? Schema
      : never;
};

/**
 * A process as a specialist of another: its task is a run of its own, with its own record, rules and people. Its input
 * fields are what it needs, its outputs what it produces; `needs` and `produces` say by which artifact of the team a field
 * or an output is known, where that is another name.
 */
export function processAgent<
  P extends Process,
  const N extends { readonly [Field in FieldOf<P['inputSchema']>]?: string } = Record<never, never>,
  const O extends { readonly [Output in keyof P['outputs'] & string]?: string } = Record<never, never>,
>(
  process: P,
  names: { needs?: N; produces?: O } = {},
): Agent<P['name'], NeedsOf<P, N>, ProducesOf<P, O>, Record<never, never>, z.ZodObject<{}>, never> {
  refuseUnknownOptions(`process '${process.name}' as an agent`, names, ['needs', 'produces']);
  const { manifest, inputSchema, outputs } = process;
  const needNames: { readonly [field: string]: string | undefined } = names.needs ?? {};
  const outputNames: { readonly [output: string]: string | undefined } = names.produces ?? {};
  const inputs = Object.fromEntries(
    Object.keys(manifest.inputs).map((field) => [field, needNames[field] ?? field]),
  );
  const produced = Object.fromEntries(
    Object.keys(manifest.outputs).map((output) => [output, outputNames[output] ?? output]),
  );
  const needs: Needs = Object.fromEntries(
    Object.entries(inputSchema.shape).map(([field, schema]) => {
      // A need is there or absent: what may be left out of an input is an optional need of what it is when it is there.
      const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
      const need = readNeed(inner as z.ZodType);
      return [inputs[field]!, isOptional(schema) ? { ...need, optional: true } : need];
    }),
  );
  const produces: Schemas = Object.fromEntries(
    Object.entries(outputs).map(([output, declared]) => {
      const { schema, whole } = readNeed(declared);
      return [produced[output]!, whole ? z.record(z.string(), schema) : schema];
    }),
  );
  return {
    maker: 'agent',
    name: process.name,
    version: manifest.digest.slice(0, 12),
    needs: needs as NeedsOf<P, N>,
    produces: produces as ProducesOf<P, O>,
    facts: factsOf(process, produced),
    adjust: undefined,
    durability: 'task',
    timeout: 60_000,
    heartbeat: 30_000,
    tries: 1,
    each: undefined,
    isolate: false,
    process: { manifest, inputs, outputs: produced },
  };
}

/** Facts are those that the output's maker in the process declares. */
function factsOf({ team }: Process, produced: { [output: string]: string }): Record<never, never> {
  const declared = team.flatMap((maker) => (maker.maker === 'agent' ? Object.entries(maker.facts) : []));
  return Object.fromEntries(
    declared.flatMap(([output, facts]) =>
      produced[output] === undefined ? [] : [[produced[output], facts]],
    ),
  );
}
