import type { ConnectorCall } from '../../contracts/ports.ts';
import { ConnectorRefused } from '../../contracts/ports.ts';

/** Which part of a subject becomes a file: of JSON the member that holds its text, or else its whole content. */
export interface Part {
  name: string;
  artifact: string;
  member?: string | undefined;
  encoding: 'utf8' | 'base64';
}

/** The bytes of a file that is made of a subject; refuses what the effect does not hand over. */
export function contentOf(call: ConnectorCall, part: Part): Uint8Array {
  const subject = call.subjects[part.artifact];
  if (!subject)
    throw new ConnectorRefused(
      `${part.name} is to be made of ${part.artifact}, which this effect does not hand over.`,
    );
  if (part.member === undefined) return subject.content;
  const value = readMember(subject.content, [part.member]);
  if (typeof value !== 'string')
    throw new ConnectorRefused(`${part.artifact} has no text ${part.member} for ${part.name}.`);
  return Buffer.from(value, part.encoding);
}

/** A member of JSON content, by the names on the way to it; undefined where there is none. */
export function readMember(content: Uint8Array, path: readonly string[]): unknown {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(content).toString());
  } catch {
    return undefined;
  }
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as { [member: string]: unknown })[name];
  }
  return value;
}
