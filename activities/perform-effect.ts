import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Logger } from 'pino';
import type { Json } from '../contracts/json.ts';
import type { PerformEffectInput, PerformEffectOutput } from '../contracts/messages.ts';
import type { OutcomeOf } from '../contracts/outcome.ts';
import type { Connector, ConnectorCall, SlotRow } from '../contracts/ports.ts';
import { ConnectorRefused } from '../contracts/ports.ts';
import { failures, toFailure } from '../contracts/failures.ts';
import type { Version, Reference } from '../contracts/artifact.ts';
import { canonicalJson } from '../contracts/json.ts';
import type { Dependencies } from './dependencies.ts';
import { readArtifact } from './read-artifacts.ts';
import { toCommit } from './record.ts';

/** Milliseconds by which a lease outlives the call that it covers: a zombie's call has ended before anyone else begins. */
const leaseMargin = 2000;
/** Calls within one attempt, each only after a lookup that proved the one before it void. */
const callsAtMost = 3;

type End =
  | { kind: 'success'; receipt: Json }
  | { kind: 'refused' | 'uncertain'; failure: { type: string; message: string } };

/** Fills a slot once: reserves it, calls the connector, and records how that ended. */
export async function performEffect(
  dependencies: Dependencies,
  input: PerformEffectInput,
): Promise<PerformEffectOutput> {
  const { store } = dependencies;
  const context = Context.current();
  const { run, epoch, slot, n, verb, digest } = input;
  const logger = dependencies.logger.child({ run, epoch, slot, n, verb, retry: context.info.attempt });
  const timer = setInterval(() => context.heartbeat(), 1000);
  try {
    const holder = `${context.info.workflowExecution?.runId}/${context.info.activityId}/${context.info.attempt}`;
    const { reserved } = await store.reserve(toCommit(input.process, input.book), {
      run,
      epoch,
      slot,
      n,
      verb,
      digest,
      holder,
      lease: input.timeout + leaseMargin,
      tries: input.tries,
    });
    if (reserved.kind === 'leased') throw stillLeased(input, reserved.row);
    const end =
      reserved.kind === 'ended'
        ? endOf(reserved.row)
        : await callOnce(dependencies, input, holder, reserved.before && reserved.row.called, logger);
    return await settle(dependencies, input, holder, end, logger);
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

function endOf(row: SlotRow): End {
  if (row.status === 'success') return { kind: 'success', receipt: row.receipt ?? null };
  const failure = row.failure ?? {
    type: 'Effect.Uncertain',
    message: 'It is not known whether it happened.',
  };
  return { kind: row.status === 'refused' ? 'refused' : 'uncertain', failure };
}

async function callOnce(
  dependencies: Dependencies,
  input: PerformEffectInput,
  holder: string,
  calledBefore: boolean,
  logger: Logger,
): Promise<End> {
  const { store } = dependencies;
  const connector = dependencies.connectors[input.connector];
  if (!connector) {
    const message = `This worker has no connector ${input.connector}.`;
    return { kind: 'refused', failure: { type: 'Effect.NoConnector', message } };
  }
  const subjects = Object.fromEntries(
    await Promise.all(
      Object.entries(input.subjects).map(
        async ([name, version]) => [name, await readArtifact(store, name, version)] as const,
      ),
    ),
  );
  const callOf = (): ConnectorCall => ({
    idempotencyKey: `${input.run}/${input.slot}/${input.n}/${input.verb}`,
    run: input.run,
    slot: input.slot,
    n: input.n,
    verb: input.verb,
    destination: input.destination as Json,
    arguments: input.arguments as Json,
    subjects,
    digest: input.digest,
    former: input.former ?? null,
    abortSignal: AbortSignal.timeout(input.timeout),
  });
  if (calledBefore && !connector.repeatable) {
    const found = await lookUp(connector, callOf(), logger);
    if (found !== 'call again') return found;
  }
  for (let calls = 1; ; calls++) {
    await store.markCalled({
      run: input.run,
      slot: input.slot,
      n: input.n,
      verb: input.verb,
      tries: input.tries,
      holder,
    });
    try {
      return { kind: 'success', receipt: await connector.call(callOf()) };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (error instanceof ConnectorRefused)
        return { kind: 'refused', failure: { type: 'Effect.Refused', message } };
      logger.warn({ reason: message }, 'effect call ended without an answer');
      if (!connector.repeatable || calls >= callsAtMost) {
        const found = await lookUp(connector, callOf(), logger);
        if (found !== 'call again') return found;
        if (calls >= callsAtMost) return { kind: 'refused', failure: { type: 'Effect.Refused', message } };
      }
    }
  }
}

/** What the outside says of a call whose answer was lost. */
async function lookUp(
  connector: Connector,
  call: ConnectorCall,
  logger: Logger,
): Promise<End | 'call again'> {
  const uncertain = (message: string): End => ({
    kind: 'uncertain',
    failure: { type: 'Effect.Uncertain', message },
  });
  if (!connector.lookup)
    return uncertain(`It is not known whether ${call.slot} happened, and its connector can't tell.`);
  try {
    const { holds, forGood, receipt } = await connector.lookup(call);
    logger.info({ holds, forGood }, 'effect looked up');
    if (holds === 'wanted') return { kind: 'success', receipt: receipt ?? null };
    if ((holds === 'none' || holds === 'former') && forGood) return 'call again';
    return uncertain(`The other side can't say for certain whether ${call.slot} happened.`);
  } catch (error) {
    return uncertain(
      `Looking up ${call.slot} failed: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

async function settle(
  { store }: Dependencies,
  input: PerformEffectInput,
  holder: string,
  end: End,
  logger: Logger,
): Promise<PerformEffectOutput> {
  const { run, epoch, slot, n, verb, tries } = input;
  const kept =
    end.kind === 'success' && input.receipt !== undefined
      ? await keepReceipt(input.receipt, end.receipt)
      : undefined;
  const outcome: OutcomeOf<'effectEnded'> = {
    type: 'effectEnded',
    slot,
    n,
    verb,
    tries,
    end:
      end.kind === 'success'
        ? { kind: 'success', ...(kept && { receipt: kept.version }) }
        : { kind: end.kind, failure: end.failure },
    ...(kept && { reference: kept.reference }),
  };
  const closes = end.kind === 'success' ? input.closes : undefined;
  const head = await store.commit({
    batch: { run, epoch, from: 0, outcomes: closes ? [outcome, closes] : [outcome] },
    settle: {
      run,
      slot,
      n,
      verb,
      tries,
      holder,
      end: end.kind,
      ...(end.kind === 'success' ? { receipt: end.receipt } : { failure: end.failure }),
    },
    ...(closes && {
      close: { run, epoch, status: closes.to },
      desk: { run, epoch, process: input.process, open: [] },
    }),
  });
  logger.info({ end: end.kind }, 'effect ended');
  return { outcome, head, closed: closes !== undefined };

  async function keepReceipt(
    name: string,
    receipt: Json,
  ): Promise<{ version: Version; reference: Reference }> {
    const content = new Uint8Array(Buffer.from(canonicalJson(receipt)));
    const [reference] = await store.artifacts.put([
      { name, mediaType: 'application/json', content, facts: {} },
    ]);
    if (!reference)
      throw toFailure('Store.Unavailable', `The receipt of ${slot} could not be kept.`, { name: slot });
    return { version: { digest: reference.digest, facts: {} }, reference };
  }
}
