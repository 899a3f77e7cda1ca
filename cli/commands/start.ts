import { listPollers, withClient } from '../connect.ts';
import { commandLine } from '../how-to-call.ts';
import { paint, print, printJson, say } from '../output.ts';
import { findProcess, readJsonObject } from '../read-input.ts';
import { loadProject, readPerson } from '../settings.ts';
import type { Settings } from '../settings.ts';
import { readInput } from '../../client/start-run.ts';

export interface StartOptions {
  input: string;
  key?: string;
  by?: string;
}

export async function start(settings: Settings, name: string, options: StartOptions): Promise<void> {
  const { project } = await loadProject(settings);
  const definition = findProcess(project, name);
  const input = readJsonObject(options.input, '--input');
  readInput(definition, input);
  await withClient(settings, async ({ client, connection }) => {
    const { id: by } = readPerson(options.by === undefined ? {} : { as: options.by });
    const handle = await client.start(definition, input, {
      by,
      ...(options.key !== undefined && { key: options.key }),
    });
    print(`${paint('bold', handle.run)} started by ${by}`);
    print(`  ${commandLine(settings, 'show', handle.run)}`);
    if ((await listPollers(connection, settings)).length === 0)
      say(
        `No worker polls the task queue ${settings.taskQueue} yet: \`${commandLine(settings, 'dev')}\` starts one; the run waits.`,
      );
    if (settings.json) printJson({ ...handle, startedBy: by });
  });
}
