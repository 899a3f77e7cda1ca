import { followRun } from '../client/follow-run.ts';
import type { RunEvent } from '../client/follow-run.ts';
import type { ProgressRow, Store } from '../contracts/ports.ts';
import { describeCheckpoint } from './describe-checkpoint.ts';
import { progressLine } from './describe-progress.ts';
import { exitCodes } from './exit-codes.ts';
import { withInterrupt } from './interrupt.ts';
import { phrase } from './language/phrase.ts';
import { paint, print, printJsonLine, printStanding } from './output.ts';
import type { Settings } from './settings.ts';
import { describeOutcome, formatLine } from './timeline.ts';

/** Prints what happens in a run as it is recorded, and how far its tasks are, until it closes or the person leaves. */
export async function followShown(settings: Settings, store: Store, run: string): Promise<void> {
  await withInterrupt(async (signal) => {
    const lines = createLines();
    for await (const event of followRun(store, run, { signal })) {
      if (settings.json) printJsonLine(event);
      else lines(event);
    }
    printStanding('');
    if (signal.aborted) process.exitCode = exitCodes.interrupted;
  });
}

function createLines(): (event: RunEvent) => void {
  let begin: number | undefined;
  const decided = new Set<string>();
  const tasks = new Map<string, ProgressRow>();
  const stand = (): void => {
    printStanding([...tasks.values()].map(progressLine).join(' · '));
  };
  const sinceOf = (at: string): number => Math.max(0, Date.parse(at) - (begin ??= Date.parse(at)));

  return (event) => {
    switch (event.kind) {
      case 'outcome': {
        const { at, epoch, outcome } = event;
        print(formatLine({ at, since: sinceOf(at), epoch, text: describeOutcome(outcome) }));
        if (outcome.type === 'decision') decided.add(outcome.checkpoint);
        if (outcome.type === 'result' || outcome.type === 'cancelled') tasks.delete(outcome.task);
        return stand();
      }
      case 'opened': {
        const [title = ''] = describeCheckpoint(event.checkpoint);
        const text = phrase`asked: ${title}`;
        print(paint('bold', formatLine({ at: event.at, since: sinceOf(event.at), epoch: 0, text })));
        return stand();
      }
      case 'closed':
        // The decision itself says so.
        if (decided.delete(event.checkpoint)) return;
        print(paint('dim', `${' '.repeat(9)}  ${phrase`not asked any more: ${event.checkpoint}`}`));
        return stand();
      case 'progress':
        tasks.set(event.task, event);
        if (process.stdout.isTTY) return stand();
        print(
          formatLine({
            at: event.at,
            since: sinceOf(event.at),
            epoch: event.epoch,
            text: progressLine(event),
          }),
        );
    }
  };
}
