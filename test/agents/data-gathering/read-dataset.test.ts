import { mkdir, mkdtemp, realpath, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createDatasetLocator,
  createDatasetReader,
  packageFolder,
} from '../../../agents/data-gathering/read-dataset.ts';

let root = '';
let read: ReturnType<typeof createDatasetReader>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'baton-data-'));
  await mkdir(join(root, 'allowed', 'inner'), { recursive: true });
  await mkdir(join(root, 'named'));
  await mkdir(join(root, 'allowed-too'));
  const files = {
    'secret.csv': 'secret',
    'allowed/a.csv': 'a',
    'allowed/inner/b.tsv': 'b',
    'named/c.csv': 'c',
    'allowed-too/d.csv': 'd',
  };
  for (const [path, content] of Object.entries(files)) await writeFile(join(root, path), content);
  await symlink(join(root, 'secret.csv'), join(root, 'allowed', 'link.csv'));
  await symlink(join(root, 'allowed', 'a.csv'), join(root, 'allowed', 'inner', 'fine.csv'));
  await writeFile(join(root, 'allowed', 'large.csv'), '');
  await truncate(join(root, 'allowed', 'large.csv'), 8 * 1024 * 1024 + 1);
  read = createDatasetReader({ named: { here: join(root, 'named') }, folders: [join(root, 'allowed')] });
});

afterAll(async () => {
  await rm(root, { recursive: true });
});

const textOf = async (dataset: string): Promise<string> =>
  new TextDecoder().decode((await read(dataset)).bytes);

describe('a data set', () => {
  it('is read by the name of its folder, by its path, and by its place under an allowed folder', async () => {
    expect(await textOf('here/c.csv')).toBe('c');
    expect(await textOf(join(root, 'allowed', 'a.csv'))).toBe('a');
    expect(await textOf('a.csv')).toBe('a');
    expect(await textOf('inner/fine.csv')).toBe('a');
    expect(await read('inner/b.tsv')).toMatchObject({
      name: 'inner/b.tsv',
      mediaType: 'text/tab-separated-values',
    });
  });

  it('is read by its path from the working directory, if that leads into an allowed folder', async () => {
    const before = process.cwd();
    process.chdir(root);
    try {
      const nearby = createDatasetReader({ named: {}, folders: ['allowed'] });
      for (const path of ['allowed/a.csv', './allowed/a.csv', 'a.csv', 'named/../allowed/a.csv'])
        expect(new TextDecoder().decode((await nearby(path)).bytes)).toBe('a');
      for (const path of [
        'secret.csv',
        'allowed/../secret.csv',
        'allowed/link.csv',
        'named/c.csv',
        'allowed',
      ])
        await expect(nearby(path)).rejects.toMatchObject({
          type: expect.stringMatching(/^Data\.Not(Allowed|Found)$/) as string,
        });
      await expect(nearby('allowed/none.csv')).rejects.toMatchObject({
        type: 'Data.NotFound',
        message: 'There is no data set allowed/none.csv: no file allowed/allowed/none.csv, allowed/none.csv.',
      });
    } finally {
      process.chdir(before);
    }
  });

  it('is read from the data of an installed package', async () => {
    const ofPackage = createDatasetReader({
      named: { vega: packageFolder('vega-datasets', 'data') },
      folders: [],
    });
    expect((await ofPackage('vega/us-employment.csv')).bytes).toHaveLength(17_841);
    expect(() => packageFolder('no-such-package-here', 'data')).toThrow(/is not installed/);
  });

  it.each([
    '../secret.csv',
    'here/../secret.csv',
    'here/../../secret.csv',
    'inner/../../secret.csv',
    'link.csv',
    '..',
    '',
    'here',
    'here/..',
    'here\\..\\..\\secret.csv',
    'https://example.com/a.csv',
    'file:///etc/passwd',
    'a.csv\u0000.txt',
    '/etc/passwd',
  ])('is refused outside the allowed folders, there or not: %j', async (dataset) => {
    await expect(read(dataset)).rejects.toMatchObject({
      type: expect.stringMatching(/^Data\.Not(Allowed|Found)$/) as string,
    });
  });

  it.each([
    '../secret.csv',
    'here/../secret.csv',
    'inner/../../secret.csv',
    'link.csv',
    '/etc/passwd',
    'https://example.com/a.csv',
  ])('says of %j that it is not allowed', async (dataset) => {
    await expect(read(dataset)).rejects.toMatchObject({
      type: 'Data.NotAllowed',
      message: expect.stringContaining('lies outside the allowed data folders (here/, ') as string,
    });
  });

  it('is refused in a folder whose name only begins like an allowed one', async () => {
    await expect(read(join(root, 'allowed-too', 'd.csv'))).rejects.toMatchObject({ type: 'Data.NotAllowed' });
  });

  it('is not found where there is none, or where it is a folder', async () => {
    await expect(read('here/none.csv')).rejects.toMatchObject({ type: 'Data.NotFound' });
    await expect(read('none.csv')).rejects.toMatchObject({
      type: 'Data.NotFound',
      message: `There is no data set none.csv: no file ${join(root, 'allowed', 'none.csv')}.`,
    });
    await expect(read('inner')).rejects.toMatchObject({
      type: 'Data.NotFound',
      message: 'inner is no file.',
    });
  });

  it('of any size is found by its path, behind the same fence', async () => {
    const find = createDatasetLocator({
      named: { here: join(root, 'named') },
      folders: [join(root, 'allowed')],
    });
    expect(await find('large.csv')).toBe(await realpath(join(root, 'allowed', 'large.csv')));
    expect(await find('here/c.csv')).toBe(await realpath(join(root, 'named', 'c.csv')));
    for (const dataset of ['../secret.csv', 'link.csv', '/etc/passwd', 'here/../secret.csv'])
      await expect(find(dataset)).rejects.toMatchObject({ type: 'Data.NotAllowed' });
    await expect(find('none.csv')).rejects.toMatchObject({ type: 'Data.NotFound' });
  });

  it('is refused over 8 MiB before it is read', async () => {
    await expect(read('large.csv')).rejects.toMatchObject({
      type: 'Data.TooLarge',
      nonRetryable: true,
      message: 'large.csv has 8388609 bytes; the limit is 8388608.',
    });
  });
});
