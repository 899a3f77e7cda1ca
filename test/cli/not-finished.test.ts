import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whyClosed } from '../../cli/why-closed.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import { temporalAddress } from '../temporal-server.ts';
import { openDesk } from './run-baton.ts';
import type { Desk } from './run-baton.ts';

const address = await temporalAddress();
const config = ['--config', path.join(import.meta.dirname, 'processes/wait-for-prices.ts')];
let desk: Desk;
beforeAll(async () => {
  desk = await openDesk('--address', address, '--task-queue', `cli-${randomUUID()}`);
});
afterAll(async () => desk[Symbol.asyncDispose]());

describe('baton run, where the run does not finish', { timeout: 300_000 }, () => {
  it('ends with 1 and says why: stopped', async () => {
    const input = '{"dataset": "data/none.csv", "horizon": 12}';
    const { code, stdout } = await desk.baton('run', 'market-outlook', '--input', input, '--approve');
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /market-outlook-\S+ stopped\n {2}data-gathering failed: .*data\/none\.csv.*\n {2}demo-\S+ \(\S+\): stop at exception:task:data-gathering\n$/,
    );
  });

  it('ends with 1 and says why: cancelled from elsewhere', async () => {
    const run = await desk.keep(', started by', 'run', 'wait-for-prices', '--by', 'clerk', ...config);
    const [, id] = /run {5}(\S+), started by/.exec(run.output())!;
    await desk.json('cancel', id!, '--as', 'clerk');
    expect(await run.ended()).toBe(1);
    expect(run.output()).toMatch(/wait-for-prices-\S+ cancelled\n {2}clerk cancelled the run\n$/);
  });

  it('ends with 130 and says how it goes on: left by Ctrl+C', async () => {
    const run = await desk.keep(', started by', 'run', 'wait-for-prices', ...config);
    const [, id] = /run {5}(\S+), started by/.exec(run.output())!;
    expect(await run.interrupt()).toBe(130);
    expect(run.output()).toContain(`npm run baton -- show ${id}  shows what is asked`);
  });
});

it('why a run closed is who ended it last, and what had failed just there', () => {
  const by = { person: 'li', roles: ['analyst'], door: 'd' };
  const at = new Date(0).toISOString();
  const failed = (task: string): Outcome => ({
    type: 'result',
    task,
    attempt: 1,
    epoch: 1,
    end: { kind: 'failed', failure: { type: 'Data.Unfit', message: `${task} had none` } },
  });
  const decided = (checkpoint: string, verb: 'stop' | 'reject' | 'retry'): Outcome => ({
    type: 'decision',
    id: checkpoint,
    checkpoint,
    kind: 'exception',
    basis: 'b',
    round: 0,
    digest: 'd',
    verb,
    by,
    at,
  });
  const why = (...outcomes: Outcome[]): string[] =>
    whyClosed(outcomes.map((outcome, index) => ({ index, epoch: 1, seq: index, at, outcome })));
  expect(
    why(
      failed('gather'),
      failed('draw'),
      decided('exception:task:gather', 'retry'),
      decided('exception:task:draw', 'stop'),
    ),
  ).toEqual(['draw failed: draw had none', 'li (analyst): stop at exception:task:draw']);
  expect(why(failed('gather'), decided('review:approve:forecast', 'reject'))).toEqual([
    'li (analyst): reject at review:approve:forecast',
  ]);
  expect(why(failed('gather'))).toEqual([]);
});
