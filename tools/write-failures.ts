import { writeFileSync } from 'node:fs';
import { anchorOf } from '../cli/explain-failure.ts';
import { exitCodeOf } from '../cli/exit-codes.ts';
import { failures } from '../contracts/failures.ts';

/** The page that lists every failure, made from the table itself. */
export function writeFailuresPage(): string {
  const groups = Object.groupBy(Object.entries(failures), ([type]) => type.split('.')[0]!);
  const sections = Object.entries(groups).map(([group, rows]) => [
    `## ${group}`,
    '',
    '| Failure | Retried | Exit code | What to do |',
    '| --- | --- | --- | --- |',
    ...rows!.map(
      ([type, { retryable, mend }]) =>
        `| <a id="${anchorOf(type)}"></a>\`${type}\` | ${retryable ? 'yes' : 'no'} | ${exitCodeOf({ type })} | ${mend} |`,
    ),
    '',
  ]);
  return [
    '# Failures',
    '',
    '<!-- Made by `npm run failures` from contracts/failures.ts: change it there. -->',
    '',
    'Every failure that Baton raises has a type of this list; its message names what it happened to. *Retried* says whether Temporal tries again by itself; *exit code* is what `baton` ends with. A rejection is no failure: it is a decision. `baton explain TYPE` says of one what stands here.',
    '',
    ...sections.flat(),
  ].join('\n');
}

if (import.meta.main) {
  writeFileSync(new URL('../docs/reference/failures.md', import.meta.url), writeFailuresPage());
}
