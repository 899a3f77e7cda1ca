import { CommanderError } from 'commander';
import { chooseLanguage, languages, readLanguage } from './language/choose-language.ts';
import { speak } from './language/phrase.ts';
import { UsageError, exitCodeOf, exitCodes } from './exit-codes.ts';
import { printFailure, sendTextAside } from './output.ts';
import { createProgram } from './program.ts';

/** Milliseconds for connections to close after a command has ended. */
const patience = 3000;

/** Runs a command; what goes wrong is told in one place, and ends with its exit code. */
export async function runCommandLine(words: string[]): Promise<void> {
  const json = words.includes('--json');
  const trace = words.includes('--trace');
  const language = optionIn(words, '--language');
  // Programs read it: its words must not change with who calls.
  if (json) sendTextAside();
  else speak(chooseLanguage(language, process.env));
  // A reader that goes away (`baton runs | head -1`) is nobody's failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
  });
  try {
    if (language !== undefined && !readLanguage(language))
      throw new UsageError(`--language ${language}: it is one of ${languages.join(', ')}.`);
    await createProgram({ quiet: json }).parseAsync(words);
  } catch (error) {
    const code = report(error, { json, trace });
    // Ctrl+C at a question has set it already.
    process.exitCode ??= code;
  }
  setTimeout(() => process.exit(), patience).unref();
}

/** What an option is given, before commands are read: their texts are in that language already. */
function optionIn(words: string[], option: string): string | undefined {
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  const at = words.findLastIndex(
    (word, index) => index < end && (word === option || word.startsWith(`${option}=`)),
  );
  if (at < 0) return undefined;
  return words[at] === option ? words[at + 1] : words[at]!.slice(option.length + 1);
}

function report(error: unknown, options: { json: boolean; trace: boolean }): number {
  if (!(error instanceof CommanderError)) {
    printFailure(error, options);
    return exitCodeOf(error);
  }
  if (error.exitCode === 0 || error.code === 'commander.help') return exitCodes.done;
  if (options.json) printFailure(new UsageError(error.message.replace(/^error: /, '')), options);
  return exitCodes.usage;
}
