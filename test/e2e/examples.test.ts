import { describe, expect, it } from 'vitest';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { hello } from '../../examples/01-hello/process.ts';
import { officeNotice } from '../../examples/02-approval/process.ts';
import { roomBooking } from '../../examples/03-question/process.ts';
import { temporalAddress } from '../temporal-server.ts';
import { useExamples } from './use-examples.ts';

const address = await temporalAddress();
const examples = useExamples(address);

describe('the examples run from start to end on a real server', () => {
  it('hello: an agent answers, and nobody is asked', async () => {
    const { result, outputs, decided } = await examples.baton.run(hello, { name: 'Mei' });
    expect(result.status).toBe('finished');
    expect(outputs).toEqual({ greeting: 'Hello, Mei!' });
    expect(decided).toEqual([]);
  });

  it('approval: edited, sent back in another tone, approved, released, put up once', async () => {
    const { run, result, outputs, decided } = await examples.baton.run(
      officeNotice,
      { subject: 'the pantry has moved', from: 'Facilities' },
      {
        script: {
          approveNotice: [
            {
              verb: 'changes',
              changes: { task: 'notice-writer', fields: { tone: 'warm' }, words: 'A little warmer, please' },
            },
            { verb: 'edit', delta: { title: 'The pantry is on the 12th floor now' } },
            { verb: 'approve' },
          ],
          releaseNotice: [{ verb: 'approve' }],
        },
      },
    );
    expect(result.status).toBe('finished');
    expect(outputs['notice']).toMatchObject({
      title: 'The pantry is on the 12th floor now',
      text: expect.stringContaining('Good news'),
    });
    expect(decided.map(({ verb }) => verb)).toEqual(['changes', 'edit', 'approve', 'approve']);
    const folder = path.join(examples.out, 'office-notice', run, 'putUp');
    expect((await readdir(folder)).toSorted()).toEqual(['baton-receipt.json', 'notice.txt', 'title.txt']);
    expect(await readFile(path.join(folder, 'title.txt'), 'utf8')).toBe(
      'The pantry is on the 12th floor now',
    );
    expect(await examples.baton.store.ledger.verify(run, result.head ?? undefined)).toEqual([]);
  });

  it("question: the agent's own question is answered, and the graph goes on from there", async () => {
    const { outputs, decided } = await examples.baton.run(
      roomBooking,
      { people: 9 },
      { script: { 'room-finder': [{ verb: 'answer', answer: 'Plum' }] } },
    );
    expect(outputs['booking']).toEqual({ room: 'Plum', people: 9 });
    expect(decided).toHaveLength(1);
  });

  it('question: where one room fits, nobody is asked', async () => {
    const { outputs, decided } = await examples.baton.run(roomBooking, { people: 30 });
    expect(outputs['booking']).toEqual({ room: 'Hall', people: 30 });
    expect(decided).toEqual([]);
  });
});
