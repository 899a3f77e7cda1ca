import { toFailure } from './failures.ts';

/** What is wrong with a definition: where, what, and what to write instead. */
export interface Fault {
  where: string;
  what: string;
  mend: string;
}

/** Throws `Process.Invalid` that lists every fault, if there are any. */
export function throwFaults(subject: string, faults: readonly Fault[]): void {
  const [first] = faults;
  if (!first) return;
  const lines = faults.map(({ where, what, mend }) => `${where}: ${what}. ${mend}`);
  const message =
    lines.length === 1
      ? `${subject}, ${lines[0]}`
      : `${subject} has ${lines.length} faults:\n${lines.map((line) => `  - ${line}`).join('\n')}`;
  throw toFailure('Process.Invalid', message, { name: first.where });
}

/** Options that are planned and that this version refuses. */
const notYet: { [option: string]: string } = {
  quorum: 'one person decides at a checkpoint',
  expires: 'a checkpoint waits until somebody decides',
  due: 'a checkpoint waits until somebody decides',
  escalate: 'a checkpoint waits until somebody decides',
  deputies: 'name a role that all of them have',
  policy: 'an effect is authorised by a person or by nobody',
  sample: 'every case is asked about',
};

/** Throws `Process.Invalid` for options that don't exist: a misspelt one would otherwise do nothing. */
export function refuseUnknownOptions(where: string, options: object, known: readonly string[]): void {
  throwFaults('Definition', findUnknownOptions(where, options, known));
}

export function findUnknownOptions(where: string, options: object, known: readonly string[]): Fault[] {
  return Object.keys(options)
    .filter((option) => !known.includes(option))
    .map((option) =>
      Object.hasOwn(notYet, option)
        ? {
            where: `${where}, \`${option}\``,
            what: 'this version does not have it yet',
            mend: `Leave it out: ${notYet[option]}.`,
          }
        : {
            where: `${where}, \`${option}\``,
            what: 'there is no such option',
            mend: `The options are ${known.join(', ')}.`,
          },
    );
}
