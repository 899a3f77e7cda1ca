import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomUUID } from 'node:crypto';
import type { Client, Connection } from '@temporalio/client';
import { createClient } from '../../../client/create-client.ts';
import type { BatonClient } from '../../../client/create-client.ts';
import { createDoor } from '../../../client/door.ts';
import type { ActRequest, Door, Person } from '../../../client/door.ts';
import { sendAct } from '../../../client/send-act.ts';
import type { ActAnswer } from '../../../contracts/messages.ts';
import type { SignedAct } from '../../../contracts/signed-act.ts';
import { SignedAct as Signed, actEncodings } from '../../../contracts/signed-act.ts';
import { connectTo } from '../../../server/connect.ts';
import { startTestProject } from '../../../testing/start-test-project.ts';
import type { TestProject } from '../../../testing/start-test-project.ts';
import { temporalAddress } from '../../temporal-server.ts';
import { scriptedOutside } from '../slots/outside.ts';
import { smallOutlook, smallOutlookProject } from '../trace/outlook.ts';
import { openedAnew } from '../trace/wait.ts';
import { bytes, forgingDoor, looseDoor, onWire, rawClient, readAct } from './forge.ts';
import type { LooseDoor } from './forge.ts';
import { acceptedUpdates, failureOf, recorded, refusals } from './run-history.ts';

const address = await temporalAddress();
const analyst: Person = { id: 'an-analyst', roles: ['analyst'] };
const manager: Person = { id: 'a-manager', roles: ['manager'] };
const door = looseDoor();
const outside = scriptedOutside();
let baton: TestProject;
let connection: Connection;
let client: BatonClient;
let raw: Client;

beforeAll(async () => {
  baton = await startTestProject(smallOutlookProject(outside), { address });
  connection = await connectTo(address);
  const { store, taskQueue } = baton;
  client = createClient({ connection, store, taskQueue, door });
  raw = rawClient(connection);
});

afterAll(async () => {
  await baton.stop();
  await connection.close();
});

async function start(): Promise<string> {
  const { run } = await client.start(
    smallOutlook,
    { dataset: 'with-mining', horizon: 2 },
    { by: 'a-starter' },
  );
  return run;
}

/** The decision that an honest door would sign for this open checkpoint. */
async function decisionAt(run: string, name: string, more: object = {}): Promise<ActRequest> {
  const { checkpoint, digest } = await baton.opened(run, name);
  const row = await baton.store.runs.get(run);
  const request = {
    kind: 'decide',
    run,
    epoch: row!.epoch,
    checkpoint: checkpoint.id,
    digest,
    verb: 'approve',
    ...more,
  };
  return request as ActRequest;
}

const send = async (through: Door, request: ActRequest, person: Person = analyst): Promise<ActAnswer> =>
  sendAct(raw, baton.store, through, request, person);

/** Refused with this type, absent from the history, and on record as the door's refusal. */
async function expectRefused(run: string, type: string, act: () => Promise<unknown>): Promise<void> {
  const accepted = await acceptedUpdates(client, run);
  const before = await refusals(baton.store, run);
  const { state } = await client.state(run);
  expect(await failureOf(act())).toBe(type);
  expect(await acceptedUpdates(client, run)).toEqual(accepted);
  const after = await refusals(baton.store, run);
  expect(after.slice(before.length).map((refusal) => refusal['type'])).toEqual([type]);
  expect((await client.state(run)).state).toEqual(state);
}

type Forge = (signed: SignedAct, own: LooseDoor) => unknown;
const altered =
  (change: object): Forge =>
  (signed, own) =>
    own.signAct({ ...readAct(signed), ...change });
const without =
  (member: string): Forge =>
  (signed, own) => {
    const { [member]: _, ...rest } = readAct(signed);
    return own.signAct(rest);
  };
const garbage =
  (text: string): Forge =>
  (_, own) =>
    own.signBytes(bytes(text));

