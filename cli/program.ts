import { Command } from 'commander';
import { exitCodeMeanings } from './exit-codes.ts';
import { readOwnPackage } from './own-package.ts';
import { addBrakingCommands } from './program/braking.ts';
import { addCheckingCommands } from './program/checking.ts';
import { addExplaining } from './program/explaining.ts';
import { addDecidingCommands } from './program/deciding.ts';
import { addLookingCommands } from './program/looking.ts';
import { addRunningCommands } from './program/running.ts';
import { addSchedulingCommands } from './program/scheduling.ts';
import { addSettings } from './program/settings.ts';
import { addStartingCommands } from './program/starting.ts';

/** The command line's words. What a command does is loaded when it is called. */
export function createProgram(options: { quiet: boolean }): Command {
  const program = new Command('baton')
    .description(
      'Runs business processes as chains of agents: agents work, people decide, effects happen once.',
    )
    .version(readOwnPackage().version, '-V, --version', 'the version of Baton')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput(options.quiet ? { writeErr: () => {} } : {})
    .showSuggestionAfterError()
    .exitOverride();
  addSettings(program);
  addStartingCommands(program);
  addRunningCommands(program);
  addSchedulingCommands(program);
  addLookingCommands(program);
  addDecidingCommands(program);
  addBrakingCommands(program);
  addCheckingCommands(program);
  addExplaining(program);
  program.commandsGroup('Help:').helpCommand('help [command]', 'a command in full, with examples');
  program.addHelpText(
    'after',
    `
Exit codes:
${Object.entries(exitCodeMeanings)
  .map(([code, meaning]) => `  ${code.padStart(3)}  ${meaning}`)
  .join('\n')}

\`baton help COMMAND\` shows a command's options, with examples.`,
  );
  return program;
}
