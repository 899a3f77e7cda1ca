import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { artifactsOf } from '../../../client/artifacts-of.ts';
import { findArtifact } from '../../../client/find-artifact.ts';
import { describeRemade, findRemade } from '../../../cli/remade.ts';
import { showSubjects } from '../../../cli/show-subjects.ts';
import { outcomesOf } from '../../../client/read-run.ts';
import { readVersion } from '../../../client/read-version.ts';
import { startTestProject } from '../../../testing/start-test-project.ts';
import type { TestProject } from '../../../testing/start-test-project.ts';
import type { Script } from '../../../testing/script.ts';
import { temporalAddress } from '../../temporal-server.ts';
import { purchase, purchasing } from './parts.ts';
import type { Purchasing } from './parts.ts';

const address = await temporalAddress();
const owner = { id: 'an-owner', roles: ['owner'] };
const list = 'M8: 100 x 0.5, M10: 3 x 40, M12: 1 x 7, M14: 2 x 60';

async function opened(parts: Purchasing): Promise<TestProject> {
  return startTestProject(parts.project, { address });
}

const approveAll: Script = (asked) =>
  asked.kind === 'exception' ? undefined : { verb: asked.offers[0] ?? 'approve' };

const filled = ({ outside }: Purchasing): string[] =>
  [...outside.done].map(([place, times]) => `${place.split('/').slice(1).join('/')} ${times}`).toSorted();

test('each element is made, looked at where its own facts ask for it, and handed out by itself, once', async () => {
  const parts = purchasing();
  await using baton = await opened(parts);
  const { result, outputs, decided } = await baton.run(purchase, { list }, { script: approveAll });
  expect(result.status).toBe('finished');
  expect(outputs['total']).toEqual({ price: 297, parts: ['M10', 'M12', 'M14', 'M8'] });
  expect(outputs['quote']).toMatchObject({ M8: { price: 50, of: 'M8' }, M14: { price: 120 } });
  expect(parts.priced.toSorted()).toEqual(['M10', 'M12', 'M14', 'M8']);
  expect(parts.atOnce).toBeLessThanOrEqual(2);
  expect(decided.filter(({ name }) => name === 'lookAtQuote')).toHaveLength(2);
  expect(filled(parts)).toEqual(['order/M10 1', 'order/M12 1', 'order/M14 1', 'order/M8 1']);
  expect(await baton.store.ledger.verify(result.run, result.head ?? undefined)).toEqual([]);
});

test('an element that fails is asked about by itself, while the others go on; it is tried again alone', async () => {
  const parts = purchasing();
  parts.failing.add('M12');
  await using baton = await opened(parts);
  const asked: string[] = [];
  const { result, outputs } = await baton.run(
    purchase,
    { list },
    {
      script(checkpoint) {
        if (checkpoint.kind !== 'exception') return { verb: checkpoint.offers[0] ?? 'approve' };
        asked.push(checkpoint.id);
        parts.failing.clear();
        return { verb: 'retry' };
      },
    },
  );
  expect(asked).toEqual(['exception:task:pricing/M12']);
  expect(result.status).toBe('finished');
  expect(outputs['total']).toMatchObject({ price: 297 });
  const tries = (part: string): number => parts.priced.filter((one) => one === part).length;
  // Three attempts by Temporal's retries, then the one that was asked for.
  expect([tries('M12'), tries('M8'), tries('M10')]).toEqual([4, 1, 1]);
});

test('changes to one element make that one again, and what hangs on it', async () => {
  const parts = purchasing();
  await using baton = await opened(parts);
  let isFirst = true;
  const { run, outputs } = await baton.run(
    purchase,
    { list },
    {
      script(checkpoint) {
        if (checkpoint.name !== 'lookAtQuote' || checkpoint.cell !== 'quote/M14' || !isFirst)
          return { verb: checkpoint.offers[0] ?? 'approve' };
        isFirst = false;
        return { verb: 'changes', changes: { task: 'pricing/M14', fields: { discount: 5 } } };
      },
    },
  );
  expect(outputs['total']).toMatchObject({ price: 292 });
  expect(parts.priced.filter((part) => part === 'M14')).toHaveLength(2);
  expect(parts.priced).toHaveLength(5);
  const [remade] = findRemade(outcomesOf(await baton.store.ledger.read(run)));
  const said = describeRemade(remade!);
  expect(said).toContain('kept        pricing: 3 of its elements');
  expect(said.filter((line) => line.includes('pricing/'))).toEqual([
    expect.stringContaining('made again  pricing/M14'),
  ]);
});

