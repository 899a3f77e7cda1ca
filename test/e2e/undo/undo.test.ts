import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestProject } from '../../../testing/start-test-project.ts';
import type { TestProject } from '../../../testing/start-test-project.ts';
import { temporalAddress } from '../../temporal-server.ts';
import { recorded } from '../decisions/run-history.ts';
import { decideAt, expectLedgerAgrees, openedAnew } from '../trace/wait.ts';
import { noticeOf, noticeProject, openBoard } from './notice-board.ts';
import type { Board } from './notice-board.ts';

const address = await temporalAddress();
const starter = { id: 'a-starter', roles: [] };
const owner = { id: 'an-owner', roles: ['owner'] };
let baton: TestProject;
let board: Board;
let root: string;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'baton-undo-'));
  board = await openBoard();
  baton = await startTestProject(noticeProject(root, board.url), { address });
});
afterAll(async () => {
  await baton.stop();
  await board[Symbol.asyncDispose]();
  await rm(root, { recursive: true, force: true });
});

async function start(): Promise<string> {
  return (await baton.client.start(noticeOf(board.url), { subject: 'tea' }, { by: 'a-starter' })).run;
}

async function posted(): Promise<string> {
  const run = await start();
  await decideAt(baton, run, await openedAnew(baton, run, 'mayPost'), { verb: 'approve' });
  await openedAnew(baton, run, 'readMinute');
  await expect.poll(async () => (await slots(run))['ring'], { timeout: 20_000 }).toBe('done');
  return run;
}

async function slots(run: string): Promise<{ [slot: string]: string }> {
  const { state } = await baton.client.state(run);
  return Object.fromEntries(Object.entries(state.slots).map(([slot, { status }]) => [slot, status]));
}

const folderOf = (run: string): string => path.join(root, 'notices', run);
const filed = async (run: string): Promise<string[]> => readdir(folderOf(run)).catch(() => []);
const hangs = (run: string): string[] =>
  [...board.holds.keys()].filter((place) => place.includes(`/${run}/`));
const deleted = (run: string): string[] =>
  board.calls.filter((call) => call.startsWith('DELETE') && call.includes(`/${run}/`));

async function isWhole(run: string): Promise<void> {
  const result = await baton.client.result(run);
  expect(await baton.store.ledger.verify(run, result.head!)).toEqual([]);
  await expectLedgerAgrees(baton, run);
}

