import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Json } from '../contracts/json.ts';
import { canonicalJson } from '../contracts/json.ts';
import type { Connector, ConnectorCall } from '../contracts/ports.ts';
import { ConnectorRefused } from '../contracts/ports.ts';
import { isWellFormed, toMessage } from '../contracts/well-formed.ts';

/** How the calls of one attempt at a slot ended. */
export type CallEnd =
  | { kind: 'success'; receipt: Json }
  | { kind: 'refused' | 'uncertain'; failure: { type: string; message: string } };

/** Calls within one attempt: repeated with the same key, or after a lookup that proved the one before it void. */
const callsAtMost = 3;
/** Milliseconds before the second call, and twice as many before the third. */
const pause = 200;
/** Milliseconds that a connector gets to stop at its deadline, and that a lookup may take. */
const stopAtMost = 1000;
const lookupAtMost = 10_000;

export interface Calling {
  connector: Connector;
  callOf: (abortSignal: AbortSignal) => ConnectorCall;
  /** An earlier attempt may have called, and its answer is not known. */
  calledBefore: boolean;
  /** As `performance.now()` counts: all calls have ended by then, so before the lease does. */
  deadline: number;
  markCalled: () => Promise<void>;
  logger: Logger;
}

type Answer =
  | { kind: 'success'; receipt: Json }
  | { kind: 'refused'; message: string }
  /** It is not known whether it happened; `over`: nothing of this call can still land. */
  | { kind: 'unknown'; message: string; over: boolean };

/** Calls until it is known what happened, or as far as that can be known; never guesses. */
export async function callConnector(calling: Calling): Promise<CallEnd> {
  const { connector, deadline, logger } = calling;
  // Whether some call's answer is missing: then a later refusal says nothing of that call.
  let open = calling.calledBefore;
  if (open && !connector.repeatable) {
    // Half of the time, so that the other half is left to call.
    const found = await lookUp(calling, { over: true, atMost: (deadline - performance.now()) / 2 });
    if (found !== 'void') return found;
    open = false;
  }
  for (let calls = 1; ; calls++) {
    await calling.markCalled();
    const answer = await callOnce(calling);
    if (answer.kind === 'success') return answer;
    logger.warn({ answer: answer.kind }, 'effect call failed');
    logger.debug({ reason: answer.message }, 'why an effect call failed');
    if (answer.kind === 'refused' && !open) return refused(answer.message);
    open = true;
    const over = answer.kind === 'refused' || answer.over;
    const again =
      answer.kind === 'unknown' && calls < callsAtMost && performance.now() + pause * calls < deadline;
    if (!connector.repeatable || !over || !again) {
      const found = await lookUp(calling, { over, atMost: lookupAtMost });
      if (found !== 'void') return found;
      open = false;
      if (!again) return refused(answer.message);
    }
    await setTimeout(pause * calls);
  }
}

async function callOnce({ connector, callOf, deadline }: Calling): Promise<Answer> {
  const left = Math.floor(deadline - performance.now());
  // A call made now could land when the lease is another's.
  if (left <= 0) return { kind: 'refused', message: 'There was no time left for the call.' };
  const called = (async (): Promise<Answer> => {
    try {
      return { kind: 'success', receipt: toReceipt(await connector.call(callOf(AbortSignal.timeout(left)))) };
    } catch (error) {
      const message = messageOf(error);
      if (error instanceof ConnectorRefused) return { kind: 'refused', message };
      return { kind: 'unknown', message, over: true };
    }
  })();
  const endless: Answer = {
    kind: 'unknown',
    message: 'The connector did not stop at its deadline.',
    over: false,
  };
  return within(left + stopAtMost, called, endless);
}

/** What the outside says of a call whose answer is missing; `void`: it did not happen, and no longer will. */
async function lookUp(
  { connector, callOf, logger }: Calling,
  { over, atMost }: { over: boolean; atMost: number },
): Promise<CallEnd | 'void'> {
  const limit = Math.max(1, Math.min(Math.floor(atMost), lookupAtMost));
  const call = callOf(AbortSignal.timeout(limit));
  if (!connector.lookup)
    return uncertain(`It is not known whether ${call.slot} happened, and its connector can't tell.`);
  try {
    const found = await within(limit + stopAtMost, connector.lookup(call), null);
    if (!found) return uncertain(`Looking up ${call.slot} took too long.`);
    const { holds, forGood, receipt } = found;
    logger.info({ holds, forGood }, 'effect looked up');
    if (holds === 'wanted') return { kind: 'success', receipt: toReceipt(receipt) };
    if ((holds === 'none' || holds === 'former') && forGood && over) return 'void';
    return uncertain(`The other side can't say for certain whether ${call.slot} happened.`);
  } catch (error) {
    return uncertain(`Looking up ${call.slot} failed: ${messageOf(error)}`);
  }
}

/** What the work comes to, or `otherwise` after so many milliseconds. */
async function within<T>(milliseconds: number, work: Promise<T>, otherwise: T): Promise<T> {
  const done = new AbortController();
  const late = setTimeout(milliseconds, otherwise, { signal: done.signal });
  late.catch(() => {});
  // It may still fail after everybody stopped waiting for it.
  work.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    done.abort();
  }
}

function uncertain(message: string): CallEnd {
  return { kind: 'uncertain', failure: { type: 'Effect.Uncertain', message: toMessage(message) } };
}

function refused(message: string): CallEnd {
  return { kind: 'refused', failure: { type: 'Effect.Refused', message: toMessage(message) } };
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // `fetch` says what failed only in its cause.
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

/** It has happened: an answer that can't be kept must not make it look as if it had not. */
function toReceipt(answer: unknown): Json {
  try {
    // Half a surrogate pair has no canonical form: it is replaced, not the whole receipt.
    const mended = JSON.stringify(answer, (_name, value: unknown) =>
      typeof value === 'string' ? value.toWellFormed() : value,
    );
    const receipt = JSON.parse(canonicalJson(JSON.parse(mended))) as Json;
    return isWellFormed(receipt) ? receipt : null;
  } catch {
    return null;
  }
}
