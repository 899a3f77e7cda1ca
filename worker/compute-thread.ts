/** What a thread of the pool is told to do: one exported function of an agent's `jobs` module. */
export interface Job {
  module: string;
  job: string;
  input: unknown;
}

/** What a job came to. An error travels as its parts: between threads an error's own fields get lost. */
export type JobEnd = { value: unknown } | { error: JobError };

export interface JobError {
  name: string;
  message: string;
  stack?: string;
  /** Of the failures table, or the job's own. */
  type?: string;
  /** What a failure of the table happened to. */
  subject?: string;
}

/** The entry of each thread. */
export default async function runJob({ module, job, input }: Job): Promise<JobEnd> {
  try {
    const jobs = (await import(module)) as { [job: string]: unknown };
    const run = jobs[job];
    if (typeof run !== 'function') throw new Error(`${module} exports no job ${job}.`);
    return { value: await (run as (input: unknown) => unknown)(input) };
  } catch (error) {
    return { error: toJobError(error) };
  }
}

function toJobError(error: unknown): JobError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message, stack } = error;
  const { type, details } = error as { type?: unknown; details?: [{ name?: unknown }?] };
  const subject = Array.isArray(details) ? details[0]?.name : undefined;
  return {
    name,
    message,
    ...(stack !== undefined && { stack }),
    ...(typeof type === 'string' && { type }),
    ...(typeof subject === 'string' && { subject }),
  };
}
