import type { RunArguments, RunResult } from '../../../contracts/messages.ts';
import { runWithin } from '../../../workflows/run-within.ts';

/** The process workflow, with nothing that it could hand on to another execution. */
export default function runProcess(...given: RunArguments): Promise<RunResult> {
  const soon = { events: 16, bytes: 1_000_000, acts: 100 };
  return runWithin(given, { soon, latest: { ...soon, events: 48 }, hold: 1000, handedOn: 1000 });
}
