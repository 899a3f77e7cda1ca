import type { Logger } from 'pino';
import { readProgress } from '../contracts/progress.ts';
import type { ProgressSaid } from '../contracts/progress.ts';

/** Milliseconds from one writing to the next. */
const pause = 500;

export interface Reporter {
  /** What the agent says, whatever it is; never throws. */
  progress: (said: unknown) => void;
  /** The nodes of its graph that are under way: told only where they last. */
  reach: (nodes: readonly string[]) => void;
  /** Settles once nothing is being written, and nothing will be. */
  end: () => Promise<void>;
}

/**
 * Hands on the newest that was said, at most twice a second, until `note` answers false. Where it throws, that is
 * logged and no more: what is said of progress must never fail a task.
 */
export function reportProgress(note: (said: ProgressSaid) => Promise<boolean>, logger: Logger): Reporter {
  let newest: ProgressSaid | null = null;
  let isFirst = true;
  let isBusy = false;
  let ended = false;
  let writing: Promise<void> = Promise.resolve();
  // From the start: a graph that ends at once is followed by nobody, and is not worth a writing.
  let resting: NodeJS.Timeout | undefined = setTimeout(goOn, pause);

  function goOn(): void {
    resting = undefined;
    if (newest && !isBusy && !ended) writing = write(newest);
  }

  async function write(said: ProgressSaid): Promise<void> {
    newest = null;
    isBusy = true;
    isFirst = false;
    try {
      if (!(await note(said))) ended = true;
    } catch (error) {
      logger.debug({ error }, 'progress could not be noted');
    }
    isBusy = false;
    // Only now: a store that is slow must not be given more than it takes.
    if (!ended) resting = setTimeout(goOn, pause);
  }

  return {
    progress(given) {
      if (ended) return;
      const said = attemptRead(given);
      if (!said) return;
      newest = said;
      if (isFirst) clearTimeout(resting);
      if (isFirst || resting === undefined) goOn();
    },
    reach(nodes) {
      if (ended) return;
      newest = readProgress([...new Set(nodes)].join(', ')) ?? newest;
      if (resting === undefined) goOn();
    },
    async end() {
      ended = true;
      clearTimeout(resting);
      await writing;
    },
  };
}

/** A getter of the agent's own may throw. */
function attemptRead(given: unknown): ProgressSaid | null {
  try {
    return readProgress(given);
  } catch {
    return null;
  }
}
