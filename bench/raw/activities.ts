import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export type RawActivities = ReturnType<typeof createRawActivities>;

/** Activities that keep what they make as durably as Baton's store does: SQLite, WAL, synchronous FULL. */
export function createRawActivities(folder: string, opened: (workflowId: string) => void) {
  mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(path.join(folder, 'raw.db'));
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE artifacts (digest TEXT PRIMARY KEY, content TEXT);
    CREATE TABLE approvals (workflow TEXT PRIMARY KEY, artifacts TEXT);
    CREATE TABLE effects (workflow TEXT PRIMARY KEY, artifacts TEXT);
  `);
  const keepArtifact = database.prepare('INSERT OR IGNORE INTO artifacts VALUES (?, ?)');
  const keepApproval = database.prepare('INSERT OR REPLACE INTO approvals VALUES (?, ?)');
  const keepEffect = database.prepare('INSERT OR IGNORE INTO effects VALUES (?, ?)');
  return {
    async agent(workflowId: string, name: string): Promise<string> {
      const content = JSON.stringify({ name, workflowId });
      const digest = createHash('sha256').update(content).digest('hex');
      keepArtifact.run(digest, content);
      return digest;
    },
    async openApproval(workflowId: string, artifacts: string[]): Promise<void> {
      keepApproval.run(workflowId, JSON.stringify(artifacts));
      opened(workflowId);
    },
    async lastStep(workflowId: string, artifacts: string[]): Promise<string> {
      keepEffect.run(workflowId, JSON.stringify(artifacts));
      return 'done';
    },
  };
}
