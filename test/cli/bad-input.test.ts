import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporalAddress } from '../temporal-server.ts';
import { openDesk } from './run-baton.ts';
import type { Desk } from './run-baton.ts';

// On a machine without the server's program this builds it, which no test could wait for.
await temporalAddress();
let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(async () => desk[Symbol.asyncDispose]());

const outlook = ['run', 'market-outlook', '--input'];

describe('what bad input gets: one clear error, its exit code, no stack', () => {
  it.each([
    ['an unknown command', ['shwo'], 2, "unknown command 'shwo'\n(Did you mean show?)"],
    [
      'an unknown option',
      ['runs', '--stauts', 'open'],
      2,
      "unknown option '--stauts'\n(Did you mean --status?)",
    ],
    ['a limit that is no number', ['runs', '--limit', 'x'], 2, 'Give a whole number from 1.'],
    ['a limit of nothing', ['runs', '--limit', '0'], 2, 'Give a whole number from 1.'],
    [
      'a status that no run has',
      ['runs', '--status', 'foo'],
      2,
      'Allowed choices are open, finished, cancelled, stopped, rejected.',
    ],
    ['an option without its value', ['start', 'hello', '--key'], 2, "'--key <key>' argument missing"],
    ['a process that is not there', ['run', 'helo'], 4, 'There is no process helo; this project has hello, '],
    ['an agent that is not there', ['run-agent', 'nobody'], 4, 'There is no agent nobody; this project has '],
    ['a run that is not there', ['show', 'hello-1'], 4, 'There is no run hello-1'],
    [
      'a project file that is not there',
      ['run', 'hello', '--config', 'gone.ts'],
      4,
      'no project file gone.ts',
    ],
    ['input that is not JSON', ['run', 'hello', '--input', '{name: Mei}'], 2, '--input is not JSON: '],
    ['input that is no object', ['run', 'hello', '--input', '"Mei"'], 2, '--input has to be a JSON object'],
    ['a file of input that is not there', ['run', 'hello', '--input', '@gone.json'], 2, '--input: ENOENT'],
    ['input that misses a field', ['run', 'hello'], 2, 'hello: name: '],
    ['a horizon of 0', [...outlook, '{"dataset": "a.csv", "horizon": 0}'], 2, 'market-outlook: horizon: '],
    ['a field that is not asked for', ['run', 'hello', '--input', '{"name": "Mei", "age": 3}'], 2, 'age'],
    [
      'an answer to a task that is not there',
      ['run', 'room-booking', '--input', '{"people": 9}', '--answers', '{"room": "Plum"}'],
      2,
      '--answers: room-booking has no task room; it has room-finder.',
    ],
    [
      'a language that it does not speak',
      ['runs', '--language', 'de'],
      2,
      '--language de: it is one of en, ',
    ],
    [
      'a run that is not there, in Chinese',
      ['show', 'hello-1', '--language=zh-Hant-HK'],
      4,
      '錯誤 沒有這個執行個案：There is no run hello-1',
    ],
    ['a port that is none', ['dev', '--port', 'http'], 2, '--port http is no port'],
    ['no server', ['start', 'hello', '--input', '{"name": "Mei"}'], 5, 'No Temporal server runs for .baton'],
    [
      'a server that does not answer',
      ['start', 'hello', '--input', '{"name": "Mei"}', '--address', '127.0.0.1:1'],
      5,
      'No Temporal server answers at 127.0.0.1:1',
    ],
    ['nothing to replay', ['replay'], 2, 'Name a run, or a file with a history.'],
    ['a re-run from nowhere', ['rerun', 'hello-1'], 2, "required option '--from <task>' not specified"],
  ])('%s', async (_what, words, code, message) => {
    const ended = await desk.baton(...words);
    expect(ended).toEqual({ code, stdout: '', stderr: expect.stringContaining(message) });
    expect(ended.stderr).not.toMatch(/^\s+at /m);
  });

  it('a folder that can not be made, because there is a file', async () => {
    await writeFile(path.join(desk.folder, 'file'), '');
    const words = ['run', 'hello', '--input', '{"name": "Mei"}', '--folder', 'file/below'];
    const { code, stderr } = await desk.baton(...words);
    expect([code, stderr]).toEqual([5, expect.stringContaining('Store.Unavailable')]);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it.each([
    [['run', 'hello', '--input', '{"name": "Mei"}', '--folder', '/proc/baton/deep'], 5, 'Store.Unavailable'],
    [['dev', '--folder', '/proc/baton/deep'], 5, 'Server.StartFailed'],
  ])('a folder where none can be made, though its place is there', async (words, exit, type) => {
    const { code, stderr } = await desk.baton(...words);
    expect([code, stderr]).toEqual([exit, expect.stringContaining(type)]);
    expect(stderr).toMatch(/no such file or directory, mkdir '\/proc\/baton'|EPERM|EACCES|ENOTSUP|EROFS/);
  });

  it('a port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await desk.baton('dev', '--port', String(port));
    expect([code, stderr]).toEqual([5, expect.stringContaining(`Port ${port} of 127.0.0.1 is in use`)]);
    expect(stderr).not.toMatch(/^\s+at /m);
    other.close();
  });

  it('a history that Temporal did not write', async () => {
    await writeFile(path.join(desk.folder, 'history.json'), '{"events": [{}]}');
    const { code, stderr } = await desk.baton('replay', '--file', 'history.json');
    expect([code, stderr]).toEqual([2, expect.stringContaining('is no history that Temporal wrote')]);
  });

  it('a project file with a mistake: which file, and what', async () => {
    await mkdir(path.join(desk.folder, 'broken'), { recursive: true });
    await writeFile(path.join(desk.folder, 'broken/baton.config.ts'), 'export default {');
    const { code, stderr } = await desk.baton('run', 'hello', '--config', 'broken/baton.config.ts');
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining("baton.config.ts can't be loaded: SyntaxError"),
    ]);
  });

  it('with --json the error is in English, whoever asks', async () => {
    const { stdout } = await desk.baton('show', 'hello-1', '--language', 'zh-Hant-TW', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      error: { mend: expect.stringContaining('Check the run id') },
    });
  });

  it('with --json the error is the one JSON value, also for wrong words', async () => {
    for (const [words, error] of [
      [
        ['show', 'hello-1'],
        {
          type: 'Run.Unknown',
          message: expect.any(String),
          mend: expect.any(String),
          page: expect.any(String),
        },
      ],
      [['shwo'], { type: 'Usage', message: expect.stringContaining('shwo') }],
    ] as const) {
      const { stdout } = await desk.baton(...words, '--json');
      expect(JSON.parse(stdout)).toEqual({ error });
    }
  });

  it('with --trace the stack is there', async () => {
    const { stderr } = await desk.baton('show', 'hello-1', '--trace');
    expect(stderr).toMatch(/^\s+at /m);
  });
});

