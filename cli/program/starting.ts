import type { Command } from 'commander';
import type { InitOptions } from '../commands/init.ts';
import { readSettings } from './settings.ts';

export function addStartingCommands(program: Command): void {
  program.commandsGroup('Begin:');
  program
    .command('init')
    .argument('[folder]', 'a new folder, or an empty one; this one if left out')
    .summary('a new project: one agent, one checkpoint, a test')
    .description(
      'Writes a new project into a folder, with an agent, a process with one checkpoint, and a test, and installs what it needs. Overwrites nothing: a folder with files in it is refused.',
    )
    .option('--javascript', 'in JavaScript instead of TypeScript')
    .option('--no-install', 'write the files only; `npm install` is left to you')
    .action(async (folder: string | undefined, options: InitOptions, command: Command) => {
      const { init } = await import('../commands/init.ts');
      await init(readSettings(command), folder, options);
    })
    .addHelpText(
      'after',
      `
Examples:
  npx batonflow init my-process
  npx batonflow init my-process --javascript
  npx batonflow init --no-install`,
    );
}
