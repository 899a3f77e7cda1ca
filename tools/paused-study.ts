import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileConnector } from '../activities/connectors/file.ts';
import project from '../baton.config.ts';
import { sendAct } from '../client/send-act.ts';
import { longResearch } from '../examples/07-long-research/process.ts';
import { makeCorpus, questions } from '../test/e2e/make-corpus.ts';
import { startTestProject } from '../testing/start-test-project.ts';
import type { TestProject } from '../testing/start-test-project.ts';

/** The examples with executions of a few steps, and a few generated pages to study. */
export async function openStudy(address: string, root: string): Promise<TestProject> {
  await makeCorpus(path.join(root, 'pages'), 4);
  return startTestProject(
    { ...project, data: { folders: [root] } },
    {
      address,
      connectors: { files: fileConnector({ root }) },
      workflowsPath: fileURLToPath(new URL('../test/e2e/continue/short-workflow.ts', import.meta.url)),
    },
  );
}

/** A study that has gone on in another execution while it was paused and a section was under review. */
export async function startPausedStudy(baton: TestProject): Promise<{ run: string }> {
  const { client, store, door } = baton;
  const editor = { id: 'an-editor', roles: ['editor'] };
  const input = { corpus: ['pages'], sections: 4, questions };
  const { run } = await client.start(longResearch, input, { by: 'a-starter' });
  const brake = async (pause: boolean) =>
    sendAct(client.temporal, store, door, { kind: 'brake', run, epoch: 1, set: { pause } }, editor);
  const execution = async () => (await client.temporal.workflow.getHandle(run).describe()).runId;
  await baton.opened(run, 'lookAtRating');
  await brake(true);
  const paused = await execution();
  while ((await execution()) === paused) await client.trust(run, { add: [randomUUID()] }, editor);
  await brake(false);
  return { run };
}