describe('where nothing was run yet', () => {
  it('there are no runs, nothing on record, and no folder is made by looking', async () => {
    expect(await desk.json('runs')).toEqual([]);
    expect(await desk.json('ledger', 'verify')).toEqual([]);
    expect((await desk.baton('runs')).stdout).toContain('No runs in .baton yet');
  });

  it('the doctor says what is there and what is not', async () => {
    const { well, findings } = await desk.json<{
      well: boolean;
      findings: { about: string; state: string }[];
    }>('doctor');
    expect(well).toBe(true);
    const states = Object.fromEntries(findings.map(({ about, state }) => [about, state]));
    expect(states).toMatchObject({ Node: 'good', project: 'good', store: 'note', server: 'note' });
  });
});

it('help teaches: every command has an example, and exit codes are told', async () => {
  const { stdout } = await desk.baton('--help');
  expect(stdout).toContain('6  the ledger is broken');
  const commands = [...stdout.matchAll(/^ {2}([a-z-]+) .*(?:\[options\]|<|\[)/gm)].map(([, name]) => name!);
  expect(commands).toEqual(
    expect.arrayContaining(['run', 'dev', 'start', 'show', 'decide', 'rerun', 'replay']),
  );
  for (const name of ['run', 'decide', 'rerun']) {
    const help = await desk.baton('help', name);
    expect([help.code, help.stdout]).toEqual([0, expect.stringContaining('Examples:\n  baton ')]);
  }
});
