import { chmod, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDesk } from './run-baton.ts';
import type { Desk } from './run-baton.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(async () => desk[Symbol.asyncDispose]());

const init = async (...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  desk.baton('init', ...words, '--no-install');

describe('baton init', { timeout: 120_000 }, () => {
  it('names the project after its folder, as far as npm lets it', async () => {
    const words = ['init', 'My Process!', '--no-install'];
    const { name, files } = await desk.json<{ name: string; files: string[] }>(...words);
    expect(name).toBe('my-process');
    expect(files).toContain('processes/notice.ts');
    expect(files).toContain('.gitignore');
    for (const file of files)
      expect(await readFile(path.join(desk.folder, 'My Process!', file), 'utf8')).not.toBe('');
  });

  it('leaves a folder as it is that has anything in it, and says what', async () => {
    const folder = path.join(desk.folder, 'full');
    await mkdir(folder);
    await writeFile(path.join(folder, 'package.json'), '{ "mine": true }');
    const { code, stderr } = await init('full');
    expect([code, stderr]).toEqual([2, expect.stringContaining('full is not empty: package.json.')]);
    expect(await readdir(folder)).toEqual(['package.json']);
    expect(await readFile(path.join(folder, 'package.json'), 'utf8')).toBe('{ "mine": true }');
    const json = await desk.baton('init', 'full', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { type: 'Project.NotEmpty' } });
  });

  it('takes a folder with no more than a repository and a licence for empty', async () => {
    const folder = path.join(desk.folder, 'cloned');
    await mkdir(path.join(folder, '.git'), { recursive: true });
    await writeFile(path.join(folder, 'LICENSE'), 'mine');
    expect((await init('cloned')).code).toBe(0);
    expect(await readFile(path.join(folder, 'LICENSE'), 'utf8')).toBe('mine');
  });

  it.each(['日報', 'zod', 'batonflow', 'node_modules', 'a'.repeat(101)])(
    'refuses a folder called %s, and writes none',
    async (name) => {
      const { code, stderr } = await init(name);
      expect([code, stderr]).toEqual([2, expect.stringContaining('name the folder otherwise')]);
      expect(await readdir(desk.folder)).not.toContain(name);
    },
  );

  it('refuses what is a file', async () => {
    await writeFile(path.join(desk.folder, 'file'), '');
    const { code, stderr } = await init('file');
    expect([code, stderr]).toEqual([2, expect.stringContaining('file is there already, and is no folder.')]);
  });

  it('says where it may not write', async () => {
    await writeFile(path.join(desk.folder, 'in-the-way'), '');
    const below = await init('in-the-way/my-process');
    expect([below.code, below.stderr]).toEqual([1, expect.stringContaining('File.NotWritable')]);
    // Whoever may do everything may also write there.
    if (userInfo().uid === 0) return;
    const folder = path.join(desk.folder, 'locked');
    await mkdir(folder);
    await chmod(folder, 0o555);
    const locked = await init('locked/my-process');
    expect([locked.code, locked.stderr]).toEqual([1, expect.stringContaining('File.NotWritable')]);
  });
});
