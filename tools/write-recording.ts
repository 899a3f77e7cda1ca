import { mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../test/replay/', import.meta.url));

/** Below `test/replay`, without the names of this machine and of its folders. */
export async function writeRecording(kind: string, name: string, content: object): Promise<void> {
  await mkdir(path.join(folder, kind), { recursive: true });
  const text = JSON.stringify(content, (key, value: unknown) => (key === 'identity' ? 'recorder' : value), 1);
  const worker = `${process.pid}@${hostname()}`;
  const plain = text
    .replaceAll(worker, 'recorder')
    .replaceAll(fileURLToPath(new URL('../', import.meta.url)), '');
  await writeFile(path.join(folder, kind, `${name}.json`), `${plain}\n`);
}
