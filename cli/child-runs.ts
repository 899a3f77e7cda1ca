import type { Store } from '../contracts/ports.ts';
import { commandLine } from './how-to-call.ts';
import type { Settings } from './settings.ts';

/** A run that is a task of another. */
export interface ChildRun {
  run: string;
  process: string;
  status: string;
  epoch: number;
  /** Checkpoints that are open in it. */
  asks: string[];
}

/** Runs of a run's tasks, oldest first. */
export async function readChildren(store: Store, parent: string): Promise<ChildRun[]> {
  const rows = (await store.runs.list({ parent })).toReversed();
  return Promise.all(
    rows.map(async ({ run, process, status, epoch }) => {
      const open = await store.desk.open({ run });
      return { run, process, status, epoch, asks: open.map(({ checkpoint }) => checkpoint.name) };
    }),
  );
}

export function childLine(settings: Settings, { run, status, epoch, asks }: ChildRun): string {
  const state = epoch > 1 ? `${status}, epoch ${epoch}` : status;
  const asked = asks.length === 0 ? '' : `, asks ${asks.join(', ')}`;
  return `${run}  ${state}${asked}: ${commandLine(settings, 'show', run)}`;
}
