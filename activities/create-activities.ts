import type { Activities } from '../contracts/messages.ts';
import { applyEdit } from './apply-edit.ts';
import type { Dependencies } from './dependencies.ts';
import { adoptOutputs, beginNested } from './nested-run.ts';
import { makePatient } from './patient-store.ts';
import { performEffect } from './perform-effect.ts';
import { record } from './record.ts';
import { reserveScheduled } from './reserve-scheduled.ts';
import { runAgent } from './run-agent.ts';
import { toSendable } from './sendable-failure.ts';

/** Milliseconds; `record` shows no signs of life, and has twenty seconds in all. */
const patience = { working: 30_000, recording: 10_000 };

/** Every side effect of a worker, around what it was given to work with. */
export function createActivities(given: Dependencies): Activities {
  const store = makePatient(given.store, given.patience ?? patience.working);
  // What is said of progress is old by the time that a store which was away is back.
  const dependencies = { ...given, store: { ...store, progress: given.store.progress } };
  const recorder = makePatient(
    given.store,
    Math.min(given.patience ?? patience.recording, patience.recording),
  );
  return {
    runAgent: async (input) => sendable(runAgent(dependencies, input)),
    applyEdit: async (input) => sendable(applyEdit(dependencies, input)),
    performEffect: async (input) => sendable(performEffect(dependencies, input)),
    record: async (input) => sendable(record(recorder, input)),
    beginNested: async (input) => sendable(beginNested(dependencies, input)),
    adoptOutputs: async (input) => sendable(adoptOutputs(dependencies, input)),
    reserveScheduled: async (input) => sendable(reserveScheduled(dependencies, input)),
  };
}

async function sendable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw toSendable(error);
  }
}