const forgeries: [what: string, type: string, forge: Forge][] = [
  ['plain JSON without a signature', 'Decision.Unsigned', readAct],
  [
    'plain JSON in the form of a verified act',
    'Decision.Unsigned',
    (signed, own) => ({ by: own.fingerprint, act: readAct(signed) }),
  ],
  ['nothing at all', 'Decision.Unsigned', () => null],
  [
    'a payload that claims to be verified',
    'Decision.Unsigned',
    (signed, own) =>
      onWire(signed, { encoding: actEncodings.verified, metadata: { by: bytes(own.fingerprint) } }),
  ],
  [
    'a payload signed with no signature',
    'Decision.BadSignature',
    (signed) => onWire(signed, { metadata: { signature: new Uint8Array() } }),
  ],
  [
    'a payload that is signed and says itself by whom',
    'Decision.BadSignature',
    (signed, own) =>
      onWire(signed, { metadata: { signature: new Uint8Array(64), by: bytes(own.fingerprint) } }),
  ],
  [
    'a key that is none',
    'Decision.BadSignature',
    (signed) => onWire(signed, { metadata: { key: bytes('short') } }),
  ],
  [
    'bytes altered after signing',
    'Decision.BadSignature',
    ({ data, signature, publicKey }) =>
      new Signed(
        Buffer.from(Buffer.from(data).toString().replace('analyst', 'anybody')),
        signature,
        publicKey,
      ),
  ],
  [
    "another's signature under a trusted key",
    'Decision.BadSignature',
    (signed) => new Signed(signed.data, looseDoor().signBytes(signed.data).signature, signed.publicKey),
  ],
  ['the signature of an unknown key', 'Decision.Untrusted', ({ data }) => looseDoor().signBytes(data)],
  ['an act that has expired', 'Decision.Expired', altered({ expiresAt: '2020-01-01T00:00:00.000Z' })],
  ['signed bytes that are no JSON', 'Decision.Malformed', garbage('\u0000\u0001 approve it')],
  ['signed null', 'Decision.Malformed', garbage('null')],
  ['a signed list', 'Decision.Malformed', garbage('[]')],
  ['a signed act of no known kind', 'Decision.Malformed', altered({ kind: 'constructor' })],
  ['a member too many', 'Decision.Malformed', altered({ approved: true })],
  ['a member of another type', 'Decision.Malformed', altered({ roles: 'analyst' })],
  ['an epoch that is a text', 'Decision.Malformed', altered({ epoch: '1' })],
  ['a time of expiry that is none', 'Decision.Malformed', altered({ expiresAt: 'never' })],
  ['an act far too large', 'Decision.Malformed', altered({ verb: 'edit', delta: 'x'.repeat(1_500_000) })],
  ...['id', 'run', 'epoch', 'person', 'roles', 'expiresAt', 'checkpoint', 'digest', 'verb'].map(
    (member): [string, string, Forge] => [`no ${member}`, 'Decision.Malformed', without(member)],
  ),
  ['another run', 'Decision.WrongRun', altered({ run: 'small-outlook-other' })],
  ['a later epoch', 'Decision.WrongRun', altered({ epoch: 2 })],
  ['a checkpoint that is not open', 'Checkpoint.NotOpen', altered({ checkpoint: 'review:other:forecast' })],
  ['another digest than the one shown', 'Checkpoint.Stale', altered({ digest: 'f'.repeat(64) })],
  ['a verb that is not offered', 'Checkpoint.NotOffered', altered({ verb: 'happened' })],
  ['a verb that nobody knows', 'Checkpoint.NotOffered', altered({ verb: 'toString' })],
  ['a person without the role', 'Decision.NotAllowed', altered({ roles: ['manager', 'Analyst'] })],
  ['a person in no role', 'Decision.NotAllowed', altered({ roles: [] })],
  ['an edit without a delta', 'Decision.InvalidEdit', altered({ verb: 'edit' })],
  [
    'an edit outside of its schema',
    'Decision.InvalidEdit',
    altered({ verb: 'edit', delta: { retail: 'a lot' } }),
  ],
  ['changes that say nothing', 'Decision.InvalidChanges', altered({ verb: 'changes' })],
  [
    'changes asked of a task downstream',
    'Decision.InvalidChanges',
    altered({ verb: 'changes', changes: { task: 'visualisation', fields: {} } }),
  ],
  [
    'changes in a field that is not declared',
    'Decision.InvalidChanges',
    altered({ verb: 'changes', changes: { task: 'forecasting', fields: { approve: true } } }),
  ],
  [
    'changes of an input that is not amendable',
    'Decision.InvalidChanges',
    altered({
      verb: 'changes',
      changes: {
        task: 'forecasting',
        fields: {},
        inputs: { dataset: { digest: 'a'.repeat(64), facts: { value: 'x' } } },
      },
    }),
  ],
  [
    'changes of an input to what its schema forbids',
    'Decision.InvalidChanges',
    altered({
      verb: 'changes',
      changes: {
        task: 'forecasting',
        fields: {},
        inputs: { horizon: { digest: 'a'.repeat(64), facts: { value: 99 } } },
      },
    }),
  ],
  [
    'changes of an input that hide its value',
    'Decision.InvalidChanges',
    altered({
      verb: 'changes',
      changes: {
        task: 'forecasting',
        fields: {},
        inputs: { horizon: { digest: 'a'.repeat(64), facts: {} } },
      },
    }),
  ],
  [
    'changes whose inputs are no versions',
    'Decision.Malformed',
    altered({ verb: 'changes', changes: { task: 'forecasting', fields: {}, inputs: { horizon: 99 } } }),
  ],
];

