import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { fileConnector } from '../activities/connectors/file.ts';
import project from '../baton.config.ts';
import { outcomesOf } from '../client/read-run.ts';
import type { RunView } from '../contracts/messages.ts';
import { messageNames } from '../contracts/message-names.ts';
import type { Connector } from '../contracts/ports.ts';
import { ConnectorRefused } from '../contracts/ports.ts';
import { hello } from '../examples/01-hello/process.ts';
import { officeNotice } from '../examples/02-approval/process.ts';
import { roomBooking } from '../examples/03-question/process.ts';
import { marketOutlook } from '../examples/04-market-outlook/process.ts';
import { startTestProject } from '../testing/start-test-project.ts';
import type { Script, TestProject } from '../testing/start-test-project.ts';

const folder = fileURLToPath(new URL('../test/replay/', import.meta.url));
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
  await using baton = await startTestProject(project, { connectors: { files } });
  try {
    await recordAll(baton);
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

async function recordAll(baton: TestProject): Promise<void> {
  const by = { by: 'a-starter' };
  const notice = { subject: 'the pantry has moved', from: 'Facilities' };
  const finish = async (name: string, { run }: { run: string }, script: Script): Promise<void> => {
    await baton.finish(run, script);
    await keep(baton, name, run);
  };
  await finish('hello', await baton.client.start(hello, { name: 'Mei' }, by), {});
  await finish('room-booking', await baton.client.start(roomBooking, { people: 9 }, by), {
    'room-finder': [{ verb: 'answer', answer: 'Plum' }],
  });
  await finish('office-notice', await baton.client.start(officeNotice, notice, by), {
    approveNotice: [approve],
    releaseNotice: [approve],
  });
  const long = await baton.client.start(officeNotice, notice, by);
  troubledRun = long.run;
  await finish('office-notice-at-length', long, {
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
  await finish('market-outlook', await baton.client.start(marketOutlook, { dataset, horizon: 12 }, by), {
    approveForecast: [
      { verb: 'changes', changes: { task: 'forecasting', inputs: { horizon: 6 }, words: 'Half a year.' } },
      approve,
    ],
    releaseReport: [approve],
  });
  const missing = { dataset: 'vega-datasets/nothing-of-that-name.csv', horizon: 12 };
  await finish('market-outlook-without-data', await baton.client.start(marketOutlook, missing, by), {
    'data-gathering': [{ verb: 'retry' }, { verb: 'stop', reason: 'There is no such table.' }],
  });
}

/** What the run's history and ledger hold, and the state that its own workflow says it ended in. */
async function keep(baton: TestProject, name: string, run: string): Promise<void> {
  const handle = baton.client.temporal.workflow.getHandle(run);
  const { state } = await handle.query<RunView>(messageNames.state);
  const row = await baton.store.runs.get(run);
  const outcomes = outcomesOf(await baton.store.ledger.read(run)).map(({ outcome }) => outcome);
  await write('histories', name, JSON.parse(historyToJSON(await handle.fetchHistory())) as object);
  await write('outcomes', name, { run, start: row!.start, outcomes, state });
  console.log(`${name}: ${outcomes.length} outcomes, ${state.status}`);
}

async function write(kind: string, name: string, content: object): Promise<void> {
  await mkdir(path.join(folder, kind), { recursive: true });
  const text = JSON.stringify(content, (key, value: unknown) => (key === 'identity' ? 'recorder' : value), 1);
  const worker = `${process.pid}@${hostname()}`;
  const plain = text
    .replaceAll(worker, 'recorder')
    .replaceAll(fileURLToPath(new URL('../', import.meta.url)), '');
  await writeFile(path.join(folder, kind, `${name}.json`), `${plain}\n`);
}

await main();
process.exit(0);
