import type { Command } from 'commander';
import type { PersonOptions } from '../commands/acts.ts';
import type { DecideOptions } from '../commands/decide.ts';
import { readSettings, runNames } from './settings.ts';

/** Who acts: this door, whose key lies in the folder, vouches for them. */
export function addPerson(command: Command): Command {
  return command
    .option('--as <person>', 'who acts (default: the user of this computer)')
    .option(
      '--role <role>',
      'a role of theirs; may be given several times',
      (role: string, roles: string[] | undefined) => [...(roles ?? []), role],
    );
}

export function addDecidingCommands(program: Command): void {
  program.commandsGroup('Decide:');
  addDecide(program);
  addActs(program);
  addRerun(program);
}

function addDecide(program: Command): void {
  addPerson(
    program
      .command('decide')
      .argument('<run>', runNames)
      .argument('[checkpoint]', 'what is decided: its id or name; the only one that is open if left out')
      .argument('[verb]', 'the decision; asked for at a terminal if left out')
      .summary('take a decision; asks at a terminal')
      .description(
        'Takes a decision on exactly what was shown. At a terminal it shows what is asked and asks; in scripts --digest says what was shown (`baton show` prints it), and another state is refused.',
      )
      .option('--digest <digest>', 'of what was shown, or its first 8 characters or more')
      .option(
        '--id <id>',
        'of the decision: the same command again under it is one decision (default: a new id)',
      )
      .option('--delta <json>', 'edit: what is changed')
      .option('--task <task>', 'changes, redo: who is asked')
      .option('--fields <json>', 'changes, redo: the fields that are set')
      .option('--inputs <json>', 'changes: inputs that are set beside them')
      .option('--words <text>', 'changes, redo: in words')
      .option('--answer <answer>', 'answer: text or JSON, or @FILE')
      .option('--artifacts <json>', 'supply: values by artifact')
      .option('--reason <text>', 'why')
      .option('--undo', 'reject, stop: undo what was done'),
  )
    .action(
      async (
        run: string,
        checkpoint: string | undefined,
        verb: string | undefined,
        options: DecideOptions,
        command: Command,
      ) => {
        const { decide } = await import('../commands/decide.ts');
        await decide(readSettings(command), run, [checkpoint, verb], options);
      },
    )
    .addHelpText(
      'after',
      `
Examples:
  baton decide RUN --as li --role analyst
  baton decide RUN approve --digest 3f9c2a7b11aa --as li --role analyst
  baton decide RUN approve --digest 3f9c2a7b11aa --id ticket-4711 --as li --role analyst
  baton decide RUN approveForecast changes --digest 3f9c2a7b11aa --as li --role analyst \\
    --task forecasting --fields '{"exclude": ["mining_and_logging"]}' --inputs '{"horizon": 24}' \\
    --words 'Leave out mining, and look two years ahead'
  baton decide RUN answer --answer Plum --digest 3f9c2a7b11aa --role reception`,
    );
}

function addActs(program: Command): void {
  addPerson(
    program
      .command('provide')
      .argument('<run>', runNames)
      .summary('hand in artifacts that come from outside')
      .requiredOption('--artifacts <json>', 'values by artifact: JSON, @FILE, or - for standard input'),
  )
    .action(async (run: string, options: PersonOptions & { artifacts: string }, command: Command) => {
      const { provide } = await import('../commands/acts.ts');
      await provide(readSettings(command), run, options);
    })
    .addHelpText('after', '\nExample:\n  baton provide RUN --artifacts @delivery.json --as intake');
  addPerson(
    program
      .command('amend')
      .argument('<run>', runNames)
      .argument('<field>', 'the input that is changed')
      .argument('<value>', 'its new value: text or JSON, or @FILE')
      .summary('change an input of a run under way; only what depends on it is made again'),
  )
    .action(async (run: string, field: string, value: string, options: PersonOptions, command: Command) => {
      const { amend } = await import('../commands/acts.ts');
      await amend(readSettings(command), run, field, value, options);
    })
    .addHelpText('after', '\nExample:\n  baton amend RUN horizon 24 --as li --role analyst');
  addPerson(
    program
      .command('recall')
      .argument('<run>', runNames)
      .argument(
        '<slot>',
        'the effect, with its element where it has one; `baton show RUN` lists what can be recalled',
      )
      .summary('take back what was authorised and has not happened yet')
      .description(
        'Takes back an effect that declares a time for it (`recall`), until that time is over. Its authorisation is asked again. For who started the run, who owns its process, and who authorised it.',
      ),
  )
    .action(async (run: string, slot: string, options: PersonOptions, command: Command) => {
      const { recall } = await import('../commands/acts.ts');
      await recall(readSettings(command), run, slot, options);
    })
    .addHelpText('after', '\nExample:\n  baton recall RUN publishNotice --as li --role manager');
  addPerson(
    program
      .command('cancel')
      .argument('<run>', runNames)
      .summary('cancel a run')
      .description(
        'Cancels a run. With --undo it first shows what was done in the world and asks; what can be undone is undone then, newest first, one by one.',
      )
      .option('--undo', 'undo what was done, newest first')
      .option('--yes', 'with --undo: do it without asking'),
  )
    .action(
      async (run: string, options: PersonOptions & { undo?: boolean; yes?: boolean }, command: Command) => {
        const { cancel } = await import('../commands/acts.ts');
        await cancel(readSettings(command), run, options);
      },
    )
    .addHelpText('after', '\nExamples:\n  baton cancel RUN --as li\n  baton cancel RUN --as li --undo --yes');
}

function addRerun(program: Command): void {
  addPerson(
    program
      .command('rerun')
      .argument('<run>', runNames)
      .summary('make a run again from a task on; shows the plan first')
      .description(
        'Shows what would run again, what stays, what people would be asked again and what is done already; then asks at a terminal, or goes on with --yes.',
      )
      .requiredOption('--from <task>', 'the first task that runs again')
      .option('--yes', 'do it without asking'),
  )
    .action(
      async (run: string, options: PersonOptions & { from: string; yes?: boolean }, command: Command) => {
        const { rerun } = await import('../commands/acts.ts');
        await rerun(readSettings(command), run, options);
      },
    )
    .addHelpText(
      'after',
      `
Examples:
  baton rerun RUN --from visualisation
  baton rerun RUN --from forecasting --yes --as li --role analyst`,
    );
}
