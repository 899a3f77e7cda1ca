import { isFailureType } from '../contracts/failures.ts';

/** What the command line ends with; documented by `baton help`. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  unknown: 4,
  unreachable: 5,
  broken: 6,
  interrupted: 130,
} as const;

export const exitCodeMeanings: { [code: number]: string } = {
  0: 'done',
  1: 'failed for a reason that the message names; a run of `run` that did not finish',
  2: 'wrong words on the command line, or input that fails its schema',
  3: 'refused: a decision, a key in use, something not allowed',
  4: 'unknown: no such run, process, task, agent, artifact, data set or project file',
  5: 'no server, no worker, or no store within reach',
  6: 'the ledger is broken',
  130: 'left by Ctrl+C before it was done; the run is kept as it is',
};

const groups: { [prefix: string]: number } = {
  Input: exitCodes.usage,
  Time: exitCodes.usage,
  Schedule: exitCodes.usage,
  Process: exitCodes.usage,
  Project: exitCodes.usage,
  Checkpoint: exitCodes.refused,
  Decision: exitCodes.refused,
  Command: exitCodes.refused,
  Key: exitCodes.refused,
  Run: exitCodes.refused,
  Server: exitCodes.unreachable,
  Worker: exitCodes.unreachable,
  Store: exitCodes.unreachable,
  Ledger: exitCodes.broken,
};
const single: { [type: string]: number } = {
  'Project.NotFound': exitCodes.unknown,
  'Process.Unknown': exitCodes.unknown,
  'Run.Unknown': exitCodes.unknown,
  'Schedule.Unknown': exitCodes.unknown,
  'Schedule.Exists': exitCodes.refused,
  'Task.Unknown': exitCodes.unknown,
  'Agent.Unknown': exitCodes.unknown,
  'Agent.BadAnswer': exitCodes.usage,
  'Data.NotFound': exitCodes.unknown,
  'Artifact.Unknown': exitCodes.unknown,
  'Artifact.NotMade': exitCodes.unknown,
  'Artifact.NoSuchPlace': exitCodes.unknown,
};

/** Wrong words on the command line: the message says which, and what they have to be. */
export class UsageError extends Error {
  override name = 'UsageError';
  readonly type = 'Usage';
}

/** The type of a failure of the table, where an error is one. */
export function failureTypeOf(error: unknown): string | undefined {
  const type = (error as { type?: unknown } | null)?.type;
  return isFailureType(type) ? type : undefined;
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return exitCodes.usage;
  const type = failureTypeOf(error);
  if (type === undefined) return exitCodes.failed;
  return single[type] ?? groups[type.split('.')[0]!] ?? exitCodes.failed;
}
