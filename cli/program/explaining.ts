import type { Command } from 'commander';
import { readSettings } from './settings.ts';

export function addExplaining(program: Command): void {
  program
    .command('explain')
    .argument('[failure]', 'its type, or a part of it; all of them if left out')
    .summary('what a failure means, and what to do')
    .description(
      "Says of a failure's type, such as Checkpoint.Stale, what to do, whether it is retried, what `baton` ends with, and where the documents have it. Needs nothing but this package.",
    )
    .action(async (type: string | undefined, _options: object, command: Command) => {
      const { explain } = await import('../commands/explain.ts');
      explain(readSettings(command), type);
    })
    .addHelpText(
      'after',
      '\nExamples:\n  baton explain Checkpoint.Stale\n  baton explain stale\n  baton explain',
    );
}
