import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '../../../client/create-client.ts';
import { connectTo } from '../../../server/connect.ts';
import { isAlive } from '../../../server/running-server.ts';
import { startTemporalServer } from '../../../server/start-server.ts';
import { openStore } from '../../../store/open-store.ts';

/** Closes a connection under a call that waits for a run, and prints how that call ends, and a later one. */
const [folder = '', server] = process.argv.slice(2);
const environment = { ...process.env };
delete environment['TEMPORAL_ADDRESS'];
await using temporal = await startTemporalServer({ environment });
const store = await openStore({ folder });
const connection = await connectTo(temporal.address);
const client = createClient({ connection, store });
await client.temporal.workflow.start('hello', { workflowId: 'a-run', taskQueue: 'nobody-polls' });
const waitFor = async (run: string): Promise<unknown> =>
  client.result(run).catch(({ type, message }: Error & { type?: string }) => ({ type, message }));
const underWay = waitFor('a-run');
if (server === 'killed') {
  process.kill(temporal.pid!, 'SIGKILL');
  while (isAlive(temporal.pid!)) await sleep(10);
  // The call fails within milliseconds of that; the SDK then tries again every now and then.
  await sleep(500);
}
await connection.close();
process.stdout.write(JSON.stringify([await underWay, await waitFor('a-run')]));
await store.close();
