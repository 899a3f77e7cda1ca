import { z } from 'zod';
import type { ConnectorCall } from '../../contracts/ports.ts';
import { ConnectorRefused } from '../../contracts/ports.ts';
import { readTerms } from './read-terms.ts';
import { readMember } from './subject-parts.ts';

/** One statement with placeholders, in its database's own words (`$1` of Postgres, `?` of SQLite). */
export interface SqlStatement {
  text: string;
  /**
   * What its placeholders stand for, in order: `claim.amount` is that member of the subject `claim`, `$slot` the slot
   * (run, effect, element), which is the same when it is amended and undone, and `$key` the call's idempotency key.
   */
  parameters: readonly string[];
  /** Rows that it has to touch, or nothing of it is kept: 1 unless given. */
  rows?: number;
}

/** What is done, and where the effect can be amended or undone what is done then. */
export interface SqlEffect {
  do: SqlStatement;
  amend?: SqlStatement;
  undo?: SqlStatement;
}

export type SqlValue = string | number | boolean | null;

const Destination = z.strictObject({
  /** A name of the connector's statements. */
  statement: z.string(),
});

/** The declared statement that a call asks for, by name. */
export function findStatement(
  statements: { readonly [name: string]: SqlEffect },
  { destination, verb }: ConnectorCall,
): SqlStatement & { name: string } {
  const { statement: name } = readTerms(Destination, destination, "The SQL connector's destination");
  const declared = Object.hasOwn(statements, name) ? statements[name] : undefined;
  if (!declared) throw new ConnectorRefused(`The SQL connector has no statement ${name}.`);
  const statement = declared[verb];
  if (!statement) throw new ConnectorRefused(`The statement ${name} declares nothing for ${verb}.`);
  return { name, ...statement };
}

/** Refuses a text that holds several statements: of those a driver may run the first alone. */
export function checkStatements(statements: { readonly [name: string]: SqlEffect }): void {
  for (const [name, effect] of Object.entries(statements))
    for (const [verb, { text }] of Object.entries(effect) as [string, SqlStatement][])
      if (/;\s*\S/.test(text))
        throw new Error(
          `sqlConnector: ${name}, ${verb}: one statement at a time, without a semicolon in it.`,
        );
}

/** The values for a statement's placeholders. They travel beside it, never in its text. */
export function readParameters({ parameters }: SqlStatement, call: ConnectorCall): SqlValue[] {
  return parameters.map((path) => {
    if (path === '$slot') return slotOf(call);
    if (path === '$key') return call.idempotencyKey;
    const [artifact = '', ...members] = path.split('.');
    const subject = call.subjects[artifact];
    const value = subject && readMember(subject.content, members);
    if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
    if (typeof value === 'string' && !value.includes('\0')) return value.toWellFormed();
    throw new ConnectorRefused(`${path} is no text, number or boolean that this effect hands over.`);
  });
}

export const slotOf = ({ run, slot }: ConnectorCall): string => `${run}/${slot}`;
