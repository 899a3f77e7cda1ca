import path from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { outside } from '../../contracts/define-supplier.ts';
import { defineProcess } from '../../contracts/define-process.ts';
import type { Json } from '../../contracts/json.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import { openStore } from '../../store/open-store.ts';
import { openDesk } from './run-baton.ts';

const prices = z.object({ tea: z.number() });
const { manifest } = defineProcess({
  name: 'wait-for-prices',
  input: z.object({}),
  output: { prices },
  team: [outside({ name: 'feed', produces: { prices } })],
});

it('show says where a record has gaps, and no longer once what was missing has come', async () => {
  await using desk = await openDesk();
  await using parts = new AsyncDisposableStack();
  const store = await openStore({ folder: path.join(desk.folder, '.baton', 'store') });
  parts.defer(async () => store.close());
  const run = 'wait-for-prices-1';
  const start = { kind: 'new', run, manifest, inputs: {}, startedBy: 'a-starter', trusted: [] };
  const row = { run, process: manifest.name, key: null, epoch: 1, startedBy: 'a-starter' };
  await store.runs.reserve({ ...row, manifestDigest: manifest.digest, start: start as unknown as Json });
  const record = async (from: number): Promise<void> => {
    const by = { person: 'an-owner', roles: ['owner'], door: 'a-door' };
    const at = new Date(0).toISOString();
    const outcome: Outcome = { type: 'invalidate', id: `number-${from}`, task: 'feed', by, at };
    await store.commit({ batch: { run, epoch: 1, from, outcomes: [outcome] } });
  };
  await record(0);
  await record(2);
  expect((await desk.baton('show', run)).stdout).toMatch(/^The record has gaps/m);
  expect(await desk.json('show', run, '--json')).toMatchObject({ complete: false });
  await record(1);
  expect((await desk.baton('show', run)).stdout).not.toContain('gaps');
  expect(await desk.json('show', run, '--json')).toMatchObject({ complete: true });
});
