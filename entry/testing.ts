// The door `batonflow/testing`: a process in memory or on a real server within a test, with people and faults by script.
export { FakeModel, fakeModel } from '../testing/fake-model.ts';
export type { Reply } from '../testing/fake-model.ts';
export { failsTimes, neverEnds } from '../testing/break-agent.ts';
export { failsStore, losesAnswers, refusesTimes } from '../testing/break-outside.ts';
export { planOf } from '../testing/describe-plan.ts';
export { memoryConnector } from '../testing/memory-connector.ts';
export type { MemoryConnector } from '../testing/memory-connector.ts';
export { randomReviewer } from '../testing/random-reviewer.ts';
export type { RandomReviewerOptions } from '../testing/random-reviewer.ts';
export { personFor } from '../testing/script.ts';
export type { Script, ScriptedDecision } from '../testing/script.ts';
export { simulateRun } from '../testing/simulate-run.ts';
export type { SimulatedEnd, Simulation, SimulationOptions } from '../testing/simulation.ts';
export { standIn } from '../testing/stand-in.ts';
export { startTestProject } from '../testing/start-test-project.ts';
export type { TestProject, TestProjectOptions, TestRun } from '../testing/start-test-project.ts';
