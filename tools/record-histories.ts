import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { fileConnector } from '../activities/connectors/file.ts';
import project from '../baton.config.ts';
import { fetchHistories } from '../client/fetch-histories.ts';
import { outcomesOf } from '../client/read-run.ts';
import type { RunView } from '../contracts/messages.ts';
import { messageNames } from '../contracts/message-names.ts';
import type { Connector } from '../contracts/ports.ts';
import { ConnectorRefused } from '../contracts/ports.ts';
import { hello } from '../examples/01-hello/process.ts';
import { officeNotice } from '../examples/02-approval/process.ts';
import { roomBooking } from '../examples/03-question/process.ts';
import { marketOutlook } from '../examples/04-market-outlook/process.ts';
import { demandPlanning } from '../examples/05-demand-planning/process.ts';
import { breaking, parcels, shipment, shipping } from '../test/e2e/durability/shipment.ts';
import { expenseApproval } from '../examples/06-expense-approval/process.ts';
import { createPayments } from '../examples/06-expense-approval/payments.ts';
import { purchase, purchasing } from '../test/e2e/each/parts.ts';
import type { Purchasing } from '../test/e2e/each/parts.ts';
import { makeLedger } from '../test/e2e/make-ledger.ts';
import { startTestProject } from '../testing/start-test-project.ts';
import { personFor } from '../testing/script.ts';
import type { TestProject } from '../testing/start-test-project.ts';
import type { Script } from '../testing/script.ts';
import { openStudy, startPausedStudy } from './paused-study.ts';
import { writeRecording } from './write-recording.ts';

/** Those to record; all unless some are named. */
const named = new Set(process.argv.slice(2));
const by = { by: 'a-starter' };
const approve = { verb: 'approve' } as const;
const dataset = 'vega-datasets/us-employment.csv';

/** A refusal, then a line that breaks until a person is asked: for one run. */
function troubled(connector: Connector): Connector {
  const troubles = [
    new ConnectorRefused('The board is being painted.'),
    ...Array.from({ length: 3 }, () => new Error('The line broke.')),
  ];
  return {
    repeatable: true,
    async call(call) {
      const trouble = call.run === troubledRun ? troubles.shift() : undefined;
      if (trouble) throw trouble;
      return connector.call(call);
    },
  };
}
let troubledRun = '';

