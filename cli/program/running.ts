import type { Command } from 'commander';
import type { DevOptions } from '../commands/dev.ts';
import type { RunAgentOptions } from '../commands/run-agent.ts';
import type { RunOptions } from '../commands/run.ts';
import type { StartOptions } from '../commands/start.ts';
import { readSettings } from './settings.ts';

export function addRunningCommands(program: Command): void {
  program.commandsGroup('Run:');
  addRun(program);
  addDev(program);
  addStart(program);
  addRunAgent(program);
}

function addRun(program: Command): void {
  program
    .command('run')
    .argument('<process>', 'its name in the project file')
    .summary('run a process here from start to end, deciding at this terminal')
    .description(
      'Runs a process from start to end: server and worker in this process, what happens is printed as it happens, decisions are taken at this terminal (by demo people: use `start` and `decide` for real ones). Ends with 0 only where the run has finished: 1 where it was stopped, rejected, cancelled or left open, 130 after Ctrl+C.',
    )
    .option('--input <json>', 'the input: JSON, @FILE, or - for standard input', '{}')
    .option('--key <key>', 'a name of the case in the terms of the business; one run of a process holds it')
    .option('--by <person>', 'who starts it (default: the user of this computer)')
    .option('--approve', 'let demo people approve everything, and answer questions by script')
    .option('--answers <json>', 'the answers of that script, by task: JSON, or @FILE')
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

function addDev(program: Command): void {
  program
    .command('dev')
    .summary('server and worker, until Ctrl+C; the worker starts again when code changes')
    .description(
      'Keeps a Temporal server (its data in the folder) and a worker up. When code of the project changes, a new worker starts with it and takes the place of the former one; where the new code does not load, that is told, and the former one goes on. Runs go on where they were, by the rules that they started with.',
    )
    .option('--port <port>', "the server's port (default: a free one)")
    .option('--ui-port <port>', "the port of Temporal's own page (default: a free one)")
    .action(async (options: DevOptions, command: Command) => {
      const { dev } = await import('../commands/dev.ts');
      await dev(readSettings(command), options);
    })
    .addHelpText(
      'after',
      `
Examples:
  baton dev
  baton dev --port 7233 --ui-port 8233
  baton dev --folder /srv/outlook --task-queue outlook --verbose`,
    );
  program
    .command('worker')
    .summary('a worker alone, until Ctrl+C')
    .description('A worker for the server that is named, or that runs for the folder; for more of them.')
    .action(async (_options: object, command: Command) => {
      const { work } = await import('../commands/worker.ts');
      await work(readSettings(command));
    })
    .addHelpText('after', '\nExample:\n  baton worker --address 127.0.0.1:7233 --task-queue baton');
}

function addStart(program: Command): void {
  program
    .command('start')
    .argument('<process>', 'its name in the project file')
    .summary('start a run and return; a worker elsewhere does the work')
    .description('Starts a run on the server that `baton dev` keeps up, or on the one that is named.')
    .option('--input <json>', 'the input: JSON, @FILE, or - for standard input', '{}')
    .option('--key <key>', 'a name of the case in the terms of the business; one run of a process holds it')
    .option('--in <time>', "begin after so long: '2h', '3 days'")
    .option('--at <moment>', 'begin at this moment, with its offset from UTC: 2030-12-01T09:00+08:00')
    .option(
      '--supply <artifact=json>',
      'an artifact that is there already and is not made: NAME=JSON or NAME=@FILE; may be given several times',
      (given: string, all: string[] | undefined) => [...(all ?? []), given],
    )
    .option('--by <person>', 'who starts it (default: the user of this computer)')
    .action(async (name: string, options: StartOptions, command: Command) => {
      const { start } = await import('../commands/start.ts');
      await start(readSettings(command), name, options);
    })
    .addHelpText(
      'after',
      `
Examples:
  baton start hello --input '{"name": "Mei"}'
  baton start market-outlook --input @examples/04-market-outlook/input.json --key 2015-12 --by clerk
  baton start hello --input '{"name": "Mei"}' --in 2h
  baton start hello --input '{"name": "Mei"}' --supply greeting=@greeting.json`,
    );
}

function addRunAgent(program: Command): void {
  program
    .command('run-agent')
    .argument('<agent>', 'its name')
    .summary("run one agent's graph alone, with nothing on record")
    .description(
      "Runs one agent's graph alone, in memory: no server, no store. For building and trying agents.",
    )
    .option('--input <json>', 'what it needs, by name: JSON, @FILE, or - for standard input', '{}')
    .option('--from <run>', 'with what it was given in this run; --input and --fields replace parts of it')
    .option('--task <task>', 'with --from: the task, such as `quote/M8` for one of several elements')
    .option('--attempt <number>', 'with --from: which attempt (default: the latest)')
    .option('--element <key>', 'the key of its element, for an agent that runs once for each')
    .option('--fields <json>', 'what a request for changes would set (its `adjust`)')
    .option('--words <text>', 'what a request for changes would say beside them')
    .option('--answers <json>', "answers to its questions, by the question's kind, or by its number from 0")
    .option('--to <folder>', 'write what it makes into this folder, pages and pictures as files of their own')
    .action(async (name: string, options: RunAgentOptions, command: Command) => {
      const { runAgentAlone } = await import('../commands/run-agent.ts');
      await runAgentAlone(readSettings(command), name, options);
    })
    .addHelpText(
      'after',
      `
Examples:
  baton run-agent greeter --input '{"name": "Mei"}'
  baton run-agent data-gathering --input '{"dataset": "vega-datasets/us-employment.csv"}' --to scratch
  baton run-agent room-finder --input '{"people": 9}' --answers '{"0": "Plum"}'
  baton run-agent forecasting --from RUN --attempt 2
  baton run-agent forecasting-demand --from RUN --task forecasting-demand/85123A`,
    );
}
