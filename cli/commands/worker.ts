import { aborted, withInterrupt } from '../interrupt.ts';
import { paint, print, printJson } from '../output.ts';
import { loadProject } from '../settings.ts';
import type { Settings } from '../settings.ts';

/** A worker until Ctrl+C; below `baton dev` it ends with it, too. */
export async function work(settings: Settings): Promise<void> {
  const { project } = await loadProject(settings);
  await withInterrupt(async (signal) => {
    const { startLocal } = await import('../local.ts');
    await using local = await startLocal(settings, project);
    const { server, worker } = local;
    if (process.send) process.send('ready');
    else print(`${paint('dim', 'worker')}  polls ${settings.taskQueue} at ${server.address}; Ctrl+C ends it`);
    if (settings.json)
      printJson({ address: server.address, taskQueue: settings.taskQueue, pid: process.pid });
    const orphaned = new Promise<void>((resolve) => process.once('disconnect', resolve));
    await Promise.race([aborted(signal), orphaned, worker.ended]);
    if (process.connected) process.disconnect();
  });
}
