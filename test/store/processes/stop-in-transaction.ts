// Stops in the middle of what it writes to a run: its write lock stays with it.
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const [folder, run] = process.argv.slice(2) as [string, string];
const database = new DatabaseSync(path.join(folder, 'baton.sqlite'));
database.exec('begin immediate');
database.prepare("update runs set status = 'stopped' where run = ?").run(run);
process.kill(process.pid, 'SIGSTOP');
