import { randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { fileConnector } from '../../../activities/connectors/file.ts';
import { ConnectorRefused } from '../../../contracts/ports.ts';
import { makeFolder } from '../harness.ts';
import { callOf } from './call.ts';

const destination = { folder: 'reports' };
const files = {
  files: [
    { name: 'report.html', artifact: 'report', member: 'html' },
    { name: 'chart.png', artifact: 'report', member: 'png', encoding: 'base64' },
    { name: 'report.json', artifact: 'report' },
  ],
};
const subjects = { report: { html: '<p>数字</p>', png: Buffer.from([1, 2, 3]).toString('base64') } };
const published = { destination, arguments: files, subjects };

function make(): { root: string; outside: string; connector: ReturnType<typeof fileConnector> } {
  const base = makeFolder();
  const root = path.join(base, 'root');
  return { root, outside: path.join(base, 'outside'), connector: fileConnector({ root }) };
}

test('publishes members as text, base64 or JSON, with the receipt beside them, and nothing else', async () => {
  const { root, connector } = make();
  const receipt = await connector.call(callOf(published));
  const folder = path.join(root, 'reports', 'run-1', 'publish');
  expect(receipt).toEqual({
    idempotencyKey: 'run-1/publish/0/do',
    digest: 'digest-1',
    folder: path.join('reports', 'run-1', 'publish'),
    files: ['report.html', 'chart.png', 'report.json'],
  });
  expect(await readFile(path.join(folder, 'report.html'), 'utf8')).toBe('<p>数字</p>');
  expect([...(await readFile(path.join(folder, 'chart.png')))]).toEqual([1, 2, 3]);
  expect(JSON.parse(await readFile(path.join(folder, 'report.json'), 'utf8'))).toEqual(subjects.report);
  expect(JSON.parse(await readFile(path.join(folder, 'baton-receipt.json'), 'utf8'))).toMatchObject(
    receipt as object,
  );
  expect(await readdir(path.dirname(folder))).toEqual(['publish']);
});

test('the same call again leaves the same files', async () => {
  const { root, connector } = make();
  const first = await connector.call(callOf(published));
  expect(await connector.call(callOf(published))).toEqual(first);
  expect((await readdir(path.join(root, 'reports', 'run-1', 'publish'))).toSorted()).toEqual([
    'baton-receipt.json',
    'chart.png',
    'report.html',
    'report.json',
  ]);
});

test('effects, elements and runs have folders of their own, whatever their keys look like', async () => {
  const { root, connector } = make();
  const slots = [
    'publish',
    'announce',
    'send/a',
    'send/b',
    'send/..',
    'send/.',
    'send/../..',
    'send/.hidden',
    'send/a b',
    'send/数',
  ];
  for (const slot of slots) await connector.call(callOf({ ...published, slot, digest: slot }));
  await connector.call(callOf({ ...published, run: '../run-2', digest: 'other run' }));
  for (const slot of slots)
    expect(await connector.lookup!(callOf({ ...published, slot, digest: slot }))).toMatchObject({
      holds: 'wanted',
    });
  expect((await readdir(path.join(root, 'reports'))).toSorted()).toEqual(['%2E.%2Frun-2', 'run-1']);
  expect(await readdir(root)).toEqual(['reports']);
});

test('lookup says which content is there', async () => {
  const { connector } = make();
  const call = callOf(published);
  expect(await connector.lookup!(call)).toEqual({ holds: 'none', forGood: true });
  const receipt = await connector.call(call);
  expect(await connector.lookup!(call)).toEqual({ holds: 'wanted', forGood: true, receipt });
  const amend = callOf({ ...published, verb: 'amend', n: 1, digest: 'digest-2', former: 'digest-1' });
  expect(await connector.lookup!(amend)).toMatchObject({ holds: 'former' });
  expect(await connector.lookup!({ ...amend, former: 'digest-0' })).toMatchObject({ holds: 'unknown' });
});

test('undo removes what was published, and again does nothing', async () => {
  const { root, connector } = make();
  await connector.call(callOf(published));
  const undo = callOf({ destination, verb: 'undo', digest: null, former: 'digest-1' });
  expect(await connector.lookup!(undo)).toMatchObject({ holds: 'former' });
  expect(await connector.call(undo)).toMatchObject({ removed: true });
  expect(await connector.lookup!(undo)).toMatchObject({ holds: 'wanted' });
  expect(await connector.call(undo)).toMatchObject({ removed: true });
  expect(await readdir(path.join(root, 'reports', 'run-1'))).toEqual([]);
});

test('a reader never sees half of what replaces it', async () => {
  const { root, connector } = make();
  const versionOf = (n: number) =>
    callOf({
      ...published,
      n,
      verb: n === 0 ? 'do' : 'amend',
      digest: `digest-${n}`,
      subjects: { report: { html: `${n}`.repeat(100_000), png: '' } },
    });
  await connector.call(versionOf(0));
  const folder = path.join(root, 'reports', 'run-1', 'publish');
  let writing = true;
  const read: string[] = [];
  const reading = (async () => {
    while (writing) {
      const text = await readFile(path.join(folder, 'report.html'), 'utf8').catch(() => null);
      if (text !== null) read.push(text);
    }
  })();
  for (let n = 1; n <= 9; n++) await connector.call(versionOf(n));
  writing = false;
  await reading;
  expect(read.length).toBeGreaterThan(0);
  for (const text of read) expect(text).toBe(text[0]!.repeat(100_000));
  expect(await readdir(path.dirname(folder))).toEqual(['publish']);
});

test('what a call left that died is removed, and is never taken for published', async () => {
  const { root, connector } = make();
  const parent = path.join(root, 'reports', 'run-1');
  const leftover = path.join(parent, `.publish.${randomUUID()}`);
  await mkdir(leftover, { recursive: true });
  await writeFile(path.join(leftover, 'report.html'), 'half');
  expect(await connector.lookup!(callOf(published))).toMatchObject({ holds: 'none' });
  await connector.call(callOf(published));
  expect(await readdir(parent)).toEqual(['publish']);
});

test('what a slot whose name goes on from this one has under way stays', async () => {
  const { root, connector } = make();
  const sibling = path.join(root, 'reports', 'run-1', `.publish.1.${randomUUID()}`);
  await mkdir(sibling, { recursive: true });
  await connector.call(callOf(published));
  expect(await readdir(path.dirname(sibling))).toContain(path.basename(sibling));
});

test('a call that was aborted publishes nothing', async () => {
  const { root, connector } = make();
  await expect(
    connector.call(callOf({ ...published, abortSignal: AbortSignal.abort() })),
  ).rejects.not.toBeInstanceOf(ConnectorRefused);
  expect(await connector.lookup!(callOf(published))).toMatchObject({ holds: 'none' });
  expect(await readdir(path.join(root, 'reports', 'run-1'))).toEqual([]);
});

const wrong: [string, Parameters<typeof callOf>[0]][] = [
  ['a folder above the root', { ...published, destination: { folder: '../outside' } }],
  ['a folder above the root, deeper', { ...published, destination: { folder: 'reports/../../outside' } }],
  ['an absolute folder', { ...published, destination: { folder: '/tmp/outside' } }],
  ['no folder', { ...published, destination: {} }],
  ['a file above its folder', { ...published, arguments: { files: [{ name: '../x', artifact: 'report' }] } }],
  ['a hidden file', { ...published, arguments: { files: [{ name: '.x', artifact: 'report' }] } }],
  [
    "the receipt's name",
    { ...published, arguments: { files: [{ name: 'Baton-Receipt.json', artifact: 'report' }] } },
  ],
  [
    'two files of one name',
    {
      ...published,
      arguments: {
        files: [
          { name: 'x', artifact: 'report' },
          { name: 'X', artifact: 'report' },
        ],
      },
    },
  ],
  ['no files', { ...published, arguments: { files: [] } }],
  [
    'an artifact that is not handed over',
    { ...published, arguments: { files: [{ name: 'x', artifact: 'other' }] } },
  ],
  [
    'a member that is no text',
    { ...published, arguments: { files: [{ name: 'x', artifact: 'report', member: 'toString' }] } },
  ],
];

test.for(wrong)('%s is refused, and nothing is written', async ([, parts]) => {
  const { root, outside, connector } = make();
  await expect(connector.call(callOf(parts))).rejects.toBeInstanceOf(ConnectorRefused);
  await expect(readdir(outside)).rejects.toThrow(/ENOENT/);
  expect(await readdir(root).catch(() => [])).toEqual([]);
});

test('a link inside the root that leads out of it is refused', async () => {
  const { root, outside, connector } = make();
  await mkdir(outside);
  await mkdir(root);
  await symlink(outside, path.join(root, 'reports'));
  await expect(connector.call(callOf(published))).rejects.toBeInstanceOf(ConnectorRefused);
  expect(await readdir(outside)).toEqual([]);
  await rm(path.join(root, 'reports'));
  await mkdir(path.join(root, 'elsewhere'));
  await symlink(path.join(root, 'elsewhere'), path.join(root, 'reports'));
  await connector.call(callOf(published));
  expect(await readdir(path.join(root, 'elsewhere'))).toEqual(['run-1']);
});

test('a root that is itself reached by a link is fine', async () => {
  const { root, outside } = make();
  await mkdir(outside);
  await symlink(outside, root);
  await fileConnector({ root }).call(callOf(published));
  expect(await readdir(outside)).toEqual(['reports']);
});

test('a disk that says no is a refusal: a file stands where the folder would be', async () => {
  const { root, connector } = make();
  await mkdir(root);
  await writeFile(path.join(root, 'reports'), 'a file');
  await expect(connector.call(callOf(published))).rejects.toThrow(ConnectorRefused);
  expect(await connector.lookup!(callOf(published))).toEqual({ holds: 'none', forGood: true });
});

test('takes away and replaces only what it wrote itself: anything else there is named, and stays', async () => {
  const { root, connector } = make();
  const folder = path.join(root, 'reports', 'run-1', 'publish');
  const undo = callOf({ destination, verb: 'undo', digest: null, former: 'digest-1' });
  const amend = callOf({ ...published, verb: 'amend', digest: 'digest-2', former: 'digest-1' });
  await connector.call(callOf(published));
  await writeFile(path.join(folder, 'remarks.txt'), 'mine');
  for (const call of [undo, amend]) {
    const refused = connector.call(call);
    await expect(refused).rejects.toBeInstanceOf(ConnectorRefused);
    await expect(refused).rejects.toThrow('holds what Baton did not write: remarks.txt');
  }
  expect(await readFile(path.join(folder, 'remarks.txt'), 'utf8')).toBe('mine');
  await rm(path.join(folder, 'remarks.txt'));
  await writeFile(path.join(folder, 'report.html'), '<p>mended by hand</p>');
  for (const call of [undo, amend]) {
    await expect(connector.call(call)).rejects.toThrow(/report\.html was changed since Baton wrote it/);
  }
  expect(await readFile(path.join(folder, 'report.html'), 'utf8')).toBe('<p>mended by hand</p>');
});

test('a folder that somebody else made where the slot belongs is not replaced', async () => {
  const { root, connector } = make();
  const folder = path.join(root, 'reports', 'run-1', 'publish');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'old.txt'), 'mine');
  await expect(connector.call(callOf(published))).rejects.toThrow(
    'is there already, and Baton did not write it',
  );
  expect(await readdir(folder)).toEqual(['old.txt']);
});

test('what was amended is undone whole', async () => {
  const { root, connector } = make();
  await connector.call(callOf(published));
  const other = { report: { html: '<p>other</p>', png: '' } };
  await connector.call(
    callOf({ ...published, subjects: other, verb: 'amend', digest: 'digest-2', former: 'digest-1' }),
  );
  await connector.call(callOf({ destination, n: 1, verb: 'undo', digest: null, former: 'digest-2' }));
  expect(await readdir(path.join(root, 'reports', 'run-1'))).toEqual([]);
});
