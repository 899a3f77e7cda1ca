import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporalAddress } from '../temporal-server.ts';
import { noTerminal } from './pseudo-terminal.ts';
import { openDesk } from './run-baton.ts';
import type { Desk } from './run-baton.ts';

const address = await temporalAddress();
let desk: Desk;
beforeAll(async () => {
  desk = await openDesk('--address', address, '--task-queue', `terminal-${randomUUID()}`);
});
afterAll(async () => desk[Symbol.asyncDispose]());

const ctrlC = '\u0003';
const words = [
  'run',
  'office-notice',
  '--input',
  '{"subject": "the pantry has moved", "from": "Facilities"}',
];
const idIn = (output: string): string => /run\s+(office-notice-\S+), started by/.exec(output)![1]!;

interface Shown {
  status: string;
  open: { digest: string; checkpoint: { name: string; by: { role: string } } }[];
}

if (noTerminal !== null) console.warn(`What baton asks at a terminal is not tested: ${noTerminal}.`);

describe.skipIf(noTerminal !== null)('at a terminal', { timeout: 300_000 }, () => {
  it('baton run asks, asks again after a wrong entry, and takes an edit that is shown before it counts', async () => {
    const terminal = desk.atTerminal(...words);
    await terminal.see('approveNotice: may notice be used?');
    for (const wrong of ['9', 'aprove', '']) {
      await terminal.see('Your decision: ');
      terminal.type(`${wrong}\r`);
      await terminal.see('Type a number from 1 to');
    }
    await terminal.see('Your decision: ');
    terminal.type('e\r');
    await terminal.see('Leave blank what should stay as it is.');
    await terminal.see('text: ');
    terminal.type('It is on the second floor.\r');
    await terminal.see('title: ');
    terminal.type('\r');
    await terminal.see('{"text":"It is on the second floor."} by demo-editor: makes');
    await terminal.see('Your decision: ');
    terminal.type('approve\r');
    await terminal.see('releaseNotice: shall this happen?');
    await terminal.see('Your decision: ');
    terminal.type('1\r');
    await terminal.see(' finished');
    expect(await terminal.ended).toBe(0);
    const file = path.join(desk.folder, 'out/office-notice', idIn(terminal.output()), 'putUp/notice.txt');
    expect(await readFile(file, 'utf8')).toBe('It is on the second floor.');
  });

  it('Ctrl+C leaves the run as it is, says how it goes on, and ends with 130; it does go on', async () => {
    const terminal = desk.atTerminal(...words);
    await terminal.see('Your decision: ');
    terminal.type(`appr${ctrlC}`);
    expect(await terminal.ended).toBe(130);
    const run = idIn(terminal.output());
    expect(terminal.output()).toMatch(
      new RegExp(`The run is left open\\.\\s+.* dev .*takes it on\\s+.* show ${run} `),
    );
    expect(terminal.output()).not.toMatch(/^\s+at /m);

    const deciding = desk.atTerminal('decide', run, '--as', 'li', '--role', 'editor');
    await deciding.see('Your decision: ');
    deciding.type(ctrlC);
    await deciding.see('Nothing was decided.');
    expect(await deciding.ended).toBe(130);

    const worker = await desk.keep('polls', 'worker');
    for (const name of ['approveNotice', 'releaseNotice']) {
      const { digest, checkpoint } = await asked(run, name);
      const who = ['--as', `a-${checkpoint.by.role}`, '--role', checkpoint.by.role];
      await desk.json('decide', run, 'approve', '--digest', digest, ...who);
    }
    while ((await desk.json<Shown>('show', run)).status !== 'finished') await sleep(100);
    expect(await worker.interrupt()).toBe(0);
  });

  it('Ctrl+C while agents work leaves the run as it is, too', async () => {
    const terminal = desk.atTerminal(...words);
    await terminal.see('started by');
    terminal.type(ctrlC);
    expect(await terminal.ended).toBe(130);
    expect(terminal.output()).toContain('The run is left open');
    expect((await desk.json<Shown>('show', idIn(terminal.output()))).status).toBe('open');
  });

  it('Ctrl+C ends baton dev, which was to run until then, with 0', async () => {
    const terminal = desk.atTerminal('dev');
    await terminal.see('Worker ready');
    terminal.type(ctrlC);
    expect(await terminal.ended).toBe(0);
    expect(terminal.output()).toContain('Ended; runs that were under way go on with the next worker.');
  });
});

/** What a run asks under this name, once it does. */
async function asked(run: string, name: string): Promise<Shown['open'][number]> {
  for (;;) {
    const { open } = await desk.json<Shown>('show', run);
    const found = open.find(({ checkpoint }) => checkpoint.name === name);
    if (found) return found;
    await sleep(100);
  }
}
