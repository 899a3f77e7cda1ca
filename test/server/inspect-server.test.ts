import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { expect, test } from 'vitest';
import { addSearchAttributes, inspectServer } from '../../server/inspect-server.ts';
import { temporalAddress } from '../temporal-server.ts';

const address = await temporalAddress();

test('what a foreign namespace lacks comes with the commands that add it, and adding mends it', async () => {
  const namespace = `bare-${Date.now()}`;
  const connection = await Connection.connect({ address });
  try {
    expect(await inspectServer(address, namespace)).toMatchObject({
      reachable: true,
      namespace: {
        exists: false,
        command: `temporal operator namespace create --retention 30d --namespace ${namespace} --address ${address}`,
      },
    });

    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: msToTs('3 days'),
    });
    const target = `--namespace ${namespace} --address ${address}`;
    await expect
      .poll(() => inspectServer(address, namespace), { timeout: 30_000 })
      .toMatchObject({
        namespace: {
          exists: true,
          retentionDays: 3,
          retentionCommand: `temporal operator namespace update --retention 30d ${target}`,
          missingSearchAttributes: [
            { name: 'BatonProcess', type: 'Keyword' },
            { name: 'BatonKey', type: 'Keyword' },
            { name: 'BatonStatus', type: 'Keyword' },
            {
              name: 'BatonCheckpoints',
              type: 'KeywordList',
              command: `temporal operator search-attribute create --name BatonCheckpoints --type KeywordList ${target}`,
            },
          ],
        },
      });

    await expect
      .poll(() => addSearchAttributes(connection, namespace).catch(() => 'not yet'), { timeout: 30_000 })
      .toEqual(['BatonProcess', 'BatonKey', 'BatonStatus', 'BatonCheckpoints']);
    expect(await inspectServer(address, namespace)).toMatchObject({
      namespace: { missingSearchAttributes: [] },
    });
    expect(await addSearchAttributes(connection, namespace)).toEqual([]);
  } finally {
    await connection.close();
  }
});

test('a server that is not there is reported with the reason', async () => {
  expect(await inspectServer('127.0.0.1:1')).toEqual({
    address: '127.0.0.1:1',
    reachable: false,
    reason: expect.stringContaining('ECONNREFUSED'),
  });
});
