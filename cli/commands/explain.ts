import { failures } from '../../contracts/failures.ts';
import type { FailureType } from '../../contracts/failures.ts';
import { UsageError, exitCodeMeanings, exitCodeOf } from '../exit-codes.ts';
import { linkTo } from '../explain-failure.ts';
import { withCaller } from '../how-to-call.ts';
import { paint, print, printJson } from '../output.ts';
import type { Settings } from '../settings.ts';

/** What the reference page says of a failure, or of each whose type holds the word. */
export function explain(settings: Pick<Settings, 'json'>, word = ''): void {
  const types = Object.keys(failures) as FailureType[];
  const exact = types.filter((type) => type.toLowerCase() === word.toLowerCase());
  const found =
    exact.length > 0 ? exact : types.filter((type) => type.toLowerCase().includes(word.toLowerCase()));
  if (found.length === 0)
    throw new UsageError(`No failure is called ${word}; \`baton explain\` lists them all.`);
  if (settings.json) {
    printJson(
      found.map((type) => ({ type, ...failures[type], exitCode: exitCodeOf({ type }), page: linkTo(type) })),
    );
    return;
  }
  for (const type of found) {
    const { mend, retryable } = failures[type];
    const code = exitCodeOf({ type });
    print(paint('bold', type));
    print(`  what to do  ${withCaller(mend)}`);
    if (found.length > 8) continue;
    print(`  retried     ${retryable ? 'yes, by Temporal' : 'no'}`);
    print(`  exit code   ${code}: ${exitCodeMeanings[code]}`);
    print(`  page        ${linkTo(type)}`);
  }
}
