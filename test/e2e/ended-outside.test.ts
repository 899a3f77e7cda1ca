import { describe, expect, it } from 'vitest';
import type { Connector } from '../../contracts/ports.ts';
import project from '../../baton.config.ts';
import { officeNotice } from '../../examples/02-approval/process.ts';
import { startTestProject } from '../../testing/start-test-project.ts';
import { temporalAddress } from '../temporal-server.ts';
import { useExamples } from './use-examples.ts';

const address = await temporalAddress();
const examples = useExamples(address);
const input = { subject: 'the lift is being serviced', from: 'Facilities' };

describe('a run whose workflow somebody ends in Temporal', () => {
  it('closes by its own rules when it is asked to cancel, and the ledger says so', async () => {
    const { run } = await examples.baton.client.start(officeNotice, input, { by: 'a-starter' });
    await examples.baton.opened(run, 'approveNotice');
    await examples.baton.client.temporal.workflow.getHandle(run).cancel();
    const result = await examples.baton.client.result(run);
    expect(result.status).toBe('cancelled');
    expect(await examples.baton.store.runs.get(run)).toMatchObject({ status: 'cancelled' });
    expect(await examples.baton.store.desk.open({ run })).toEqual([]);
    expect(await examples.baton.store.ledger.verify(run, result.head ?? undefined)).toEqual([]);
  });

  it('finishes where it is asked to cancel while its last effect is under way', async () => {
    let begin: () => void = () => {};
    const begun = new Promise<void>((resolve) => (begin = resolve));
    let end: () => void = () => {};
    const ended = new Promise<void>((resolve) => (end = resolve));
    const slow: Connector = {
      repeatable: true,
      async call() {
        begin();
        await ended;
        return 'put up';
      },
    };
    await using one = await startTestProject(project, { address, connectors: { files: slow } });
    const { run } = await one.client.start(officeNotice, input, { by: 'a-starter' });
    const finished = one.finish(run, {
      approveNotice: [{ verb: 'approve' }],
      releaseNotice: [{ verb: 'approve' }],
    });
    await begun;
    await one.client.temporal.workflow.getHandle(run).cancel();
    end();
    const { result } = await finished;
    expect(result.status).toBe('finished');
    expect(await one.store.ledger.verify(run, result.head ?? undefined)).toEqual([]);
  });

  it('is taken up again by nobody who neither started it nor owns its process, also once it has closed', async () => {
    const { run } = await examples.baton.run(officeNotice, input, {
      script: { approveNotice: [{ verb: 'reject' }] },
    });
    const stranger = { id: 'a-stranger', roles: ['editor'] };
    await expect(examples.baton.client.rerun(run, 'notice-writer', stranger)).rejects.toMatchObject({
      type: 'Decision.NotAllowed',
    });
    expect(await examples.baton.store.runs.get(run)).toMatchObject({ epoch: 1, status: 'rejected' });
    const owner = { id: 'an-owner', roles: ['owner'] };
    for (const task of ['nobody', 'notice-writer/x']) {
      const unknown = { type: 'Task.Unknown', message: expect.stringContaining(`has no task ${task}; `) };
      await expect(examples.baton.client.planRerun(run, task)).rejects.toMatchObject(unknown);
      await expect(examples.baton.client.rerun(run, task, owner)).rejects.toMatchObject(unknown);
    }
    // No epoch stands there empty.
    expect(await examples.baton.store.runs.get(run)).toMatchObject({ epoch: 1, status: 'rejected' });
    expect(await examples.baton.client.rerun(run, 'notice-writer', owner)).toEqual({ run, epoch: 2 });
    const { result } = await examples.baton.finish(run, { approveNotice: [{ verb: 'reject' }] });
    expect(result).toMatchObject({ status: 'rejected', epoch: 2 });
  });

  it('goes on as its next epoch after it was terminated, with what was made and approved', async () => {
    const { run } = await examples.baton.client.start(officeNotice, input, { by: 'a-starter' });
    const { checkpoint, digest } = await examples.baton.opened(run, 'approveNotice');
    await examples.baton.client.decide(
      run,
      { checkpoint: checkpoint.id, digest, verb: 'approve' },
      { id: 'an-editor', roles: ['editor'] },
    );
    await examples.baton.opened(run, 'releaseNotice');
    await examples.baton.client.temporal.workflow.getHandle(run).terminate('for the test');
    const again = await examples.baton.client.rerun(run, 'notice-writer', {
      id: 'an-owner',
      roles: ['owner'],
    });
    expect(again).toEqual({ run, epoch: 2 });
    const { result, decided } = await examples.baton.finish(run, {
      approveNotice: [{ verb: 'approve' }],
      releaseNotice: [{ verb: 'approve' }],
    });
    expect(result).toMatchObject({ status: 'finished', epoch: 2 });
    expect(decided.map(({ name }) => name)).toContain('releaseNotice');
    expect(await examples.baton.store.ledger.verify(run, result.head ?? undefined)).toEqual([]);
  });
});
