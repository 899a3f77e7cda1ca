#!/usr/bin/env node
import { CommanderError } from 'commander';
import { createProgram } from './program.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { printFailure, sendTextAside } from './output.ts';

const given = process.argv.slice(2);
const json = given.includes('--json');
const trace = given.includes('--trace');
if (json) sendTextAside();

// What a pipe's reader has not taken when it goes away is nobody's loss.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
});

try {
  await createProgram({ quiet: json }).parseAsync(process.argv);
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  if (!(error instanceof CommanderError)) {
    printFailure(error, { json, trace });
    return exitCodeOf(error);
  }
  if (error.exitCode === 0 || error.code === 'commander.help') return exitCodes.done;
  if (json) printFailure(new Error(error.message.replace(/^error: /, '')), { json, trace });
  return exitCodes.usage;
}
