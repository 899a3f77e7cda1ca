import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Json } from '../contracts/json.ts';
import type { PerformEffectInput, PerformEffectOutput } from '../contracts/messages.ts';
import type { ConnectorCall, SlotRow } from '../contracts/ports.ts';
import { failures } from '../contracts/failures.ts';
import { callConnector } from './call-connector.ts';
import type { CallEnd } from './call-connector.ts';
import type { Dependencies } from './dependencies.ts';
import { readArtifact } from './read-artifacts.ts';
import { toCommit } from './record.ts';
import { recordEnded, settle } from './settle-slot.ts';

/** Milliseconds by which a lease outlives the calls that it covers: a zombie's have ended before anyone else begins. */
const leaseMargin = 2000;

/** Fills a slot once: reserves it, calls the connector, and records how that ended. */
export async function performEffect(
  dependencies: Dependencies,
  input: PerformEffectInput,
): Promise<PerformEffectOutput> {
  const { store } = dependencies;
  const context = Context.current();
  const { run, epoch, slot, n, verb, digest, tries, timeout } = input;
  const logger = dependencies.logger.child({ run, epoch, slot, n, verb, retry: context.info.attempt });
  const timer = setInterval(() => context.heartbeat(), 1000);
  try {
    // Temporal counts attempts from 1 again when an activity is reset: only a number of its own tells a zombie apart.
    const holder = `${context.info.activityId}/${context.info.attempt}/${randomUUID()}`;
    const { reserved } = await store.reserve(toCommit(input.process, input.book), {
      run,
      epoch,
      slot,
      n,
      verb,
      digest,
      tries,
      holder,
      lease: timeout + leaseMargin,
      // Called again whether it was called or not: no note of its own is needed before the call.
      called: dependencies.connectors[input.connector]?.repeatable ?? false,
    });
    if (reserved.kind === 'leased') throw stillLeased(input, reserved.row);
    if (reserved.kind === 'ended') return await recordEnded(store, input, reserved.row);
    const calledBefore = reserved.before && reserved.row.called;
    const deadline = performance.now() + reserved.row.leaseEnds - leaseMargin - Date.now();
    const end = await callHeld(dependencies, input, { holder, calledBefore, deadline });
    logger.info({ end: end.kind, ...(end.kind !== 'success' && { type: end.failure.type }) }, 'effect ended');
    if (end.kind !== 'success') logger.debug({ reason: end.failure.message }, 'why an effect failed');
    return await settle(store, input, holder, end);
  } finally {
    clearInterval(timer);
  }
}

function stillLeased(input: PerformEffectInput, row: SlotRow): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'Effect.Leased',
    message: `An earlier attempt at ${input.slot} may still be at work.`,
    nextRetryDelay: Math.max(50, row.leaseEnds - Date.now() + 20),
    details: [{ name: input.slot, mend: failures['Effect.Leased'].mend }],
  });
}

/** The call, or how it ends without one: a slot that is held must end, whatever is missing. */
async function callHeld(
  dependencies: Dependencies,
  input: PerformEffectInput,
  { holder, calledBefore, deadline }: { holder: string; calledBefore: boolean; deadline: number },
): Promise<CallEnd> {
  const connector = dependencies.connectors[input.connector];
  if (!connector) {
    return without('Effect.NoConnector', `This worker has no connector ${input.connector}.`, calledBefore);
  }
  if (input.verb === 'undo' && !connector.undoes) {
    const message = `The connector ${input.connector} of this worker can't take back what it did.`;
    return without('Effect.Refused', message, calledBefore);
  }
  const subjects = await readSubjects(dependencies, input).catch((error: unknown) => {
    if (error instanceof ApplicationFailure && error.nonRetryable) return error;
    throw error;
  });
  if (subjects instanceof ApplicationFailure) {
    return without(subjects.type ?? 'Artifact.Unknown', subjects.message, calledBefore);
  }
  const { run, slot, n, verb, tries } = input;
  return callConnector({
    connector,
    callOf: (abortSignal) => ({
      idempotencyKey: `${run}/${slot}/${n}/${verb}`,
      run,
      slot,
      n,
      verb,
      destination: input.destination as Json,
      arguments: input.arguments as Json,
      subjects,
      digest: input.digest,
      former: input.former ?? null,
      // Each connector that the worker holds adds its own, so that none sees another's.
      credentials: {},
      abortSignal,
    }),
    calledBefore,
    deadline,
    markCalled: async () => {
      if (!connector.repeatable) await dependencies.store.markCalled({ run, slot, n, verb, tries, holder });
    },
    logger: dependencies.logger.child({ run, slot, n, verb }),
  });
}

function without(type: string, message: string, calledBefore: boolean): CallEnd {
  return calledBefore
    ? {
        kind: 'uncertain',
        failure: { type: 'Effect.Uncertain', message: `An earlier attempt may have done it. ${message}` },
      }
    : { kind: 'refused', failure: { type, message } };
}

async function readSubjects(
  { store }: Dependencies,
  { subjects }: PerformEffectInput,
): Promise<ConnectorCall['subjects']> {
  const read = Object.entries(subjects).map(
    async ([name, version]) => [name, await readArtifact(store, name, version)] as const,
  );
  return Object.fromEntries(await Promise.all(read));
}
