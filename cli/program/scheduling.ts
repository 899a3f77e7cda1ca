import { Option } from 'commander';
import type { Command } from 'commander';
import type { ScheduleOptions } from '../commands/schedule.ts';
import { readSettings } from './settings.ts';

const collect = (given: string, all: string[] | undefined): string[] => [...(all ?? []), given];
const overlaps = ['skip', 'buffer-one', 'buffer-all', 'cancel-other', 'terminate-other', 'allow-all'];

export function addSchedulingCommands(program: Command): void {
  program.commandsGroup('Run:');
  addHooks(program);
  const schedule = program
    .command('schedule')
    .summary('runs that start by the clock')
    .description('Runs that start by the clock. The server keeps the schedules; a worker starts the runs.');
  addCreate(schedule);
  schedule
    .command('list')
    .summary('the schedules, and when each is due next')
    .action(async (_options: object, command: Command) => {
      const { listSchedules } = await import('../commands/schedule.ts');
      await listSchedules(readSettings(command));
    });
  schedule
    .command('show')
    .argument('<name>', 'its name')
    .summary('when it is due, its last runs, and what kept one from starting')
    .action(async (name: string, _options: object, command: Command) => {
      const { showSchedule } = await import('../commands/schedule.ts');
      await showSchedule(readSettings(command), name);
    });
  addChange(schedule, 'pause', 'pause', 'start nothing until it is resumed');
  addChange(schedule, 'resume', 'resume', 'start runs again');
  addChange(schedule, 'run-now', 'runNow', 'start a run now, by its overlap policy');
  addChange(schedule, 'delete', 'delete', 'forget it; runs that it has started go on');
}

function addHooks(program: Command): void {
  program
    .command('hooks')
    .summary('take signed messages that start runs, until Ctrl+C')
    .description(
      "Takes messages for the project's triggers on loopback, signed by Standard Webhooks: POST /hooks/NAME.",
    )
    .option('--port <port>', 'where it listens', '8400')
    .action(async (options: { port: string }, command: Command) => {
      const { serveTriggers } = await import('../commands/hooks.ts');
      await serveTriggers(readSettings(command), options);
    })
    .addHelpText('after', '\nExample:\n  ORDERS_SECRET=whsec_… baton hooks --port 8400');
}

function addCreate(schedule: Command): void {
  schedule
    .command('create')
    .argument('<name>', 'its name: letters, digits, dots, underscores, hyphens')
    .argument('<process>', "the process's name in the project file")
    .summary('start runs of a process by the clock')
    .description(
      'Has the server start runs of a process by the clock. The input is fixed and checked now, and checked again at each start.',
    )
    .option('--input <json>', 'the input: JSON, @FILE, or - for standard input', '{}')
    .option('--cron <line>', "a cron line, such as '0 9 * * 1-5'; may be given several times", collect)
    .option('--every <time>', "an interval: '2h', '1 day'")
    .option('--calendar <json>', 'a calendar: \'{"dayOfMonth": 1, "hour": 9}\'; several times', collect)
    .option('--time-zone <name>', 'of cron lines and calendars, such as Asia/Hong_Kong (default: UTC)')
    .option('--jitter <time>', 'move each start by a random time up to this')
    .option('--catch-up <time>', 'how late a start is made up for (default: 1 day)')
    .addOption(
      new Option('--overlap <policy>', 'while the run before is under way').choices(overlaps).default('skip'),
    )
    .option('--paused', 'create it paused')
    .option('--by <person>', 'who is on record as the starter (default: the user of this computer)')
    .action(async (name: string, process: string, options: ScheduleOptions, command: Command) => {
      const { createSchedule } = await import('../commands/schedule.ts');
      await createSchedule(readSettings(command), name, process, options);
    })
    .addHelpText(
      'after',
      `
Examples:
  baton schedule create morning market-outlook --input @input.json --cron '0 9 * * 1-5' --time-zone Asia/Hong_Kong
  baton schedule create often hello --input '{"name": "Mei"}' --every 2h --overlap buffer-one`,
    );
}

function addChange(
  schedule: Command,
  word: string,
  verb: 'pause' | 'resume' | 'runNow' | 'delete',
  summary: string,
): void {
  const command = schedule.command(word).argument('<name>', 'its name').summary(summary);
  if (verb === 'pause' || verb === 'resume') command.option('--note <text>', 'why; `schedule show` shows it');
  command.action(async (name: string, { note }: { note?: string }, called: Command) => {
    const { changeSchedule } = await import('../commands/schedule.ts');
    await changeSchedule(readSettings(called), name, verb, note);
  });
}
