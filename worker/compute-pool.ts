import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { AgentImplementation } from '../agents/implement-agent.ts';
import { isFailureType, toFailure } from '../contracts/failures.ts';
import type { Compute } from '../contracts/ports.ts';
import type { Job, JobEnd, JobError } from './compute-thread.ts';

/** Threads for heavy computing: an activity shares its process's event loop with heartbeats and workflow tasks. */
export interface ComputePool {
  computeOf(implementation: AgentImplementation): Compute;
  close(): Promise<void>;
}

/** What not every installation has; who needs one of them needs them all. */
const forCharts = ['echarts', '@resvg/resvg-js', '@embedpdf/fonts-latin'];

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** Starts threads as they are needed; `threads` at most, one a core unless given. */
export function createComputePool(options: { threads?: number } = {}): ComputePool {
  const pool = new Piscina<Job, JobEnd>({
    filename: new URL(`./compute-thread.${extension}`, import.meta.url).href,
    minThreads: 0,
    maxThreads: options.threads ?? availableParallelism(),
    idleTimeout: 30_000,
  });
  return {
    computeOf({ agent, jobs }) {
      return async (job, input, given) => {
        if (!jobs) throw new Error(`The agent ${agent.name} declares no jobs; ${job} can't be computed.`);
        const { abortSignal } = given ?? {};
        const end = await pool
          .run({ module: jobs.href, job, input }, abortSignal ? { signal: abortSignal } : {})
          .catch((error: unknown) => {
            // What a thread says of a result that can't be cloned gets lost between threads as well.
            if (error instanceof Error && error.message !== '') throw error;
            throw new Error(`What the job ${job} of ${agent.name} returns can't be sent between threads.`);
          });
        if ('error' in end) throw fromJobError(end.error);
        return end.value;
      };
    },
    close: async () => pool.destroy(),
  };
}

/** The error as the job threw it: a failure of the table where its type is one. */
function fromJobError({ name, message, stack, type, subject }: JobError): Error {
  const [, missing] = /^Cannot find package '([^']+)'/.exec(message) ?? [];
  if (missing !== undefined) {
    const all = forCharts.includes(missing) ? forCharts.join(' ') : missing;
    return toFailure('Package.Missing', `${missing} is not installed here: npm install ${all}`, {
      name: missing,
    });
  }
  const error = Object.assign(new Error(message), {
    name,
    ...(stack !== undefined && { stack }),
    ...(type !== undefined && { type }),
  });
  if (!isFailureType(type)) return error;
  return toFailure(type, message, { ...(subject !== undefined && { name: subject }), cause: error });
}
