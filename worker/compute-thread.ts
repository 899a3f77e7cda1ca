/** What a thread of the pool is told to do: one exported function of an agent's `jobs` module. */
export interface Job {
  module: string;
  job: string;
  input: unknown;
}

/** The entry of each thread. */
export default async function runJob({ module, job, input }: Job): Promise<unknown> {
  const jobs = (await import(module)) as { [job: string]: unknown };
  const run = jobs[job];
  if (typeof run !== 'function') throw new Error(`${module} exports no job ${job}.`);
  return (run as (input: unknown) => unknown)(input);
}
