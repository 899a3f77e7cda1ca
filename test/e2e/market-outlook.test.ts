import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileConnector } from '../../activities/connectors/file.ts';
import project from '../../baton.config.ts';
import { marketOutlook } from '../../examples/04-market-outlook/process.ts';
import { startTestProject } from '../../testing/start-test-project.ts';
import type { TestProject } from '../../testing/start-test-project.ts';
import { temporalAddress } from '../temporal-server.ts';

const address = await temporalAddress();
let baton: TestProject;
let out: string;

beforeAll(async () => {
  out = await mkdtemp(path.join(tmpdir(), 'baton-out-'));
  baton = await startTestProject(project, { address, connectors: { files: fileConnector({ root: out }) } });
});

afterAll(async () => {
  await baton.stop();
  await rm(out, { recursive: true, force: true });
});

describe('market-outlook, from the table of US employment to a published report', () => {
  it('publishes what was approved', async () => {
    const { run, result, decided } = await baton.run(
      marketOutlook,
      { dataset: 'vega-datasets/us-employment.csv', horizon: 12 },
      { script: { approveForecast: [{ verb: 'approve' }], releaseReport: [{ verb: 'approve' }] } },
    );
    expect(result.status).toBe('finished');
    expect(decided).toEqual([
      { name: 'approveForecast', verb: 'approve', person: 'a-analyst' },
      { name: 'releaseReport', verb: 'approve', person: 'a-manager' },
    ]);
    const html = await readFile(
      path.join(out, 'market-outlook', run, 'publishReport', 'report.html'),
      'utf8',
    );
    expect(html).toContain('<svg');
  });
});
