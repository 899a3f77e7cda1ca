// The door `batonflow`: what a process is defined with.
export { defineAgent, optional, whole } from '../contracts/define-agent.ts';
export { outside, person } from '../contracts/define-supplier.ts';
export type {
  Agent,
  AgentFacts,
  AgentInput,
  AgentOutput,
  By,
  OutsideTask,
  PersonTask,
} from '../contracts/define-agent.ts';
export { defineEffect } from '../contracts/define-effect.ts';
export type { Effect } from '../contracts/define-effect.ts';
export { authorise, defineProcess, derived, fixed, review } from '../contracts/define-process.ts';
export type { ProcessDefinition } from '../contracts/define-process.ts';
export type {
  ArtifactNames,
  ArtifactValue,
  CheckpointNames,
  EffectNames,
  Process,
  ProcessInput,
  ProcessOutput,
  TaskNames,
} from '../contracts/process-types.ts';
export { processAgent } from '../contracts/process-agent.ts';
export { defineTrigger } from '../contracts/define-trigger.ts';
export type { Trigger } from '../contracts/define-trigger.ts';
export type { FactPredicate, When } from '../contracts/condition.ts';
export type { Manifest } from '../contracts/manifest.ts';
export type { Json, JsonObject, JsonSchema } from '../contracts/json.ts';
export { failures, isFailureType } from '../contracts/failures.ts';
export type { FailureType } from '../contracts/failures.ts';
