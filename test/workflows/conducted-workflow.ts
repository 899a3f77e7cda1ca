import type { RunArguments, RunResult } from '../../contracts/messages.ts';
import { conductRun } from '../../workflows/conduct.ts';

/** Written by hand: tells everybody before anything is printed where the editor says so, and at the end otherwise. */
export async function conducted(...given: RunArguments): Promise<RunResult> {
  return conductRun(given, async (run) => {
    // The letter can be used once it is approved, so whoever waits for it has to be asked meanwhile.
    const letter = run.delegate('writer');
    const decision = await run.ask('lookAtLetter');
    await letter;
    if (decision?.reason === 'tell everybody first') await run.perform('tell');
    await run.delegate('printer');
    await run.ask('mayPrint');
    await run.perform('print');
  });
}
