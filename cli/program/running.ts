import type { Command } from 'commander';
import type { RunOptions } from '../commands/run.ts';
import { readSettings } from './settings.ts';

export function addRunningCommands(program: Command): void {
  program.commandsGroup('Running:');
  program
    .command('run')
    .argument('<process>', 'its name in the project file')
    .description(
      'run a process here, from start to end: server and worker in this process, decisions at this terminal',
    )
    .option('--input <json>', 'the input: JSON, @FILE, or - for standard input', '{}')
    .option('--key <key>', 'a name of the case in the terms of the business; one run of a process holds it')
    .option('--by <person>', 'who starts it (default: the user of this computer)')
    .option('--approve', 'let demo people approve everything, and answer questions by script')
    .option('--answers <json>', 'the answers of that script: an object of answers by task')
    .action(async (name: string, options: RunOptions, command: Command) => {
      const { run } = await import('../commands/run.ts');
      await run(readSettings(command), name, options);
    })
    .addHelpText(
      'after',
      `
Examples:
  baton run hello --input '{"name": "Mei"}'
  baton run market-outlook --input @examples/04-market-outlook/input.json
  baton run market-outlook --input @examples/04-market-outlook/input.json --approve
  baton run room-booking --input '{"people": 9}' --approve --answers '{"room-finder": "Plum"}'`,
    );
}
