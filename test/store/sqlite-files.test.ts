import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSqlitePlace } from './sqlite-place.ts';

test('Erased content is in no file of the folder any more', async () => {
  const place = await createSqlitePlace();
  const store = await place.open();
  const needle = 'the name of a person';
  const [small, large] = await store.artifacts.put(
    [1, 3000].map((times) => ({
      name: 'report',
      mediaType: 'text/plain',
      content: new TextEncoder().encode(needle.repeat(times)),
      facts: {},
    })),
  );
  const holds = async (): Promise<boolean> => {
    const files = await readdir(place.folder);
    const contents = await Promise.all(files.map((file) => readFile(join(place.folder, file))));
    return contents.some((content) => content.includes(needle));
  };
  expect(await holds()).toBe(true);
  await store.artifacts.erase(small!.digest);
  await store.artifacts.erase(large!.digest);
  expect(await holds()).toBe(false);
  await store.close();
  await place.remove();
});
