import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStore } from '../../store/open-store.ts';
import { startProcess } from './processes/start-process.ts';
import { createSqlitePlace } from './sqlite-place.ts';
import { reserveRun } from './suite/place.ts';

let place: Awaited<ReturnType<typeof createSqlitePlace>>;

beforeEach(async () => {
  place = await createSqlitePlace();
});
afterEach(() => place.remove());

const unavailable = (folder: string): object => ({
  type: 'Store.Unavailable',
  message: expect.stringContaining(folder),
});

/** What a process that failed wrote. */
async function failureIn(running: ReturnType<typeof startProcess>): Promise<unknown> {
  await running.ended;
  return JSON.parse(running.lines.find((line) => line.startsWith('failed '))?.slice(7) ?? 'null');
}

describe('a store that can’t be used is Store.Unavailable, with its folder’s name, where', () => {
  test('the folder is a file', async () => {
    const folder = join(place.folder, 'file');
    await writeFile(folder, 'here first');
    await expect(openStore({ folder })).rejects.toMatchObject(unavailable(folder));
    await expect(openStore({ folder: join(folder, 'deeper') })).rejects.toMatchObject(unavailable(folder));
  });

  test('its file is a folder', async () => {
    await mkdir(join(place.folder, 'baton.sqlite'));
    await expect(openStore({ folder: place.folder })).rejects.toMatchObject(unavailable(place.folder));
  });

  test('its file is no database', async () => {
    await writeFile(join(place.folder, 'baton.sqlite'), 'no database, whatever its name says'.repeat(100));
    await expect(openStore({ folder: place.folder })).rejects.toMatchObject(unavailable(place.folder));
  });

  test('the folder may not be made', async () => {
    await chmod(place.folder, 0o555);
    const folder = join(place.folder, 'new');
    const failure = await failureIn(startProcess('open-as-nobody.ts', [folder]));
    expect(failure).toMatchObject(unavailable(folder));
  });

  test('the folder and its file may only be read', async () => {
    const store = await openStore({ folder: place.folder });
    await reserveRun(store, 'a');
    await store.close();
    await chmod(join(place.folder, 'baton.sqlite'), 0o444);
    await chmod(place.folder, 0o555);
    const failure = await failureIn(startProcess('open-as-nobody.ts', [place.folder]));
    expect(failure).toMatchObject(unavailable(place.folder));
  });

  test('no space is left, and what was stored before is whole', async () => {
    // A limit on the size of files stands for a full disk; the signal that goes with it is ignored.
    const limited = ['/bin/sh', '-c', `trap '' XFSZ; ulimit -f 4000; exec "$0" "$@"`];
    const writer = startProcess('write-until-full.ts', [place.folder], limited);
    expect(await failureIn(writer)).toMatchObject(unavailable(place.folder));
    const stored = writer.lines.filter((line) => line.startsWith('stored ')).map((line) => line.slice(7));
    expect(stored.length).toBeGreaterThan(0);
    const store = await openStore({ folder: place.folder });
    for (const digest of stored) expect((await store.artifacts.get(digest)).content).toHaveLength(100_000);
    await reserveRun(store, 'a');
    await store.close();
  });
});
