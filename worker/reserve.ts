import type { Dependencies } from '../activities/dependencies.ts';
import { reserveRun } from '../client/reserve-run.ts';
import { toFailure } from '../contracts/failures.ts';
import type { StartArguments } from '../contracts/messages.ts';
import type { Store } from '../contracts/ports.ts';
import type { Process } from '../contracts/process-types.ts';

/** Reserves runs of these processes, as a client does. */
export function createReserve(store: Store, processes: readonly Process[]): Dependencies['reserve'] {
  return async (name, input, options) => {
    const process = processes.find((one) => one.name === name);
    if (!process) {
      const known = processes.map((one) => one.name).join(', ') || 'none';
      throw toFailure('Process.Unknown', `This worker has no process ${name}; it has ${known}.`, { name });
    }
    const { row } = await reserveRun(store, process, input, options);
    return {
      run: row.run,
      process: row.process,
      key: row.key,
      start: row.start as unknown as StartArguments,
    };
  };
}
