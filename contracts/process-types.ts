import type { z } from 'zod';
import type { Manifest } from './manifest.ts';
import type { Agent, By, Maker, Need, Needs, NeedValues, OverOf } from './define-agent.ts';
import type { Effect } from './define-effect.ts';
import type { When } from './condition.ts';

/** A person decides whether an artifact may be used. */
export interface Review<Of extends string = string, W extends When = When> {
  readonly kind: 'review';
  readonly of: Of;
  readonly by: By;
  readonly fourEyes: boolean;
  readonly editable: z.ZodType | undefined;
  readonly onReject: 'close' | 'absent';
  readonly when: W | undefined;
}

/** A person decides whether an effect may happen. */
export interface Authorise<Name extends string = string, W extends When = When> {
  readonly kind: 'authorise';
  readonly effect: Name;
  readonly by: By;
  readonly fourEyes: boolean;
  readonly when: W | undefined;
}

export type Checkpoints = { readonly [name: string]: Review | Authorise };
export type Effects = { readonly [name: string]: Effect };
export type Team = readonly Maker[];
export type Whens = { readonly [task: string]: When };
export type Coordinator<Task extends string = string> =
  | { readonly kind: 'derived' }
  | { readonly kind: 'fixed'; readonly order: readonly Task[] };

/** What `defineProcess` gives: the process as plain JSON, and what its developer wrote. */
export interface Process<
  Name extends string = string,
  I extends z.ZodObject = z.ZodObject,
  O extends Needs = Needs,
  T extends Team = Team,
  C extends Checkpoints = Checkpoints,
  E extends Effects = Effects,
> {
  readonly name: Name;
  readonly manifest: Manifest;
  readonly inputSchema: I;
  readonly outputs: O;
  readonly team: T;
  readonly checkpoints: C;
  readonly effects: E;
}

/** What a run is started with; fields with defaults may be left out. */
export type ProcessInput<P extends Process> = z.input<P['inputSchema']>;
/** What a finished run gives, by output name. */
export type ProcessOutput<P extends Process> = NeedValues<P['outputs']>;
/** Made artifacts, input fields and receipts. */
export type ArtifactNames<P extends Process> =
  | ProducedBy<P['team'][number]>
  | FieldOf<P['inputSchema']>
  | ReceiptOf<P['effects']>;
export type TaskNames<P extends Process> = P['team'][number]['name'];
export type CheckpointNames<P extends Process> = keyof P['checkpoints'] & string;
export type EffectNames<P extends Process> = keyof P['effects'] & string;
/** The value of an artifact, by its name. */
export type ArtifactValue<P extends Process, Name extends ArtifactNames<P>> = ValueOf<
  P['team'][number],
  P['inputSchema'],
  Name
>;

export type FieldOf<I extends z.ZodObject> = keyof I['shape'] & string;
type ProducedBy<M extends Maker> = M extends { produces: infer P } ? keyof P & string : never;
type ReceiptOf<E extends Effects> = ReceiptOfEffect<E[keyof E]>;
type ReceiptOfEffect<E> = E extends Effect<string, infer Receipt> ? Receipt : never;
type Known<T extends Team, I extends z.ZodObject, E extends Effects> =
  | ProducedBy<T[number]>
  | FieldOf<I>
  | ReceiptOf<E>;

type MakersOf<M extends Maker, Artifact> = M extends { name: infer Name extends string; produces: infer P }
  ? Artifact extends keyof P
    ? Name
    : never
  : never;

type ValueOf<M extends Maker, I extends z.ZodObject, Artifact> = Artifact extends keyof I['shape']
  ? z.output<I['shape'][Artifact]>
  : M extends { produces: infer P }
    ? Artifact extends keyof P
      ? z.output<P[Artifact]>
      : never
    : never;

type FactsOf<M extends Maker, I extends z.ZodObject, Artifact> =
  Artifact extends FieldOf<I>
    ? 'value'
    : M extends Agent<string, Needs, infer _P, infer F>
      ? Artifact extends keyof F
        ? keyof F[Artifact]['shape'] & string
        : never
      : never;

