import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

export type RawActivities = ReturnType<typeof createRawActivities>;

/** What a raw agent makes of its case: by hand, or by a graph. */
export type Make = (workflowId: string, name: string) => Promise<object>;

/** Activities that keep what they make as durably as Baton's store does: SQLite, WAL, synchronous FULL. */
export function createRawActivities(file: string, make: Make, opened: (workflowId: string) => void) {
  const database = new DatabaseSync(file);
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
      const content = JSON.stringify(await make(workflowId, name));
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
