import { describe, expect, it } from 'vitest';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { marketOutlook } from '../../examples/04-market-outlook/process.ts';
import { temporalAddress } from '../temporal-server.ts';
import { useExamples } from './use-examples.ts';

const address = await temporalAddress();
const examples = useExamples(address);

describe('market-outlook, from the table of US employment to a published report', () => {
  it('publishes what was approved', async () => {
    const { run, result, decided } = await examples.baton.run(
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
      path.join(examples.out, 'market-outlook', run, 'publishReport', 'report.html'),
      'utf8',
    );
    expect(html).toContain('<svg');
  });
});
