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

describe('baton run-agent --from', { timeout: 300_000 }, () => {
  it('works an attempt again with what it was given in a run, parts of it replaced', async () => {
    const words = ['--input', notice, '--approve'];
    const { run } = await desk.json<{ run: string }>('run', 'office-notice', ...words);
    const made = await desk.json('show', run, '--artifact', 'notice');
    const alone = async (...more: string[]) =>
      desk.json('run-agent', 'notice-writer', '--from', run, ...more);
    expect(await alone()).toEqual({ notice: made });
    expect(await alone('--attempt', '1', '--input', '{"subject": "tea is back"}')).toMatchObject({
      notice: { title: expect.stringContaining('tea is back') },
    });
    const gone = await desk.baton('run-agent', 'notice-writer', '--from', run, '--attempt', '7');
    expect([gone.code, gone.stderr]).toEqual([
      4,
      expect.stringContaining('has no attempt 7 at notice-writer; it has notice-writer 1.'),
    ]);
    const idle = await desk.baton('run-agent', 'notice-writer', '--input', notice, '--attempt', '1');
    expect([idle.code, idle.stderr]).toEqual([2, expect.stringContaining('name it with --from')]);
  });

  it('asks for the key of an element only where an agent goes over elements', async () => {
    const words = ['run-agent', 'greeter', '--input', '{"name": "Mei"}', '--element', 'a'];
    const { code, stderr } = await desk.baton(...words);
    expect([code, stderr]).toEqual([2, expect.stringContaining('greeter does not go over elements')]);
    const each = await desk.baton('run-agent', 'forecasting-demand', '--input', '{}');
    expect([each.code, each.stderr]).toEqual([2, expect.stringContaining('name its key with --element')]);
  });
});

describe('baton explain', () => {
  it('says what the reference page says, and where, and so does a failure itself', async () => {
    const [stale] = await desk.json<{ type: string; page: string }[]>('explain', 'checkpoint.stale');
    expect(stale).toMatchObject({ type: 'Checkpoint.Stale', retryable: false, exitCode: 3 });
    const [file, anchor] = stale!.page.split('#');
    expect(await readFile(file!, 'utf8')).toContain(`<a id="${anchor}"></a>`);
    const { stderr } = await desk.baton('run', 'helo');
    expect(stderr).toMatch(/docs\/reference\/failures\.md#process-unknown\n/);
    expect((await desk.baton('explain', 'nothing-like-it')).code).toBe(2);
  });
});

describe('baton dev', { timeout: 300_000 }, () => {
  it('takes up changed code; what does not load is told, and the worker from before goes on', async () => {
    const config = path.join(desk.folder, 'baton.config.ts');
    const project = (rules: { greeting: string; asks: boolean }): string => `
import { z } from '${root}/node_modules/zod/index.js';
import { implementAgent } from '${root}/agents/implement-agent.ts';
import { defineAgent } from '${root}/contracts/define-agent.ts';
import { defineProcess, review } from '${root}/contracts/define-process.ts';
import { defineProject } from '${root}/worker/define-project.ts';
const needs = { name: z.string() };
const produces = { greeting: z.string() };
const greeter = defineAgent({ name: 'greeter', needs, produces, adjust: z.object({ again: z.boolean().default(false) }) });
const welcome = defineProcess({
  name: 'welcome', input: z.object(needs), output: produces, team: [greeter],
  checkpoints: ${rules.asks ? "{ look: review('greeting', { by: 'host' }) }" : '{}'},
});
export default defineProject({
  processes: [welcome],
  agents: [implementAgent(greeter, { make: ({ name }) => ({ greeting: \`${rules.greeting}, \${name}!\` }) })],
});
`;
    const change = async (text: string, told: string): Promise<void> => {
      const before = dev.output().length;
      await writeFile(config, text);
      while (!dev.output().slice(before).includes(told)) await dev.more();
    };
    const where = ['--config', 'baton.config.ts'];
    const start = async (): Promise<string> =>
      (await desk.json<{ run: string }>('start', 'welcome', '--input', '{"name": "Mei"}', ...where)).run;
    const greetingOf = async (run: string): Promise<unknown> => {
      for (;;) {
        const { status } = await desk.json<{ status: string }>('show', run);
        if (status === 'finished') return desk.json('show', run, '--artifact', 'greeting');
      }
    };
    let last: string | undefined;
    const decide = async (run: string, verb: string, ...words: string[]): Promise<void> => {
      for (;;) {
        const { open } = await desk.json<{ open: { digest: string }[] }>('show', run);
        const digest = open[0]?.digest;
        if (digest === undefined || digest === last) continue;
        await desk.json('decide', run, 'look', verb, ...words, '--digest', digest, '--role', 'host');
        last = digest;
        return;
      }
    };

    await writeFile(config, project({ greeting: 'Hello', asks: true }));
    const dev = await desk.keep('Worker ready', 'dev', ...where);
    expect(dev.output()).toContain(address);
    const open = await start();

    await change('export default {', 'The worker did not start with the new code');
    expect(dev.output()).toContain("baton.config.ts can't be loaded: SyntaxError");
    await decide(open, 'changes', '--task', 'greeter', '--fields', '{"again": true}');

    await change(project({ greeting: 'Welcome', asks: false }), 'Worker ready');
    expect(await greetingOf(await start())).toEqual('Welcome, Mei!');
    // Asked all the same: the run goes on by the rules that it started with, and with the agent's code of today.
    await decide(open, 'changes', '--task', 'greeter', '--fields', '{"again": false}');
    await decide(open, 'approve');
    expect(await greetingOf(open)).toEqual('Welcome, Mei!');

    expect(await dev.interrupt()).toBe(0);
    expect(dev.output()).toContain('Ended; runs that were under way go on with the next worker.');
  });
});
