import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporalAddress } from '../temporal-server.ts';
import { openDesk } from './run-baton.ts';
import type { Desk } from './run-baton.ts';

const address = await temporalAddress();
const root = path.resolve(import.meta.dirname, '../..');
let desk: Desk;
beforeAll(async () => {
  desk = await openDesk('--address', address, '--task-queue', `cli-${randomUUID()}`);
});
afterAll(async () => desk[Symbol.asyncDispose]());

const notice = '{"subject": "the pantry has moved", "from": "Facilities"}';

describe('baton run', { timeout: 300_000 }, () => {
  it('goes from start to end by itself where nobody sits at a terminal, and says so', async () => {
    const { code, stdout, stderr } = await desk.baton('run', 'office-notice', '--input', notice);
    expect(code).toBe(0);
    expect(stderr).toContain('No terminal to decide at: demo people approve');
    expect(stdout).toContain('demo-editor (editor): approve at review:approveNotice:notice');
    expect(stdout).toContain('demo-manager (manager): approve at authorise:releaseNotice:putUp');
    const [, file] = /^Published\n {2}(\S+title\.txt)$/m.exec(stdout)!;
    expect(await readFile(path.join(desk.folder, file!), 'utf8')).toBe('the pantry has moved');
    expect(stdout).toMatch(/waiting for people .* 2 decisions/);
    expect(stdout).toMatch(/\d+ records, chain verified, head [0-9a-f]{16} as in Temporal's history/);
    expect(stdout).toMatch(/office-notice-\S+ finished\n$/);
  });

  it('answers questions as the script says, and gives one JSON value', async () => {
    const ended = await desk.json<{ status: string; timeline: { text: string }[]; ledger: { breaks: [] } }>(
      'run',
      'room-booking',
      '--approve',
      '--input',
      '{"people": 9}',
      '--answers',
      '{"room-finder": "Plum"}',
    );
    expect(ended).toMatchObject({ status: 'finished', ledger: { breaks: [] } });
    expect(ended.timeline.map(({ text }) => text).join('\n')).toContain('"Plum"');
  });
});

describe('baton run-agent', { timeout: 120_000 }, () => {
  it("runs one agent's graph alone, its question answered by the script", async () => {
    const words = ['room-finder', '--input', '{"people": 9}', '--answers', '{"0": "Plum"}'];
    expect(await desk.json('run-agent', ...words)).toEqual({ booking: { room: 'Plum', people: 9 } });
  });

  it('takes an answer only where it is offered, and only to what was asked', async () => {
    const answer = async (answers: string): Promise<unknown[]> => {
      const words = ['run-agent', 'room-finder', '--input', '{"people": 9}', '--answers', answers];
      const { code, stderr } = await desk.baton(...words);
      return [code, stderr];
    };
    const offered = `--answers, 0: "Nope" is not offered; "Bauhinia", "Plum" are.`;
    expect(await answer('{"0": "Nope"}')).toEqual([2, expect.stringContaining(offered)]);
    const idle = '--answers: there was no question room; what was asked goes by 0.';
    expect(await answer('{"0": "Plum", "room": "Plum"}')).toEqual([2, expect.stringContaining(idle)]);
  });

  it('refuses what the agent does not need, and names what it misses', async () => {
    const strange = await desk.baton('run-agent', 'greeter', '--input', '{"nmae": "Mei"}');
    expect([strange.code, strange.stderr]).toEqual([
      2,
      expect.stringContaining('needs no nmae; it needs name'),
    ]);
  });
});

describe('baton dev', { timeout: 300_000 }, () => {
  it('starts the worker again when code changes; a mistake is told and waited for', async () => {
    const config = path.join(desk.folder, 'baton.config.ts');
    const project = (greeting: string): string =>
      [
        `import { defineProject } from '${root}/worker/define-project.ts';`,
        `import { greeterAgent, hello } from '${root}/examples/01-hello/process.ts';`,
        `export default defineProject({ processes: [hello], agents: [greeterAgent] }); // ${greeting}`,
      ].join('\n');
    await writeFile(config, project('first'));
    const dev = await desk.keep('Worker ready', 'dev', '--config', 'baton.config.ts');
    expect(dev.output()).toContain(address);

    await writeFile(config, 'export default {');
    await dev.wrote('The worker did not start');
    expect(dev.output()).toContain("baton.config.ts can't be loaded: SyntaxError");

    const before = dev.output().length;
    await writeFile(config, project('second'));
    const ready = async (): Promise<void> => {
      while (!dev.output().slice(before).includes('Worker ready')) await dev.more();
    };
    await ready();
    const { run } = await desk.json<{ run: string }>('start', 'hello', '--input', '{"name": "Mei"}');
    for (;;) {
      const { status } = await desk.json<{ status: string }>('show', run);
      if (status === 'finished') break;
    }
    expect(await dev.interrupt()).toBe(0);
    expect(dev.output()).toContain('Ended; runs that were under way go on with the next worker.');
  });
});
