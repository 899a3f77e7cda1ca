import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { OrderPlan } from '../../../examples/05-demand-planning/agents.ts';
import { forecastDemand } from '../../../examples/05-demand-planning/forecast.ts';
import { readDemand } from '../../../examples/05-demand-planning/ledger.ts';
import { planOrder } from '../../../examples/05-demand-planning/order.ts';
import { demandPlanning } from '../../../examples/05-demand-planning/process.ts';
import { temporalAddress } from '../../temporal-server.ts';
import { makeLedger } from '../make-ledger.ts';
import { expectRecorded, resultsOf } from './expect-whole.ts';
import type { Failpoint } from './failpoints.ts';
import { life } from './letter.ts';
import { startReceiver } from './receiver.ts';
import { startTrial } from './trial.ts';
import type { Trial } from './trial.ts';
import { clearWorkshop, startWorkerProcess } from './worker-process.ts';

// Most of the time of each is spent waiting until the server takes a worker for dead.
vi.setConfig({ maxConcurrency: 16 });
// A cap on what hangs; nothing here is decided by how long it takes.
const patience = 300_000;

const address = await temporalAddress();
const receiver = await startReceiver();
const survivor = await startWorkerProcess();

afterAll(async () => {
  await survivor.kill();
  await receiver[Symbol.asyncDispose]();
  await clearWorkshop();
});

const dataset = 'generated.csv.gz';
const input = { dataset, products: 10, holdout: 8, horizon: 8, leadWeeks: 4, stock: {} };

/** The process, whose dead attempts are noticed sooner, and whose order is written at once. */
const planning: typeof demandPlanning = {
  ...demandPlanning,
  manifest: {
    ...demandPlanning.manifest,
    effects: Object.fromEntries(
      Object.entries(demandPlanning.manifest.effects).map(([name, effect]) => [
        name,
        { ...effect, recall: 0 },
      ]),
    ),
    tasks: Object.fromEntries(
      Object.entries(demandPlanning.manifest.tasks).map(([name, task]) => [
        name,
        { ...task, heartbeat: 1000 * Number.parseInt(life.heartbeat, 10), tries: life.tries },
      ]),
    ),
  },
};

/** What the run has to come to, reckoned without it. */
async function planAlone(folder: string): Promise<OrderPlan> {
  const { demand } = await readDemand({ path: path.join(folder, dataset), products: 10, holdout: 8 });
  const outlook = Object.fromEntries(
    Object.entries(demand).map(([code, one]) => [code, forecastDemand({ code, demand: one, horizon: 8 })]),
  );
  return planOrder({ outlook, leadWeeks: 4, stock: {} });
}

async function expectPlanned(trial: Trial): Promise<void> {
  const result = await trial.finish();
  expect(trial.deaths).toBe(1);
  const plan = await planAlone(trial.folder);
  expect(await trial.client.read(result.outputs['orderPlan']!)).toEqual(plan);
  const out = path.join(trial.folder, 'out', 'demand-planning', trial.run, 'purchaseOrder');
  expect(await readFile(path.join(out, 'purchase-order.csv'), 'utf8')).toBe(plan.csv);
  expect(await readFile(path.join(out, 'purchase-order.xlsx'), 'base64')).toBe(plan.xlsx);
  expect((await trial.store.slots.list(trial.run)).map(({ slot, status }) => `${slot} ${status}`)).toEqual([
    'purchaseOrder success',
  ]);
  expect(resultsOf(await expectRecorded(trial, result))).toEqual([
    'forecasting-demand/10001 done',
    'forecasting-demand/10002A done',
    'forecasting-demand/10003 done',
    'ordering done',
    'reporting done',
    'sales-ledger done',
  ]);
}

// Where the ledger was read, one product of several is forecast, and the order is written.
const failpoints: Failpoint[] = [
  { moment: 'before', operation: 'snapshots.save sales-ledger', nth: 1 },
  { moment: 'after', operation: 'result sales-ledger', nth: 1 },
  { moment: 'after', operation: 'snapshots.save forecasting-demand/10003', nth: 1 },
  { moment: 'before', operation: 'result forecasting-demand/10001', nth: 1 },
  { moment: 'before', operation: 'snapshots.save ordering', nth: 1 },
  { moment: 'after', operation: 'reserved', nth: 1 },
  { moment: 'after', operation: 'connector.call', nth: 1 },
  { moment: 'after', operation: 'settle', nth: 1 },
];

describe.concurrent('killed while it plans demand: the same order, written once', () => {
  it.each(failpoints)('$moment $operation, time $nth', { timeout: patience }, async (failpoint) => {
    await using trial = await startTrial({
      address,
      receiver,
      survivor,
      process: planning,
      input,
      prepare: async (folder) => writeFile(path.join(folder, dataset), gzipSync(makeLedger())),
      failpoints: [{ ...failpoint, how: 'kill' }],
    });
    await expectPlanned(trial);
  });
});
