import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startTemporalServer } from '../../../server/start-server.ts';
import { byRecord, discoverFailpoints } from '../kill/discover.ts';
import { expectOrdered, expectWhole } from '../kill/expect-whole.ts';
import type { Failpoint } from '../kill/failpoints.ts';
import { letterToLookUp, letterToRepeat } from '../kill/letter.ts';
import { ordersInput, ordersToLookUp } from '../kill/orders.ts';
import { startReceiver } from '../kill/receiver.ts';
import { clearWorkshop, startWorkerProcess } from '../kill/worker-process.ts';
import { planRound } from './plan.ts';
import { runRound } from './run-round.ts';
import type { Subject } from './run-round.ts';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' } },
});
const minutes = Number(values.minutes);
const firstSeed = Number(values.seed);
if (!(minutes > 0) || !Number.isSafeInteger(firstSeed)) {
  process.stderr.write('usage: npm run kills -- [--minutes N] [--seed S]\n');
  process.exit(2);
}

// A server of its own: another's is not ours to kill.
delete process.env['TEMPORAL_ADDRESS'];
const folder = await mkdtemp(path.join(tmpdir(), 'baton-kills-'));
let server = await startTemporalServer({ folder, report: (line) => process.stderr.write(`${line}\n`) });
const { address } = server;
const receiver = await startReceiver();
const survivor = await startWorkerProcess();
const processes = {
  once: { process: letterToRepeat(`${receiver.url}/letters/once`), expectWhole },
  each: { process: letterToLookUp(`${receiver.url}/letters/each`), expectWhole },
  elements: {
    process: ordersToLookUp(`${receiver.url}/letters/each`),
    input: ordersInput,
    expectWhole: expectOrdered,
  },
};
const discover = async (subject: Subject): Promise<Failpoint[]> =>
  discoverFailpoints({ address, receiver, survivor, ...subject });

const place = {
  address,
  receiver,
  survivor,
  processes,
  async replaceServer() {
    process.kill(server.pid!, 'SIGKILL');
    server = await startTemporalServer({ folder, port: Number(address.split(':')[1]) });
  },
};

const count = { workers: 0, servers: 0, runs: 0, broken: 0 };
try {
  const failpoints = {
    once: await discover(processes.once),
    each: await discover(processes.each),
    elements: byRecord(await discover(processes.elements)),
  };
  const started = Date.now();
  const seconds = (): number => Math.round((Date.now() - started) / 1000);
  for (let seed = firstSeed; seconds() < minutes * 60 && count.broken === 0; seed++) {
    const round = planRound(seed, failpoints);
    const { workers, servers, broken } = await runRound(round, place);
    count.workers += workers;
    count.servers += servers;
    count.runs += round.plans.length;
    count.broken += broken.length;
    for (const { plan, error } of broken) {
      const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.stderr.write(`\nBroken: ${JSON.stringify(plan)}\n${told}\n`);
      process.stderr.write(`To try it again: npm run kills -- --minutes 0.1 --seed ${seed}\n`);
    }
    process.stderr.write(
      `${count.workers} workers and ${count.servers} servers killed in ${count.runs} runs, ${seconds()} s, seed ${seed}\n`,
    );
  }
} finally {
  await survivor.kill();
  await receiver[Symbol.asyncDispose]();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
  await clearWorkshop();
}
process.stdout.write(`${count.workers + count.servers} kills, ${count.broken} broken\n`);
process.exit(count.broken > 0 ? 1 : 0);
