import type { Command } from 'commander';
import type { VerifyOptions } from '../commands/ledger.ts';
import { readSettings, runNames } from './settings.ts';

export function addCheckingCommands(program: Command): void {
  program.commandsGroup('Check:');
  program
    .command('replay')
    .argument('[run]', runNames)
    .summary("a run's history against today's code")
    .description(
      "Replays a run's history with today's code: whether a worker of today could take it on. Changes nothing.",
    )
    .option('--file <history>', 'a history in a file instead, as `baton history` writes it')
    .action(async (run: string | undefined, options: { file?: string }, command: Command) => {
      const { replay } = await import('../commands/replay.ts');
      await replay(readSettings(command), run, options);
    })
    .addHelpText('after', '\nExamples:\n  baton replay RUN\n  baton replay --file history.json');
  program
    .command('history')
    .argument('<run>', runNames)
    .summary("save a run's history as JSON, for `replay --file`")
    .requiredOption('--to <file>', 'where to')
    .action(async (run: string, options: { to: string }, command: Command) => {
      const { saveHistory } = await import('../commands/replay.ts');
      await saveHistory(readSettings(command), run, options);
    })
    .addHelpText('after', '\nExample:\n  baton history RUN --to test/replay/outlook.json');
  const ledger = program
    .command('ledger')
    .summary('the record of all runs')
    .description('The record of all runs.');
  ledger
    .command('verify')
    .argument('[run]', `${runNames}; all runs if left out`)
    .summary('find any record altered, removed, reordered or cut off')
    .description(
      "Verifies each run's chain of records, that closed runs have their end on record, and, where the server answers and still has a run's history, that its end is the one that the history holds; says of each whether that was checked. Ends with 6 where a chain is broken.",
    )
    .option('--anchor <file>', 'what `ledger verify --json` wrote earlier, kept where nobody changes it')
    .action(async (run: string | undefined, options: VerifyOptions, command: Command) => {
      const { verifyLedger } = await import('../commands/ledger.ts');
      await verifyLedger(readSettings(command), run, options);
    })
    .addHelpText(
      'after',
      `
Examples:
  baton ledger verify
  baton ledger verify --json > anchor.json
  baton ledger verify --anchor anchor.json`,
    );
  program
    .command('doctor')
    .summary('look at everything that runs stand on, and say what is missing')
    .description(
      'Looks at Node, project, store, door, server and workers; says what is missing and how to get it.',
    )
    .action(async (_options: object, command: Command) => {
      const { doctor } = await import('../commands/doctor.ts');
      await doctor(readSettings(command));
    })
    .addHelpText('after', '\nExample:\n  baton doctor --address temporal.example:7233 --namespace outlook');
}
