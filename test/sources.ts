import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { rooms } from '../tools/rooms.ts';

const root = path.join(import.meta.dirname, '..');

/** Sources below a folder, without comments, by file. */
function readSources(folder: string): Map<string, string> {
  const found = readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name));
  return new Map(
    found.map((file) => [
      path.relative(root, file).replaceAll('\\', '/'),
      readFileSync(file, 'utf8')
        .replaceAll(/\/\*[\s\S]*?\*\//g, '')
        .replaceAll(/^\s*\/\/.*$/gm, ''),
    ]),
  );
}

/** The sources of all rooms; some rooms of the table are still to be built. */
export function readProduction(): Map<string, string> {
  const folders = Object.keys(rooms).filter(
    (room) => !room.endsWith('.ts') && existsSync(path.join(root, room)),
  );
  return new Map(folders.flatMap((folder) => [...readSources(folder)]));
}
