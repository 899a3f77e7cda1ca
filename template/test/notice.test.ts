import { startTestProject } from 'batonflow/testing';
import { expect, test } from 'vitest';
import project from '../baton.config.ts';
import { notice } from '../processes/notice.ts';

const input = { subject: 'the pantry has moved', from: 'Facilities' };

// A real Temporal server, in memory: where its program has to be fetched first, the first time takes minutes.
test(
  'the editor has the notice written again, and gets it in the tone asked for',
  { timeout: 600_000 },
  async () => {
    await using baton = await startTestProject(project);
    const { result, outputs, decided } = await baton.run(notice, input, {
      script: {
        proofread: [
          { verb: 'changes', changes: { task: 'writer', fields: { tone: 'warm' } } },
          { verb: 'approve' },
        ],
      },
    });
    expect(result.status).toBe('finished');
    expect(outputs).toMatchObject({ notice: { text: expect.stringMatching(/^Good morning, everybody!/) } });
    expect(decided.map(({ verb }) => verb)).toEqual(['changes', 'approve']);
  },
);
