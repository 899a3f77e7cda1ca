import { readdirSync, watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import path from 'node:path';

/** Milliseconds without another change after which a change counts: editors save in several steps. */
const quiet = 150;
const code = /\.(?:[cm]?[jt]s|tsx|jsx)$/;
const passedOver = new Set(['node_modules', 'dist', 'out', 'coverage']);

/** Calls back with the files of code below a folder that changed; not those of dependencies, builds and hidden folders. */
export function watchProject(folder: string, changed: (files: string[]) => void): { close(): void } {
  const watchers = new Map<string, FSWatcher>();
  const pending = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const note = (file: string): void => {
    pending.add(file);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const files = [...pending];
      pending.clear();
      changed(files);
    }, quiet);
  };
  const watchFolder = (name: string): void => {
    if (watchers.has(name)) return;
    const watcher = watch(path.join(folder, name), { recursive: name !== '' }, (_event, file) => {
      if (file === null) return;
      if (name === '') addFolders();
      if (code.test(file) && !file.split(path.sep).some((part) => passedOver.has(part)))
        note(path.join(name, file));
    });
    // A folder that is removed while it is watched.
    watcher.on('error', () => {
      watcher.close();
      watchers.delete(name);
    });
    watchers.set(name, watcher);
  };
  const addFolders = (): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory() && !entry.name.startsWith('.') && !passedOver.has(entry.name))
        watchFolder(entry.name);
  };
  watchFolder('');
  addFolders();
  return {
    close() {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}
