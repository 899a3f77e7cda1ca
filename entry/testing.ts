// The door `batonflow/testing`: a process on a real server within a test, with scripted people and models.
export { FakeModel, fakeModel } from '../testing/fake-model.ts';
export type { Reply } from '../testing/fake-model.ts';
export { personFor, startTestProject } from '../testing/start-test-project.ts';
export type {
  Script,
  ScriptedDecision,
  TestProject,
  TestProjectOptions,
  TestRun,
} from '../testing/start-test-project.ts';
