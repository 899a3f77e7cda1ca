// The door `batonflow/worker`: running processes.
export { defineProject } from '../worker/define-project.ts';
export type { Project } from '../worker/define-project.ts';
export { bundleProcessWorkflow, processWorkflowPath, startWorker } from '../worker/create-worker.ts';
export type { RunningWorker, WorkerOptions } from '../worker/create-worker.ts';
export { fileConnector } from '../activities/connectors/file.ts';
export { httpConnector } from '../activities/connectors/http.ts';
export type { HeaderCredential, HttpConnectorOptions } from '../activities/connectors/http.ts';
export { webhookConnector } from '../activities/connectors/webhook.ts';
export type { WebhookConnectorOptions } from '../activities/connectors/webhook.ts';
export type { AllowedOrigin } from '../outbound/guarded-fetch.ts';
export { ConnectorRefused } from '../contracts/ports.ts';
export type { Connector, ConnectorCall, Lookup } from '../contracts/ports.ts';
export { packageFolder } from '../agents/data-gathering/read-dataset.ts';
export type { DataFolders } from '../agents/data-gathering/read-dataset.ts';
export { openStore } from '../store/open-store.ts';
export type { StoreOptions } from '../store/open-store.ts';
export type { Store } from '../contracts/ports.ts';