async function main(): Promise<void> {
  const out = await mkdtemp(path.join(tmpdir(), 'baton-record-'));
  const files = troubled(fileConnector({ root: out }));
  const parts = purchasing();
  const { processes, agents, connectors } = parts.project;
  const all = {
    ...project,
    processes: [...project.processes, ...processes, ...shipping.processes],
    agents: [...project.agents, ...agents, ...shipping.agents],
    data: { ...project.data, folders: [out] },
  };
  await using baton = await startTestProject(all, {
    connectors: { ...connectors, ...shipping.connectors, files },
    recallAtMost: 300,
  });
  try {
    await recordExamples(baton);
    await recordPurchases(baton, parts);
    await writeFile(path.join(out, 'generated.csv'), makeLedger());
    await recordPlanning(baton);
    await recordShipment(baton);
    await recordExpense(baton);
    await recordResearch(baton.address, out);
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

type Start = () => Promise<{ run: string }>;

/** A run that is decided by the script, unless others are named. */
async function record(baton: TestProject, name: string, start: Start, script: Script): Promise<void> {
  if (named.size > 0 && !named.has(name)) return;
  const { run } = await start();
  await baton.finish(run, script);
  await keep(baton, name, run);
}

async function recordExamples(baton: TestProject): Promise<void> {
  const notice = { subject: 'the pantry has moved', from: 'Facilities' };
  const startNotice = async (): Promise<{ run: string }> => baton.client.start(officeNotice, notice, by);
  await record(baton, 'hello', async () => baton.client.start(hello, { name: 'Mei' }, by), {});
  await record(baton, 'room-booking', async () => baton.client.start(roomBooking, { people: 9 }, by), {
    'room-finder': [{ verb: 'answer', answer: 'Plum' }],
  });
  await record(baton, 'office-notice', startNotice, {
    approveNotice: [approve],
    releaseNotice: [approve],
  });
  const startTroubled: Start = async () => {
    const started = await startNotice();
    troubledRun = started.run;
    return started;
  };
  await record(baton, 'office-notice-at-length', startTroubled, {
    approveNotice: [
      { verb: 'changes', changes: { task: 'notice-writer', fields: { tone: 'warm' }, words: 'Warmer.' } },
      { verb: 'edit', delta: { title: 'The pantry is on the 12th floor now' } },
      { verb: 'withdrawEdit' },
      { verb: 'edit', delta: { title: 'The pantry has moved upstairs' } },
      approve,
      // The edit no longer fits what was made anew: it is offered again, and this time written over.
      { verb: 'edit', delta: { title: 'Tea upstairs' } },
      approve,
    ],
    releaseNotice: [
      {
        verb: 'changes',
        changes: { task: 'notice-writer', inputs: { subject: 'the tea has moved' }, words: 'It is the tea.' },
      },
      approve,
      approve,
    ],
    putUp: [{ verb: 'retry' }, { verb: 'didNot' }],
  });
  const startOutlook = async (of: string): Promise<{ run: string }> =>
    baton.client.start(marketOutlook, { dataset: of, horizon: 12 }, by);
  await record(baton, 'market-outlook', async () => startOutlook(dataset), {
    approveForecast: [
      { verb: 'changes', changes: { task: 'forecasting', inputs: { horizon: 6 }, words: 'Half a year.' } },
      approve,
    ],
    releaseReport: [approve],
  });
  const missing = 'vega-datasets/nothing-of-that-name.csv';
  await record(baton, 'market-outlook-without-data', async () => startOutlook(missing), {
    'data-gathering': [{ verb: 'retry' }, { verb: 'stop', reason: 'There is no such table.' }],
  });
}

/** Runs over elements, with functions for agents. */
async function recordPurchases(baton: TestProject, { failing, outside }: Purchasing): Promise<void> {
  let sentBack = false;
  const list = 'M8: 100 x 0.5, M10: 3 x 40, M12: 1 x 7, M14: 2 x 60';
  const startFailing: Start = async () => {
    failing.add('M12');
    return baton.client.start(purchase, { list }, by);
  };
  await record(baton, 'purchase', startFailing, ({ kind, cell }) => {
    if (kind === 'exception') {
      failing.clear();
      return { verb: 'retry' };
    }
    if (cell !== 'quote/M14' || sentBack) return approve;
    sentBack = true;
    return { verb: 'changes', changes: { task: 'pricing/M14', fields: { discount: 5 } } };
  });
  const startAmended: Start = async () => {
    const { run } = await baton.client.start(purchase, { list: 'M8: 1 x 1, M12: 1 x 7' }, by);
    const ordered = outside.calls.length;
    const { checkpoint, digest } = await baton.opened(run, 'mayOrder');
    await baton.client.decide(run, { checkpoint: checkpoint.id, digest, ...approve }, personFor(checkpoint));
    while (outside.calls.length === ordered) await sleep(10);
    const kept = outside.calls.at(-1)?.slot === 'order/M8' ? 'M12: 1 x 7' : 'M8: 1 x 1';
    await baton.client.amend(run, 'list', `${kept}, M16: 1 x 9`, { id: 'an-owner', roles: ['owner'] });
    // Until then the desk may hold what is not asked while the list is read anew.
    await baton.opened(run, 'order');
    return { run };
  };
  await record(baton, 'purchase-amended', startAmended, ({ kind }) =>
    kind === 'correction' ? { verb: 'leave' } : approve,
  );
}

/** A generated ledger, planned product by product: one looked at and forecast anew, the order edited. */
async function recordPlanning(baton: TestProject): Promise<void> {
  const input = { dataset: 'generated.csv', products: 10, stock: { '10001': 200 } };
  await record(baton, 'demand-planning', async () => baton.client.start(demandPlanning, input, by), {
    lookAtOutlook: [
      {
        verb: 'changes',
        changes: { task: 'forecasting-demand/10003', fields: { method: 'naive' }, words: 'It fell.' },
      },
    ],
    approvePlan: [{ verb: 'edit', delta: { quantities: { '10001': 500 } } }, approve],
    releaseOrder: [{ ...approve, person: { id: 'another-manager', roles: ['manager'] } }],
  });
}

/** Agents within the workflow task, side by side: one is tried again, one fails until a person has it tried anew. */
async function recordShipment(baton: TestProject): Promise<void> {
  breaking.set('b', 1).set('e', 2);
  await record(
    baton,
    'shipment',
    async () => baton.client.start(shipment, { parcels }, by),
    ({ kind }) => (kind === 'exception' ? { verb: 'retry' } : approve),
  );
}

/** An expense that two approve; it was another amount, and the payment is amended before it is booked. */
async function recordExpense(baton: TestProject): Promise<void> {
  // Where the example's definition says that it is.
  const payments = createPayments().listen(4710, '127.0.0.1');
  const input = { employee: 'An Employee', purpose: 'hotel for a fair', amount: 9000 };
  const start: Start = async () => baton.client.start(expenseApproval, input, { ...by, key: 'EXP-1042' });
  await record(baton, 'expense-approval', start, {
    approveClaim: [approve, approve],
    releasePayment: [approve],
    bookExpense: [
      { verb: 'changes', changes: { task: 'claim-reader', inputs: { amount: 4500 }, words: 'Half of it.' } },
      approve,
    ],
    payOut: [{ verb: 'amend' }],
  });
  payments.close();
}

async function recordResearch(address: string, root: string): Promise<void> {
  await using baton = await openStudy(address, root);
  await record(baton, 'long-research', async () => startPausedStudy(baton), {
    lookAtRating: [{ verb: 'edit', delta: { scores: { light: 0.5 } } }, approve],
    releaseReport: [approve],
  });
}

/** What the run's history (or histories, if it went on in other executions) and ledger hold, and the state that its own workflow says it ended in. */
async function keep(baton: TestProject, name: string, run: string): Promise<void> {
  const handle = baton.client.temporal.workflow.getHandle(run);
  const { state } = await handle.query<RunView>(messageNames.state);
  const row = await baton.store.runs.get(run);
  const outcomes = outcomesOf(await baton.store.ledger.read(run)).map(({ outcome }) => outcome);
  const executions = await fetchHistories(baton.client.temporal, run);
  const histories = executions.map((one) => JSON.parse(historyToJSON(one)) as object);
  await writeRecording('histories', name, histories.length > 1 ? histories : histories[0]!);
  await writeRecording('outcomes', name, { run, start: row!.start, outcomes, state });
  console.log(`${name}: ${outcomes.length} outcomes, ${state.status}`);
}

await main();
process.exit(0);