describe('a forged decision is refused by name, leaves nothing in the history, and the refusal is on record', () => {
  let run: string;
  let request: ActRequest;
  beforeAll(async () => {
    run = await start();
    request = await decisionAt(run, 'approveForecast');
  });

  it.each(forgeries)('%s: %s', async (_, type, forge) => {
    await expectRefused(run, type, async () => send(forgingDoor(door, forge), request));
  });

  it('a door that the run does not know: Decision.Untrusted', async () => {
    await expectRefused(run, 'Decision.Untrusted', async () => send(createDoor(), request));
  });

  it('a decision for another run, replayed here: Decision.WrongRun', async () => {
    const other = await start();
    const elsewhere = door.sign(await decisionAt(other, 'approveForecast'), analyst).signed;
    await expectRefused(run, 'Decision.WrongRun', async () =>
      send(
        forgingDoor(door, () => elsewhere),
        request,
      ),
    );
  });

  it('an act too large for any message: refused by the door before it is sent', async () => {
    const { checkpoint, digest } = await baton.opened(run, 'approveForecast');
    const huge = { checkpoint: checkpoint.id, digest, verb: 'edit', delta: 'x'.repeat(5_000_000) } as const;
    await expectRefused(run, 'Decision.Malformed', async () => baton.client.decide(run, huge, analyst));
  });

  it('after all that, the honest decision is accepted, once', async () => {
    await send(door, request);
    await baton.opened(run, 'releaseReport');
    expect(await acceptedUpdates(client, run)).toHaveLength(1);
    expect(await recorded(baton.store, run, 'decision')).toMatchObject([
      { verb: 'approve', by: { person: 'an-analyst', door: door.fingerprint } },
    ]);
    expect(await refusals(baton.store, run)).toHaveLength(forgeries.length + 3);
    expect(await baton.store.ledger.verify(run)).toEqual([]);
  });
});

