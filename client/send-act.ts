import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Json } from '../contracts/json.ts';
import type { ActAnswer } from '../contracts/messages.ts';
import { messageNames } from '../contracts/message-names.ts';
import type { Store } from '../contracts/ports.ts';
import { toFailure } from '../contracts/failures.ts';
import type { ActRequest, Door, Person } from './door.ts';
import { toClientFailure } from './client-failure.ts';

/** Milliseconds for a worker to take up a message. */
const patience = 30_000;
const closingTries = 20;
const closingPause = 100;

/** Signs an act, hands it to its run, and records the refusal where it is refused. */
export async function sendAct(
  client: Client,
  store: Store,
  door: Door,
  request: ActRequest,
  person: Person,
): Promise<ActAnswer> {
  const { id, signed } = door.sign(request, person);
  for (let tries = 1; ; tries++) {
    try {
      return await client.withDeadline(Date.now() + patience, async () =>
        client.workflow.getHandle(request.run).executeUpdate<ActAnswer, [unknown]>(messageNames.act, {
          args: [signed],
          updateId: id,
        }),
      );
    } catch (error) {
      const failure = await explain(store, toClientFailure(error, request.run), request.run);
      const type = failure instanceof ApplicationFailure ? failure.type : undefined;
      if (type === 'Run.Closing' && tries < closingTries) {
        // A refused Update's id is used up on the server: the same act goes again under it once the run has moved on.
        await sleep(closingPause);
        continue;
      }
      if (type && type !== 'Run.Unknown' && type !== 'Worker.None' && type !== 'Server.Unreachable') {
        await recordRefusal(store, id, request, person, type, failure.message);
      }
      throw failure;
    }
  }
}

/** Temporal forgets whether a run was ever there; the store does not. */
async function explain(store: Store, failure: Error, run: string): Promise<Error> {
  if (!(failure instanceof ApplicationFailure) || failure.type !== 'Run.Unknown') return failure;
  const row = await store.runs.get(run);
  if (!row) return toFailure('Run.Unknown', `There is no run ${run}.`, { name: run });
  return row.closedAt === null
    ? failure
    : toFailure('Run.Closed', `Run ${run} is ${row.status} since ${row.closedAt}.`, { name: run });
}

async function recordRefusal(
  store: Store,
  id: string,
  request: ActRequest,
  person: Person,
  type: string,
  message: string,
): Promise<void> {
  if (!(await store.runs.get(request.run))) return;
  const { run, epoch, kind } = request;
  const about =
    kind === 'decide' ? { checkpoint: request.checkpoint, digest: request.digest, verb: request.verb } : {};
  const body: Json = { kind, ...about, person: person.id, roles: person.roles, type, message };
  await store.commit({ records: [{ run, epoch, id: `refusal:${id}:${type}`, kind: 'refusal', body }] });
}
