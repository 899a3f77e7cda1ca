import type { Command } from 'commander';
import type { Settings } from '../settings.ts';

/** How a run is named. */
export const runNames = 'its id, the beginning of it, or PROCESS/KEY with its business key';

/** Options that every command takes, before its name or after it. */
export function addSettings(program: Command): void {
  program
    .option('--config <file>', 'the project file (default: baton.config.ts or baton.config.js here)')
    .option('--folder <folder>', 'where store, door key and server data lie', '.baton')
    .option(
      '--address <host:port>',
      'the Temporal server (default: TEMPORAL_ADDRESS, else the one of `baton dev`)',
    )
    .option('--namespace <name>', 'the namespace on the server', 'default')
    .option('--task-queue <name>', 'the task queue that runs and workers meet on', 'baton')
    .option('--language <tag>', "en, zh-Hant-HK or zh-Hant-TW (default: BATON_LANGUAGE, else the system's)")
    .option('--json', 'one JSON value on standard output, and nothing else there')
    .option('--verbose', 'log lines on standard error, one JSON object each')
    .option('--trace', 'stack traces with errors');
}

export function readSettings(command: Command): Settings {
  const given = command.optsWithGlobals<Partial<Settings>>();
  const address = given.address ?? process.env['TEMPORAL_ADDRESS'];
  return {
    folder: given.folder ?? '.baton',
    namespace: given.namespace ?? 'default',
    taskQueue: given.taskQueue ?? 'baton',
    json: given.json ?? false,
    verbose: given.verbose ?? false,
    trace: given.trace ?? false,
    ...(given.config !== undefined && { config: given.config }),
    ...(address && { address }),
  };
}