describe('cancelled with undo', () => {
  it('before anything was done: nothing is undone', async () => {
    const run = await start();
    await baton.client.cancel(run, starter, { undo: true });
    const { status } = await baton.client.result(run);
    expect(status).toBe('cancelled');
    // What was already under way is ended first, then taken back.
    expect((await slots(run))['file'] ?? 'undone').toBe('undone');
    expect(await filed(run)).toEqual([]);
  });

  it('after the first effect: whoever it names for that agrees, and only what it wrote is gone', async () => {
    const run = await start();
    await openedAnew(baton, run, 'mayPost');
    expect(await readFile(path.join(folderOf(run), 'file', 'notice.txt'), 'utf8')).toBe('About tea');
    await writeFile(path.join(folderOf(run), 'file', 'remark.txt'), 'by hand');
    await baton.client.cancel(run, starter, { undo: true });
    const asked = await openedAnew(baton, run, 'file');
    expect(asked.checkpoint).toMatchObject({
      kind: 'correction',
      by: { role: 'registrar' },
      offers: ['undo', 'leave'],
      shown: { effect: { consequences: 'The notice is filed.' } },
    });
    await expect(
      baton.client.decide(
        run,
        { checkpoint: asked.checkpoint.id, digest: asked.digest, verb: 'undo' },
        owner,
      ),
    ).rejects.toMatchObject({ type: 'Decision.NotAllowed' });
    await decideAt(baton, run, asked, { verb: 'undo' });
    const refused = await openedAnew(baton, run, 'file', asked);
    expect(refused.checkpoint).toMatchObject({ kind: 'exception', offers: ['retry', 'leave'] });
    expect(refused.checkpoint.shown.failure?.message).toContain('remark.txt');
    await rm(path.join(folderOf(run), 'file', 'remark.txt'));
    await decideAt(baton, run, refused, { verb: 'retry' });
    expect((await baton.client.result(run)).status).toBe('cancelled');
    expect(await filed(run)).toEqual([]);
    expect(await slots(run)).toEqual({ file: 'undone' });
    await isWhole(run);
  });

  it('after all of them: newest first, one by one; what can not be undone stays', async () => {
    const run = await posted();
    await baton.client.cancel(run, starter, { undo: true });
    const asked = await openedAnew(baton, run, 'file');
    expect(hangs(run)).toEqual([`/bell/${run}/ring`]);
    expect(await filed(run)).toEqual(['file']);
    await decideAt(baton, run, asked, { verb: 'undo' });
    expect((await baton.client.result(run)).status).toBe('cancelled');
    expect(deleted(run)).toEqual([`DELETE /board/${run}/post`]);
    expect(await filed(run)).toEqual([]);
    expect(await slots(run)).toEqual({ file: 'undone', post: 'undone', ring: 'done' });
    const undone = (await recorded(baton.store, run, 'effectEnded')).filter(({ verb }) => verb === 'undo');
    expect(undone.map(({ slot }) => slot)).toEqual(['post', 'file']);
    await isWhole(run);
  });

  it('the other side refuses, then a person leaves it; another slot is undone all the same', async () => {
    const run = await posted();
    board.answers.push(404);
    await baton.client.cancel(run, starter, { undo: true });
    await decideAt(baton, run, await openedAnew(baton, run, 'post'), { verb: 'leave' });
    await decideAt(baton, run, await openedAnew(baton, run, 'file'), { verb: 'undo' });
    expect((await baton.client.result(run)).status).toBe('cancelled');
    expect(await slots(run)).toEqual({ file: 'undone', post: 'done', ring: 'done' });
    expect(hangs(run)).toContain(`/board/${run}/post`);
    await isWhole(run);
  });

  it('the line breaks: asked again under the same key, and undone once', async () => {
    const run = await posted();
    board.answers.push(503);
    await baton.client.cancel(run, starter, { undo: true });
    await decideAt(baton, run, await openedAnew(baton, run, 'file'), { verb: 'leave' });
    expect((await baton.client.result(run)).status).toBe('cancelled');
    expect(deleted(run)).toHaveLength(2);
    expect(hangs(run)).toEqual([`/bell/${run}/ring`]);
    expect(await filed(run)).toEqual(['file']);
    await isWhole(run);
  });
});

it('rejected with undo, by a review that closes: what was done is taken back', async () => {
  const run = await posted();
  await decideAt(baton, run, await openedAnew(baton, run, 'readMinute'), { verb: 'reject', undo: true });
  await decideAt(baton, run, await openedAnew(baton, run, 'file'), { verb: 'undo' });
  expect((await baton.client.result(run)).status).toBe('rejected');
  expect(await slots(run)).toEqual({ file: 'undone', post: 'undone', ring: 'done' });
  await isWhole(run);
});

it('a correction undoes what was posted and posts the new content; the file is amended in its place', async () => {
  const run = await posted();
  await baton.client.amend(run, 'subject', 'coffee', owner);
  await decideAt(baton, run, await openedAnew(baton, run, 'file'), { verb: 'amend' });
  const correction = await openedAnew(baton, run, 'post');
  expect(correction.checkpoint.offers).toEqual(['leave', 'undoThenDo', 'changes']);
  await decideAt(baton, run, correction, { verb: 'undoThenDo' });
  await expect
    .poll(async () => (await baton.client.state(run)).state.slots['post']?.n, { timeout: 20_000 })
    .toBe(1);
  await expect.poll(async () => (await slots(run))['post'], { timeout: 20_000 }).toBe('done');
  expect(board.calls.filter((call) => call.endsWith(`/${run}/post`))).toEqual([
    `PUT /board/${run}/post`,
    `DELETE /board/${run}/post`,
    `PUT /board/${run}/post`,
  ]);
  expect(board.holds.get(`/board/${run}/post`)).toContain('About coffee');
  expect(await readFile(path.join(folderOf(run), 'file', 'notice.txt'), 'utf8')).toBe('About coffee');
  await decideAt(baton, run, await openedAnew(baton, run, 'readMinute'), { verb: 'approve' });
  expect((await baton.client.result(run)).status).toBe('finished');
  await isWhole(run);
});
