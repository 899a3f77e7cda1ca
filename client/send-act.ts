import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { digestOf } from '../contracts/json.ts';
import type { Json } from '../contracts/json.ts';
import type { ActAnswer } from '../contracts/messages.ts';
import { messageNames } from '../contracts/message-names.ts';
import type { Store } from '../contracts/ports.ts';
import { isSeenAs } from '../contracts/seen.ts';
import { toFailure } from '../contracts/failures.ts';
import type { ActRequest, Door, Person } from './door.ts';
import { toClientFailure } from './client-failure.ts';

/** Milliseconds for a worker to take up a message. */
const patience = 30_000;
const triesAtMost = 20;
const pause = 100;

/** Signs an act, hands it to its run, and records the refusal where it is refused. */
export async function sendAct(
  client: Client,
  store: Store,
  door: Door,
  request: ActRequest,
  person: Person,
): Promise<ActAnswer> {
  const { id, signed } = await prepareAct(store, request, person, () => door.sign(request, person));
  for (let tries = 1; ; tries++) {
    let answer: ActAnswer;
    try {
      answer = await client.withDeadline(Date.now() + patience, async () =>
        client.workflow.getHandle(request.run).executeUpdate<ActAnswer, [unknown]>(messageNames.act, {
          args: [signed],
          updateId: id,
        }),
      );
    } catch (error) {
      const failure = await explain(store, toClientFailure(error, request.run), request.run);
      const type = failure instanceof ApplicationFailure ? failure.type : undefined;
      if (tries < triesAtMost && (type === 'Run.Closing' || (await isBehind(store, request, type)))) {
        // A refused Update's id is used up on the server: the same act goes again under it once the run has moved on.
        await sleep(pause);
        continue;
      }
      if (type && type !== 'Run.Unknown' && type !== 'Worker.None' && type !== 'Server.Unreachable') {
        await recordRefusal(store, id, request, person, type, failure.message);
      }
      throw type === 'Worker.None' ? mayStillCount(failure, id, request) : failure;
    }
    if (!isSeenAs(answer.as, { ...request, person: person.id })) {
      // The server answers an Update's id with what it answered first, whatever the act under it says now.
      const message = `Another decision of this run bears the id ${id}.`;
      await recordRefusal(store, id, request, person, 'Decision.IdInUse', message);
      throw toFailure('Decision.IdInUse', message, { name: request.run });
    }
    return answer;
  }
}

/** The server keeps a message that nobody took up: a worker that comes later may find it. */
function mayStillCount(cause: Error, id: string, { kind, run }: ActRequest): Error {
  const again = kind === 'decide' ? ': sending it again under this id is harmless' : '';
  const message = `${cause.message} It may still count once a worker does, under the id ${id}${again}.`;
  return toFailure('Worker.None', message, { name: run, cause });
}

/**
 * Whether the desk shows what the run does not know yet: a worker that died between showing a checkpoint and saying so
 * leaves the run to come to it again.
 */
async function isBehind(
  store: Store,
  request: ActRequest,
  type: string | null | undefined,
): Promise<boolean> {
  if (request.kind !== 'decide' || (type !== 'Checkpoint.NotOpen' && type !== 'Checkpoint.Stale'))
    return false;
  const open = await store.desk.open({ run: request.run });
  return open.some((row) => row.checkpoint.id === request.checkpoint && row.digest === request.digest);
}

/** What an act is about: enough to put its refusal on record. */
export type AboutAct = Pick<ActRequest, 'run' | 'epoch' | 'kind' | 'id'> & {
  checkpoint?: string;
  digest?: string;
  verb?: string;
};

/** Does what has to be done before an act can be sent; where that refuses the act, the refusal goes on record too. */
export async function prepareAct<T>(
  store: Store,
  about: AboutAct,
  person: Person,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ApplicationFailure && error.type && isOfTheAct(error.type)) {
      await recordRefusal(store, about.id ?? randomUUID(), about, person, error.type, error.message);
    }
    throw error;
  }
}

const isOfTheAct = (type: string): boolean => /^(?:Decision|Checkpoint|Command|Input)\./.test(type);

/** Temporal forgets whether a run was ever there; the store does not. */
async function explain(store: Store, failure: Error, run: string): Promise<Error> {
  if (!(failure instanceof ApplicationFailure) || failure.type !== 'Run.Unknown') return failure;
  const row = await store.runs.get(run);
  if (!row) return toFailure('Run.Unknown', `There is no run ${run}.`, { name: run });
  return row.closedAt === null
    ? failure
    : toFailure('Run.Closed', `Run ${run} is ${row.status} since ${row.closedAt}.`, { name: run });
}

/** What keeps a refusal from being recorded is only warned of: the refusal itself is what the caller has to hear. */
async function recordRefusal(
  store: Store,
  id: string,
  request: AboutAct,
  person: Person,
  type: string,
  message: string,
): Promise<void> {
  const { run, epoch, kind, checkpoint = null, digest = null, verb = null } = request;
  const about = kind === 'decide' ? { checkpoint, digest, verb } : {};
  const body: Json = { kind, ...about, person: person.id, roles: person.roles, type, message };
  try {
    if (!(await store.runs.get(run))) return;
    // Others may be refused under the same id: each refusal is a record of its own.
    const content = digestOf(body).slice(0, 16);
    const record = { run, epoch, id: `refusal:${id}:${type}:${content}`, kind: 'refusal' as const, body };
    await store.commit({ records: [record] });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.emitWarning(`The refusal of ${id} (${type}) could not be recorded: ${reason}`);
  }
}
