import { afterAll, beforeAll } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileConnector } from '../../activities/connectors/file.ts';
import project from '../../baton.config.ts';
import { startTestProject } from '../../testing/start-test-project.ts';
import type { TestProject } from '../../testing/start-test-project.ts';

/** The project of the examples for one test file, publishing into a folder of its own. */
export function useExamples(address: string): { readonly baton: TestProject; readonly out: string } {
  let baton: TestProject | undefined;
  let out = '';
  beforeAll(async () => {
    out = await mkdtemp(path.join(tmpdir(), 'baton-out-'));
    baton = await startTestProject(project, { address, connectors: { files: fileConnector({ root: out }) } });
  });
  afterAll(async () => {
    await baton?.stop();
    await rm(out, { recursive: true, force: true });
  });
  return {
    get baton() {
      return baton!;
    },
    get out() {
      return out;
    },
  };
}