test('whoever looks at an element is shown the page that its agent draws of it', async () => {
  const parts = purchasing();
  await using baton = await opened(parts);
  const { run } = await baton.client.start(purchase, { list }, { by: 'a-starter' });
  const asked = await vi.waitUntil(
    async () =>
      (await baton.store.desk.open({ run })).find(({ checkpoint }) => checkpoint.cell === 'quote/M14'),
    { timeout: 30_000 },
  );
  const previews = await mkdtemp(path.join(tmpdir(), 'baton-previews-'));
  const print = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await showSubjects(baton.store, asked, { previews, agents: parts.project.agents });
  print.mockRestore();
  const files = await readdir(previews, { recursive: true });
  const page = files.find((file) => file.endsWith('quote-preview.html'));
  expect(await readFile(path.join(previews, page!), 'utf8')).toBe('<p>120 for 2 pieces</p>');
  await rm(previews, { recursive: true });
});

test('what was made one by one is found whole and by element, and an element of what was made whole', async () => {
  const parts = purchasing();
  await using baton = await opened(parts);
  const { run, outputs } = await baton.run(purchase, { list }, { script: approveAll });
  const read = async (name: string) => readVersion(baton.store, await findArtifact(baton.store, run, name));
  expect(await read('quote')).toEqual(outputs['quote']);
  expect(await read('quote/M8')).toEqual({ price: 50, of: 'M8' });
  expect(await read('parts/M8')).toEqual({ pieces: 100, each: 0.5 });
  await expect(read('parts/M9')).rejects.toMatchObject({ type: 'Artifact.NotMade' });
});

test('an amended input makes only what changed, and asks about what was handed out for an element that is gone', async () => {
  const parts = purchasing();
  await using baton = await opened(parts);
  const { run } = await baton.client.start(purchase, { list: 'M8: 1 x 1, M12: 1 x 7' }, { by: 'a-starter' });
  const open = async (id: string) =>
    (await baton.store.desk.open({ run })).find((row) => row.checkpoint.id === id);
  const asked = await vi.waitUntil(async () => open('authorise:mayOrder:order/M8'), { timeout: 30_000 });
  const manager = { id: 'a-manager', roles: ['manager'] };
  const { checkpoint, digest } = asked;
  await baton.client.decide(run, { checkpoint: checkpoint.id, digest, verb: 'approve' }, manager);
  await vi.waitUntil(() => parts.outside.done.size === 1, { timeout: 30_000 });
  await baton.client.amend(run, 'list', 'M12: 1 x 7, M16: 1 x 9', owner);
  const corrections: string[] = [];
  const { outputs } = await baton.finish(run, (shown) => {
    if (shown.kind !== 'correction') return { verb: 'approve' };
    corrections.push(shown.id);
    return { verb: 'leave' };
  });
  expect(outputs['total']).toEqual({ price: 16, parts: ['M12', 'M16'] });
  expect(parts.priced.toSorted()).toEqual(['M12', 'M16', 'M8']);
  expect(corrections).toEqual(['correction:order:order/M8']);
  expect(filled(parts)).toEqual(['order/M12 1', 'order/M16 1', 'order/M8 1']);
});

test.each([
  ['a key that is empty', ': 1 x 1', /its key "" is empty/],
  [
    'too many elements',
    Array.from({ length: 1001 }, (_, part) => `M${part}: 1 x 1`).join(','),
    /it has 1001 elements, and may have 1000/,
  ],
])('a collection with %s is refused, with its name', async (_, faulty, message) => {
  const parts = purchasing();
  await using baton = await opened(parts);
  let failure: unknown;
  const { result } = await baton.run(
    purchase,
    { list: faulty },
    {
      script(checkpoint) {
        failure = checkpoint.shown.failure;
        return { verb: 'stop' };
      },
    },
  );
  expect(result.status).toBe('stopped');
  expect(failure).toMatchObject({ type: 'Agent.InvalidOutput', message: expect.stringMatching(message) });
  expect(parts.priced).toEqual([]);
});

test('an element that was edited is shown as edited, under its own name', async () => {
  const parts = purchasing();
  await using baton = await opened(parts);
  let edited = 0;
  const { run, outputs } = await baton.run(
    purchase,
    { list },
    {
      script(checkpoint) {
        if (checkpoint.cell !== 'quote/M14' || checkpoint.kind !== 'review' || edited++ > 0)
          return { verb: checkpoint.offers[0] ?? 'approve' };
        return { verb: 'edit', delta: { price: 101 } };
      },
    },
  );
  expect(outputs['total']).toMatchObject({ price: 278 });
  const shown = artifactsOf(outcomesOf(await baton.store.ledger.read(run)));
  expect(shown.filter(({ by }) => by.startsWith('an edit')).map(({ name }) => name)).toEqual(['quote/M14']);
});

test('a person supplies a collection, whole, in place of one that could not be read', async () => {
  const parts = purchasing();
  await using baton = await opened(parts);
  const { outputs } = await baton.run(
    purchase,
    { list: ': 1 x 1' },
    {
      script(checkpoint) {
        if (checkpoint.kind !== 'exception') return { verb: checkpoint.offers[0] ?? 'approve' };
        return { verb: 'supply', artifacts: { parts: { M3: { pieces: 2, each: 4 } } } };
      },
    },
  );
  expect(outputs['total']).toEqual({ price: 8, parts: ['M3'] });
});
