import type { Command } from 'commander';
import type { BrakeOptions } from '../commands/brakes.ts';
import { addPerson } from './deciding.ts';
import { readSettings, runNames } from './settings.ts';

const several = (name: string, names: string[] | undefined): string[] => [...(names ?? []), name];

function addBrake(program: Command, name: string, summary: string, description: string): Command {
  return addPerson(
    program
      .command(name)
      .argument('<run>', runNames)
      .summary(summary)
      .description(description)
      .requiredOption('--reason <text>', 'why; it goes on record'),
  );
}

function addNamed(command: Command): Command {
  return command
    .option('--agent <agent>', 'only the tasks of this agent; may be given several times', several)
    .option('--connector <connector>', 'only what goes through this connector; several times, too', several);
}

export function addBrakingCommands(program: Command): void {
  program.commandsGroup('Hold:');
  addNamed(
    addBrake(
      program,
      'pause',
      'hold a run: nothing of it starts, nothing is performed',
      'Holds a run: nothing of it starts and nothing is performed until it is resumed. What is under way ends, and decisions count. For who started the run, and who owns its process.',
    ),
  )
    .action(async (run: string, options: BrakeOptions, command: Command) => {
      const { hold } = await import('../commands/brakes.ts');
      await hold(readSettings(command), run, true, options);
    })
    .addHelpText(
      'after',
      `
Examples:
  baton pause RUN --reason 'the figures look odd' --as li
  baton pause RUN --connector bank --reason 'the bank is being moved' --as wu --role owner`,
    );
  addNamed(
    addBrake(
      program,
      'resume',
      'let go of a run that is held',
      'Lets go of a run that is held, or of the agents and connectors that are named. For who owns its process.',
    ),
  )
    .action(async (run: string, options: BrakeOptions, command: Command) => {
      const { hold } = await import('../commands/brakes.ts');
      await hold(readSettings(command), run, false, options);
    })
    .addHelpText(
      'after',
      "\nExample:\n  baton resume RUN --reason 'the figures are right' --as wu --role owner",
    );
  addBrake(
    program,
    'ask-always',
    'have a run ask wherever a checkpoint is declared',
    'Has a run ask at every declared checkpoint, whatever its condition says. With --lift it asks as declared again; for who owns its process.',
  )
    .option('--lift', 'ask as declared again')
    .action(async (run: string, options: BrakeOptions & { lift?: boolean }, command: Command) => {
      const { askAlways } = await import('../commands/brakes.ts');
      await askAlways(readSettings(command), run, options);
    })
    .addHelpText('after', "\nExample:\n  baton ask-always RUN --reason 'a new supplier' --as li");
}