describe('a decision counts once, where it was meant, while it is good', () => {
  it('whoever started the run may not release it under four eyes', async () => {
    const run = await start();
    await send(door, await decisionAt(run, 'approveForecast'));
    const request = await decisionAt(run, 'releaseReport');
    const starter = { id: 'a-starter', roles: ['manager'] };
    await expectRefused(run, 'Decision.FourEyes', async () => send(door, request, starter));
    await send(door, request, manager);
    expect((await client.result(run)).status).toBe('finished');
  });

  it('a retired key counts no more, the one added in its place does', async () => {
    const run = await start();
    const request = await decisionAt(run, 'approveForecast');
    const late = looseDoor();
    await expectRefused(run, 'Decision.Untrusted', async () => send(late, request));
    await expectRefused(run, 'Decision.NotAllowed', async () =>
      client.trust(run, { add: [late.fingerprint] }, { id: 'a-starter', roles: [] }),
    );
    await client.trust(run, { add: [late.fingerprint], retire: [door.fingerprint] }, analyst);
    await expectRefused(run, 'Decision.Untrusted', async () => send(door, request));
    await expectRefused(run, 'Command.Refused', async () =>
      send(late, { kind: 'trust', run, epoch: 1, add: [], retire: [late.fingerprint] }),
    );
    await send(late, request);
    expect((await baton.opened(run, 'releaseReport')).checkpoint.kind).toBe('authorise');
  });

  it('an approval of an earlier round is stale, also where the same was made again', async () => {
    const run = await start();
    const first = await decisionAt(run, 'approveForecast');
    await send(door, {
      ...first,
      verb: 'changes',
      changes: { task: 'forecasting', fields: { exclude: ['fishing'] } },
    } as ActRequest);
    const seen = {
      checkpoint: (await baton.opened(run, 'approveForecast')).checkpoint,
      digest: (first as { digest: string }).digest,
    };
    const again = await openedAnew(baton, run, 'approveForecast', seen);
    expect(again.checkpoint.round).toBe(1);
    expect(again.checkpoint.basis).toBe(
      (await recorded(baton.store, run, 'decision')).map(({ basis }) => basis)[0],
    );
    await expectRefused(run, 'Checkpoint.Stale', async () => send(door, first));
    await send(door, { ...first, digest: again.digest } as ActRequest);
    expect((await baton.opened(run, 'releaseReport')).checkpoint.round).toBe(0);
  });

  it('a decision signed for one epoch does not count in the next', async () => {
    const run = await start();
    const request = await decisionAt(run, 'approveForecast');
    const { signed } = door.sign(request, analyst);
    await client.cancel(run, analyst);
    expect((await client.result(run)).status).toBe('cancelled');
    await client.rerun(run, 'forecasting', analyst);
    const now = await decisionAt(run, 'approveForecast');
    expect(now).toMatchObject({ epoch: 2 });
    await expectRefused(run, 'Decision.WrongRun', async () =>
      send(
        forgingDoor(door, () => signed),
        now,
      ),
    );
    await send(door, now);
    expect((await baton.opened(run, 'releaseReport')).checkpoint.kind).toBe('authorise');
  });

  it('the same signed act under other Update ids is answered and folded once', async () => {
    const run = await start();
    const request = await decisionAt(run, 'approveForecast');
    const { id, signed } = door.sign(request, analyst);
    const handle = raw.workflow.getHandle(run);
    const answer = async (updateId: string): Promise<ActAnswer> =>
      handle.executeUpdate<ActAnswer, [unknown]>('decideUpdate', { args: [signed], updateId });
    expect((await answer(id)).accepted).toBe(true);
    expect((await answer(id)).id).toBe(id);
    expect((await answer(randomUUID())).id).toBe(id);
    await baton.opened(run, 'releaseReport');
    expect((await answer(randomUUID())).id).toBe(id);
    expect(await recorded(baton.store, run, 'decision')).toHaveLength(1);
    expect(await recorded(baton.store, run, 'started')).toHaveLength(3);
  });

  it('an id that another decision bears: Decision.IdInUse', async () => {
    const run = await start();
    const request = await decisionAt(run, 'approveForecast', { id: randomUUID() });
    await send(door, request);
    const next = await decisionAt(run, 'releaseReport', { id: request.id });
    expect(await failureOf(send(door, next, manager))).toBe('Decision.IdInUse');
    expect((await refusals(baton.store, run)).map((refusal) => refusal['type'])).toEqual([
      'Decision.IdInUse',
    ]);
    expect(await recorded(baton.store, run, 'decision')).toHaveLength(1);
  });

  it('to a closed run: Run.Closed; to a run that never was: Run.Unknown', async () => {
    const run = await start();
    const request = await decisionAt(run, 'approveForecast');
    await client.cancel(run, analyst);
    const { head } = await client.result(run);
    expect(await failureOf(send(door, request))).toBe('Run.Closed');
    expect(await refusals(baton.store, run)).toMatchObject([{ type: 'Run.Closed', person: 'an-analyst' }]);
    expect(await baton.store.ledger.verify(run, head!)).toEqual([]);
    expect(await failureOf(send(door, { ...request, run: 'small-outlook-never' }))).toBe('Run.Unknown');
    expect(await failureOf(client.cancel('small-outlook-never', analyst))).toBe('Run.Unknown');
  });
});

describe('many at once', () => {
  it('the same decision fifty times is one Update and one decision', async () => {
    const run = await start();
    const { checkpoint, digest } = await baton.opened(run, 'approveForecast');
    const decision = { checkpoint: checkpoint.id, digest, verb: 'approve', id: randomUUID() } as const;
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () => client.decide(run, decision, analyst)),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await acceptedUpdates(client, run)).toEqual([decision.id]);
    await baton.opened(run, 'releaseReport');
    expect(await recorded(baton.store, run, 'decision')).toHaveLength(1);
    expect(await refusals(baton.store, run)).toEqual([]);
  });

  it('of two different decisions one counts, and the other is told', async () => {
    const run = await start();
    const { checkpoint, digest } = await baton.opened(run, 'approveForecast');
    const at = { checkpoint: checkpoint.id, digest };
    const other = { id: 'another-analyst', roles: ['analyst'] };
    const ends = await Promise.allSettled([
      client.decide(run, { ...at, verb: 'approve' }, analyst),
      client.decide(run, { ...at, verb: 'changes', changes: { task: 'forecasting', words: 'No.' } }, other),
    ]);
    expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const lost = ends.find((end) => end.status === 'rejected');
    expect(['Checkpoint.NotOpen', 'Checkpoint.Stale']).toContain((lost!.reason as { type: string }).type);
    expect(await acceptedUpdates(client, run)).toHaveLength(1);
  });
});
