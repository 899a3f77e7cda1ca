// The door `batonflow/client`: starting runs, looking at them, deciding.
export { createClient } from '../client/create-client.ts';
export type {
  BatonClient,
  ClientOptions,
  DecisionRequest,
  FollowOptions,
  RunEvent,
  RunHandle,
  StartOptions,
} from '../client/create-client.ts';
export { createDoor, openDoor } from '../client/door.ts';
export type { Door, Person } from '../client/door.ts';
export { dataConverter } from '../client/data-converter.ts';
export { connectTo } from '../server/connect.ts';
export { openStore } from '../store/open-store.ts';
export type { StoreOptions } from '../store/open-store.ts';
export type { LedgerRecord, Store } from '../contracts/ports.ts';
export type { Checkpoint, CheckpointKind, Verb } from '../contracts/checkpoint.ts';
export type { RunResult, RunView } from '../contracts/messages.ts';
