// The door `batonflow/workflow`: the process workflow and its verbs, for hand-written Temporal workflows.
export { default as runProcess } from '../workflows/process.ts';
export { conductRun } from '../workflows/conduct.ts';
export type { Conductor } from '../workflows/conduct.ts';
export type { RunResult, RunView, RunArguments } from '../contracts/messages.ts';
export type { Outcome } from '../contracts/outcome.ts';
export type { Next, State } from '../contracts/state.ts';
