import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import type { GraphOptions } from '../commands/graph.ts';
import type { RunsOptions } from '../commands/runs.ts';
import type { ShowOptions } from '../commands/show.ts';
import { readSettings, runNames } from './settings.ts';

export function addLookingCommands(program: Command): void {
  program.commandsGroup('Look:');
  program
    .command('runs')
    .summary('list runs, newest first; needs no server')
    .description('Lists runs, newest first, with what they ask. Needs no server.')
    .option('--process <name>', 'of this process')
    .addOption(
      new Option('--status <status>', 'in this status').choices([
        'open',
        'finished',
        'cancelled',
        'stopped',
        'rejected',
      ]),
    )
    .option('--key <key>', 'with this business key')
    .option('--parent <run>', 'that are tasks of this run')
    .option('--limit <number>', 'how many', readLimit, 20)
    .action(async (options: RunsOptions, command: Command) => {
      const { listRuns } = await import('../commands/runs.ts');
      await listRuns(readSettings(command), options);
    })
    .addHelpText(
      'after',
      `
Examples:
  baton runs
  baton runs --status open --process market-outlook
  baton runs --key 2015-12 --json`,
    );
  program
    .command('show')
    .argument('<run>', runNames)
    .summary('timeline, artifacts, what is asked, what failed; needs no server')
    .description(
      'Shows a run: what happened, what was made from what, what is asked of whom, what failed and how to mend it. All from the record: it needs neither server nor worker.',
    )
    .option('--artifact <name>', 'an artifact: the newest of that name, or the one whose digest begins so')
    .option('--to <folder>', 'write it into this folder, pages and pictures as files of their own')
    .addOption(
      new Option(
        '--why <place>',
        'where an artifact, or what stands at a place in it (report.total), comes from: down to file, row and column',
      ).conflicts(['artifact', 'to']),
    )
    .addOption(
      new Option(
        '--follow',
        'what happens as it happens, and how far each task is, until the run closes or Ctrl+C; with --json one value a line',
      ).conflicts(['artifact', 'to', 'why']),
    )
    .action(async (run: string, options: ShowOptions, command: Command) => {
      const { show } = await import('../commands/show.ts');
      await show(readSettings(command), run, options);
    })
    .addHelpText(
      'after',
      `
Examples:
  baton show market-outlook-mwsa72rc
  baton show market-outlook/2015-12
  baton show market-outlook-mwsa72rc --follow
  baton show market-outlook-mwsa72rc --artifact forecast
  baton show market-outlook-mwsa72rc --artifact report --to scratch
  baton show market-outlook-mwsa72rc --why 'report.charts[outlook].table.rows[3][2]'`,
    );
  program
    .command('graph')
    .argument('<process>', "a process's name")
    .summary('draw a process: who works, who decides, what leaves the house')
    .description(
      'Draws a process of this project as a chain: agents, the people who decide between them, and the effects. As Mermaid on standard output, or into a file. Needs no server.',
    )
    .option('--to <file>', 'into this file: .svg is a picture, .mmd is Mermaid')
    .action(async (process: string, options: GraphOptions, command: Command) => {
      const { drawProcess } = await import('../commands/graph.ts');
      await drawProcess(readSettings(command), process, options);
    })
    .addHelpText(
      'after',
      '\nExamples:\n  baton graph market-outlook\n  baton graph market-outlook --to outlook.svg',
    );
}

function readLimit(given: string): number {
  const limit = Number(given);
  if (Number.isSafeInteger(limit) && limit > 0) return limit;
  throw new InvalidArgumentError('Give a whole number from 1.');
}
