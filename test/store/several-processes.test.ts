import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Store } from '../../contracts/ports.ts';
import { openStore } from '../../store/open-store.ts';
import { startProcess } from './processes/start-process.ts';
import { createSqlitePlace } from './sqlite-place.ts';
import { batch, failureOf, reserveRun, started } from './suite/place.ts';

let place: Awaited<ReturnType<typeof createSqlitePlace>>;
let store: Store;

beforeEach(async () => {
  place = await createSqlitePlace();
  store = await place.open();
});
afterEach(async () => {
  await store.close();
  await place.remove();
});

/** What the lines of a process say was recorded. */
function recordedBy(
  lines: string[],
): { run: string; index: number; hash: string; id: string; content: string }[] {
  return lines
    .filter((line) => line.startsWith('recorded '))
    .map((line) => {
      const [, run, index, hash, ...id] = line.split(' ');
      return { run: run!, index: Number(index), hash: hash!, id: id.join(' '), content: id.join(' ') };
    });
}

async function assertAllThere(lines: string[]): Promise<void> {
  const recorded = recordedBy(lines);
  for (const run of new Set(recorded.map((record) => record.run))) {
    const records = await store.ledger.read(run);
    const mine = recorded.filter((record) => record.run === run);
    expect(await store.ledger.verify(run, mine.at(-1)!)).toEqual([]);
    for (const { index, hash, id, content } of mine) {
      expect(records[index]).toMatchObject({ hash, id });
      const artifact = await store.artifacts.get(records[index]!.body as string);
      expect(new TextDecoder().decode(artifact.content)).toBe(content);
    }
  }
}

describe('several processes on one store', () => {
  test('write at once, to the same runs, and lose nothing', async () => {
    for (const run of ['a', 'b']) await reserveRun(store, run);
    const writers = [1, 2, 3, 4].map((n) =>
      startProcess('write-ledger.ts', [place.folder, `writer${n}`, '60', 'a', 'b']),
    );
    for (let seq = 0; seq < 30; seq++) await store.commit(batch('a', seq, [started('here', seq)]));
    for (const writer of writers) expect(await writer.ended).toBe(0);
    for (const writer of writers) {
      expect(recordedBy(writer.lines)).toHaveLength(60);
      await assertAllThere(writer.lines);
    }
    expect(await store.ledger.read('a')).toHaveLength(4 * 30 + 4 + 30);
    expect(await store.ledger.read('b')).toHaveLength(4 * 30);
    expect(await store.desk.open({ run: 'b' })).toHaveLength(4);
  });

  test('create one and the same store', async () => {
    const fresh = await createSqlitePlace();
    const writers = [1, 2, 3].map(() => startProcess('write-ledger.ts', [fresh.folder, 'writer', '0', 'a']));
    for (const writer of writers) expect(await writer.line((line) => line === 'ready')).toBe('ready');
    await Promise.all(writers.map((writer) => writer.ended));
    await fresh.remove();
  });

  test('killed at any moment leave what they said they wrote, whole', async () => {
    await reserveRun(store, 'a');
    for (const after of [1, 7, 23]) {
      const writer = startProcess('write-ledger.ts', [place.folder, `killed${after}`, '100000', 'a']);
      await writer.line((line) => line.endsWith(`killed${after} ${after}`));
      writer.child.kill('SIGKILL');
      await writer.ended;
      expect(recordedBy(writer.lines).length).toBeGreaterThan(after);
      await assertAllThere(writer.lines);
      await store.commit(batch('a', after, [started('after the kill', after)]));
    }
    const ids = (await store.ledger.read('a')).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('wait for one that is writing, and say so when their patience ends', async () => {
    await reserveRun(store, 'a');
    const impatient = await openStore({ folder: place.folder, patience: 0 });
    const release = place.holdWriteLock();
    const refused = impatient.commit(batch('a', 0, [started('gather')]));
    await expect(refused).rejects.toMatchObject(failureOf('Store.Unavailable'));
    expect(await impatient.ledger.read('a')).toEqual([]);
    const waiting = store.commit(batch('a', 0, [started('gather')]));
    release();
    expect(await waiting).toMatchObject({ index: 0 });
    await impatient.close();
  });

  test('are told where one was stopped in the middle of its writing, read on, and write once it is gone', async () => {
    await reserveRun(store, 'a');
    const impatient = await openStore({ folder: place.folder, patience: 0 });
    const stopped = startProcess('stop-in-transaction.ts', [place.folder, 'a']);
    // Stopped, it would outlive a test that failed.
    onTestFinished(() => void stopped.child.kill('SIGKILL'));
    const isRefused = async (): Promise<boolean> => {
      try {
        await impatient.commit(batch('a', 0, [started('gather')]));
        return false;
      } catch (error) {
        expect(error).toMatchObject(failureOf('Store.Unavailable'));
        return true;
      }
    };
    // From now on nobody but its end gives the lock back.
    await stopped.line((line) => line === 'holds the lock');
    expect(await isRefused()).toBe(true);
    expect(await impatient.runs.get('a')).toMatchObject({ status: 'open' });
    const waiting = store.commit(batch('a', 0, [started('gather')]));
    stopped.child.kill('SIGKILL');
    await waiting;
    expect(await isRefused()).toBe(false);
    expect(await store.runs.get('a')).toMatchObject({ status: 'open' });
    expect(await store.ledger.verify('a')).toEqual([]);
    await impatient.close();
  });
});
