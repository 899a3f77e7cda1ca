import { listPollers, withClient } from '../connect.ts';
import { commandLine } from '../how-to-call.ts';
import { paint, print, printJson, readableMoment, say } from '../output.ts';
import { findProcess, readJsonObject, readNamedJson } from '../read-input.ts';
import { loadProject, readPerson } from '../settings.ts';
import type { Settings } from '../settings.ts';
import { readStartTime } from '../../client/start-time.ts';
import { readInput } from '../../client/reserve-run.ts';

export interface StartOptions {
  input: string;
  key?: string;
  by?: string;
  in?: string;
  at?: string;
  supply?: string[];
}

export async function start(settings: Settings, name: string, options: StartOptions): Promise<void> {
  const { project } = await loadProject(settings);
  const definition = findProcess(project, name);
  const input = readJsonObject(options.input, '--input');
  const supplied = readNamedJson(options.supply ?? [], '--supply');
  readInput(definition, input);
  const time = { delay: options.in, at: options.at };
  readStartTime(time, Date.now());
  await withClient(settings, async ({ client, connection }) => {
    const { id: by } = readPerson(options.by === undefined ? {} : { as: options.by });
    const handle = await client.start(definition, input, {
      by,
      supplied,
      ...time,
      ...(options.key !== undefined && { key: options.key }),
    });
    const begins = handle.startsAt === null ? '' : `, begins ${readableMoment(handle.startsAt)}`;
    print(`${paint('bold', handle.run)} started by ${by}${begins}`);
    print(`  ${commandLine(settings, 'show', handle.run)}`);
    if ((await listPollers(connection, settings)).length === 0)
      say(
        `No worker polls the task queue ${settings.taskQueue} yet: \`${commandLine(settings, 'dev')}\` starts one; the run waits.`,
      );
    if (settings.json) printJson({ ...handle, startedBy: by });
  });
}
