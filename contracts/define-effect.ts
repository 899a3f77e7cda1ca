import type { Duration } from '@temporalio/common';
import type { Json } from './json.ts';
import type { When } from './condition.ts';
import type { By } from './define-agent.ts';
import { readDuration } from './duration.ts';
import { refuseUnknownOptions } from './process-fault.ts';

/** Something that is done to the world outside, at most once a slot, through a connector of the worker. */
export interface Effect<
  Subject extends string = string,
  Receipt extends string = string,
  W extends When = When,
> {
  readonly subjects: readonly Subject[];
  readonly connector: string;
  readonly destination: Json;
  readonly arguments: Json;
  readonly consequences: string;
  readonly receipt: Receipt | undefined;
  readonly amendable: boolean;
  readonly undoable: boolean;
  readonly undoBy: By | undefined;
  /** Milliseconds. */
  readonly timeout: number;
  readonly when: W | undefined;
  readonly each: boolean;
  /** Milliseconds. */
  readonly recall: number;
}

export interface EffectDefinition<Subject extends string, Receipt extends string, W extends When> {
  /** The artifact, or artifacts, that it hands to the outside. */
  subject: Subject | readonly Subject[];
  /** The name under which the worker has the connector. */
  connector: string;
  /** Where to, in the connector's terms: shown to whoever authorises it. */
  destination: Json;
  arguments?: Json;
  /** One sentence: what will have happened in the world. Shown to whoever authorises it. */
  consequences: string;
  /** The artifact that the connector's answer becomes. */
  receipt?: Receipt;
  /** The connector can replace what it did by other content. */
  amendable?: boolean;
  /** The connector can take back what it did; `by`: who has to agree each time before a closing run does so. */
  undoable?: boolean | { by: By };
  /** How long one call may take: '30 seconds' unless given. A number is milliseconds. */
  timeout?: Duration;
  when?: W;
  /** Once for each element of the subject. */
  each?: boolean;
  /** How long after its authorisation it can be recalled. */
  recall?: Duration;
}

/** Declares an effect: what is handed to which connector, and what will have happened then. */
export function defineEffect<
  const Subject extends string,
  const Receipt extends string = never,
  const W extends When = Record<never, never>,
>(definition: EffectDefinition<Subject, Receipt, W>): Effect<Subject, NoInfer<Receipt>, NoInfer<W>> {
  const { subject, undoable = false } = definition;
  const subjects = typeof subject === 'string' ? [subject] : (subject ?? []);
  const where = `effect on ${subjects.map((name) => `'${name}'`).join(' and ')}`;
  refuseUnknownOptions(where, definition, options);
  return {
    subjects,
    connector: definition.connector,
    destination: definition.destination,
    arguments: definition.arguments ?? {},
    consequences: definition.consequences,
    receipt: definition.receipt,
    amendable: definition.amendable ?? false,
    undoable: undoable !== false,
    undoBy: typeof undoable === 'object' ? undoable.by : undefined,
    timeout: readDuration(definition.timeout ?? '30 seconds', `${where}, timeout`),
    when: definition.when,
    each: definition.each ?? false,
    recall: definition.recall ? readDuration(definition.recall, `${where}, recall`) : 0,
  };
}

const options = [
  'subject',
  'connector',
  'destination',
  'arguments',
  'consequences',
  'receipt',
  'amendable',
  'undoable',
  'timeout',
  'when',
  'each',
  'recall',
];
