import path from 'node:path';
import { fileConnector } from '../../../activities/connectors/file.ts';
import { openDoor } from '../../../client/door.ts';
import { withExclusiveLock } from '../../../server/exclusive-lock.ts';
import { openStore } from '../../../store/open-store.ts';
import { callOf } from '../../activities/connectors/call.ts';

/** All that makes the folder in which it keeps something. */
const ways: { [way: string]: (folder: string) => unknown } = {
  store: async (folder) => openStore({ folder }),
  door: (folder) => openDoor(path.join(folder, 'door.pem')),
  lock: async (folder) => withExclusiveLock(path.join(folder, 'lock'), async () => {}),
  'connector, its root': async (root) => publish(root, '.'),
  'connector, a folder below its root': async (folder) =>
    publish(path.dirname(folder), path.basename(folder)),
};

async function publish(root: string, folder: string): Promise<unknown> {
  const subjects = { report: { text: 'made' } };
  const files = [{ name: 'report.json', artifact: 'report' }];
  return fileConnector({ root }).call(callOf({ destination: { folder }, arguments: { files }, subjects }));
}

const [, , way, folder] = process.argv as [string, string, string, string];
try {
  await ways[way]!(folder);
  console.log('made');
} catch (error) {
  console.log(error instanceof Error ? error.message : String(error));
}
