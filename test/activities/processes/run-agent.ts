import type { SnapshotStore, Store } from '../../../contracts/ports.ts';
import type { RunAgentInput } from '../../../contracts/messages.ts';
import { asker, writer } from '../counting-agents.ts';
import { attempt, counterIn, makeDependencies, openRunStore } from '../harness.ts';

/** What a process of its own is told to run; it prints the activity's output as JSON, if it lives that long. */
export interface Order {
  folder: string;
  agent: 'writer' | 'asker';
  input: RunAgentInput;
  retry: number;
  /** Dies (SIGKILL) before or after so many saves of a snapshot, or of artifacts. */
  die?: { at: 'before save' | 'after save' | 'before put' | 'after put'; call: number };
}

const order = JSON.parse(process.argv[2]!) as Order;
const { count } = counterIn(order.folder);
const store = await openRunStore(order.folder);
const implementation = order.agent === 'writer' ? writer(count) : asker(count);
const dependencies = makeDependencies(dying(store, order.die), { agents: [implementation] });
const output = await attempt(dependencies, 'runAgent', order.input, { retry: order.retry });
await store.close();
process.stdout.write(JSON.stringify(output));

function dying(whole: Store, die: Order['die']): Store {
  if (!die) return whole;
  const calls = { save: 0, put: 0 };
  const around = async <T>(name: 'save' | 'put', work: () => Promise<T>): Promise<T> => {
    const call = ++calls[name];
    if (die.at === `before ${name}` && call === die.call) process.kill(process.pid, 'SIGKILL');
    const result = await work();
    if (die.at === `after ${name}` && call === die.call) process.kill(process.pid, 'SIGKILL');
    return result;
  };
  const save: SnapshotStore['save'] = async (...given) =>
    around('save', async () => whole.snapshots.save(...given));
  return {
    ...whole,
    snapshots: { ...whole.snapshots, save },
    artifacts: {
      ...whole.artifacts,
      put: async (...given) => around('put', async () => whole.artifacts.put(...given)),
    },
  };
}
