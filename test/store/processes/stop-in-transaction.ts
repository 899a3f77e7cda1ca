// Stops in the middle of what it writes to a run: its write lock stays with it.
import { writeSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const [folder, run] = process.argv.slice(2) as [string, string];
const database = new DatabaseSync(path.join(folder, 'baton.sqlite'), { timeout: 30_000 });
database.exec('begin immediate');
database.prepare("update runs set status = 'stopped' where run = ?").run(run);
// At once: what is only buffered would stay behind.
writeSync(1, 'holds the lock\n');
process.kill(process.pid, 'SIGSTOP');
