import type { AgentImplementation } from '../agents/implement-agent.ts';
import type { RecordedAttempt } from '../client/read-attempt.ts';
import { toFailure } from '../contracts/failures.ts';
import { UsageError } from './exit-codes.ts';
import { withRun } from './open-folder.ts';
import { say } from './output.ts';
import type { Settings } from './settings.ts';

interface RecordedOptions {
  from?: string;
  task?: string;
  attempt?: string;
}

/** What a recorded attempt was given, where one is named. */
export async function readRecorded(
  settings: Settings,
  { agent }: AgentImplementation,
  { from, task = agent.name, attempt }: RecordedOptions,
): Promise<RecordedAttempt | undefined> {
  if (from === undefined) {
    if (task !== agent.name || attempt !== undefined)
      throw new UsageError('--task and --attempt say which of a run: name it with --from.');
    return undefined;
  }
  const number = attempt === undefined ? undefined : Number(attempt);
  if (number !== undefined && !(Number.isInteger(number) && number > 0))
    throw new UsageError(`--attempt ${attempt} is no number of an attempt: they begin with 1.`);
  const found = await withRun(settings, from, async (store, { run }) => {
    const { readAttempt } = await import('../client/read-attempt.ts');
    return readAttempt(store, run, task, number);
  });
  if (found.agent !== agent.name)
    throw new UsageError(`${task} is a task of ${found.agent}, not of ${agent.name}.`);
  say(`With what attempt ${found.attempt} at ${found.task} was given.`);
  return found;
}

/** Throws where an agent misses the key of its element, or is given one that it has no use for. */
export function assertElement({ agent }: AgentImplementation, element: string | undefined): void {
  if (agent.each && element === undefined)
    throw toFailure(
      'Input.Missing',
      `${agent.name} is given one element of ${agent.each.over}: name its key with --element.`,
      {
        name: 'element',
      },
    );
  if (!agent.each && element !== undefined)
    throw toFailure('Input.Invalid', `${agent.name} does not go over elements: leave out --element.`, {
      name: 'element',
    });
}
