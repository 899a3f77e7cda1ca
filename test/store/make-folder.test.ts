import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../../store/make-folder.ts';

const program = fileURLToPath(new URL('processes/make-below.ts', import.meta.url));
/** Milliseconds after which a process counts as hung: it has nothing to do but to fail. */
const hung = 120_000;

describe('a folder that can not be made, though its place is there, is an error', () => {
  it.runIf(existsSync('/proc/self')).each([
    ['store', '/proc/baton/deep'],
    ['door', '/proc/baton/deep'],
    ['lock', '/proc/baton/deep'],
    ['connector, its root', '/proc/baton/deep'],
    ['connector, a folder below its root', '/proc/baton'],
  ])('%s', { timeout: 2 * hung }, async (way, folder) => {
    const options = { timeout: hung, killSignal: 'SIGKILL' } as const;
    const { stdout } = await promisify(execFile)(process.execPath, [program, way, folder], options);
    expect(stdout).toMatch(/(?:ENOENT|EPERM|EACCES|ENOTSUP|EROFS): .*, mkdir '\/proc\/baton'/);
  });
});

describe('a folder is made', () => {
  let place: string;
  beforeAll(async () => {
    place = await mkdtemp(path.join(tmpdir(), 'baton-folder-'));
  });
  afterAll(async () => rm(place, { recursive: true, force: true }));

  it('with those above it, all with the mode that was asked for, and the highest of them is named', async () => {
    const deep = path.join(place, 'one/two/three');
    expect(makeFolder(deep, 0o700)).toBe(path.join(place, 'one'));
    for (const folder of [deep, path.dirname(deep), path.join(place, 'one')])
      expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(makeFolder(deep)).toBeUndefined();
  });

  it('not where there is a file, or below one', async () => {
    const file = path.join(place, 'file');
    await writeFile(file, 'here first');
    expect(() => makeFolder(file)).toThrow('EEXIST');
    expect(() => makeFolder(path.join(file, 'below'))).toThrow('EEXIST');
  });
});