/** What is wrong with a member of the team, as text; never if nothing is. */
type MemberFault<M, T extends Team, I extends z.ZodObject, E extends Effects> = M extends Maker
  ? | {
        [N in keyof M['needs'] & string]: N extends Known<T, I, E>
          ? N extends ReceiptOf<E>
            ? never
            : [ValueOf<T[number], I, N>] extends [NeedInput<M['needs'][N]> | Collection<M, N>]
              ? never
              : `'${N}' is made in another form than '${M['name']}' needs`
          : `Nobody produces '${N}', which '${M['name']}' needs`;
      }[keyof M['needs'] & string]
    | {
        [A in keyof M['produces'] & string]: A extends FieldOf<I>
          ? `'${A}', which '${M['name']}' produces, is an input field already`
          : A extends ReceiptOf<E>
            ? `'${A}', which '${M['name']}' produces, is an effect's receipt already`
            : Exclude<MakersOf<T[number], A>, M['name']> extends infer Other extends string
              ? [Other] extends [never]
                ? never
                : `Both '${M['name']}' and '${Other}' produce '${A}'`
              : never;
      }[keyof M['produces'] & string]
  : never;

/** What an agent may go over: a record of the elements that it needs. */
type Collection<M extends Maker, N extends keyof M['needs']> =
  N extends OverOf<M> ? { [key: string]: NeedInput<M['needs'][N]> } : never;

// A collection's value depends on its elements: left to the check at run time.
type NeedInput<N> =
  N extends Need<z.ZodType, boolean, true>
    ? unknown
    : NeedValues<{ need: N extends z.ZodType | Need ? N : never }>['need'];

type WhenFault<W, T extends Team, I extends z.ZodObject> = {
  [A in keyof W & string]: A extends ProducedBy<T[number]> | FieldOf<I>
    ? W[A] extends null
      ? never
      : keyof W[A] & string extends infer F extends string
        ? F extends FactsOf<T[number], I, A>
          ? never
          : `'${A}' declares no fact '${F}'`
        : never
    : `Nobody makes '${A}', which the condition looks at`;
}[keyof W & string];

type Message<Fault> = [Fault] extends [never] ? unknown : Fault;

export type CheckTeam<T extends Team, I extends z.ZodObject, E extends Effects> = {
  [Index in keyof T]: Message<MemberFault<T[Index], T, I, E>>;
};

export type CheckOutputs<O extends Needs, T extends Team, I extends z.ZodObject, E extends Effects> = {
  [Name in keyof O]: Name extends ReceiptOf<E>
    ? unknown
    : Name extends ProducedBy<T[number]>
      ? [ValueOf<T[number], I, Name>] extends [NeedInput<O[Name]>]
        ? unknown
        : `'${Name}' is made in another form than this`
      : `Nobody makes '${Name & string}'`;
};

export type CheckCheckpoints<
  C extends Checkpoints,
  T extends Team,
  I extends z.ZodObject,
  E extends Effects,
> = {
  [Name in keyof C]: C[Name] extends Review<infer Of, infer W>
    ? Of extends ProducedBy<T[number]>
      ? Message<WhenFault<W, T, I>>
      : `Nobody makes '${Of}', which is to be reviewed`
    : C[Name] extends Authorise<infer EffectName, infer W>
      ? EffectName extends keyof E
        ? Message<WhenFault<W, T, I>>
        : `There is no effect '${EffectName}' to authorise`
      : unknown;
};

export type CheckEffects<E extends Effects, T extends Team, I extends z.ZodObject> = {
  [Name in keyof E]: E[Name] extends Effect<infer Subject, infer _Receipt, infer W>
    ? Subject extends Known<T, I, Omit<E, Name>>
      ? Message<WhenFault<W, T, I>>
      : `Nobody makes '${Subject}', which this effect hands on`
    : unknown;
};

export type CheckWhens<W extends Whens, T extends Team, I extends z.ZodObject> = {
  [Task in keyof W]: Task extends T[number]['name']
    ? Message<WhenFault<W[Task], T, I>>
    : `'${Task & string}' is not in the team`;
};

export type CheckCoordinator<K extends Coordinator, T extends Team> = K extends {
  order: readonly (infer Task)[];
}
  ? Exclude<Task, T[number]['name']> extends infer Unknown extends string
    ? [Unknown] extends [never]
      ? unknown
      : `'${Unknown}' is not in the team`
    : unknown
  : unknown;
