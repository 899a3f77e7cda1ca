import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chownSync, constants, globSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';

export interface Postgres {
  address: string;
  stop(): Promise<void>;
}

/** Where the programs of Postgres lie: on the PATH, or where Debian puts them; null where there are none. */
export function findPostgres(): string | null {
  const onPath = (process.env['PATH'] ?? '').split(path.delimiter);
  const folders = [...onPath, ...globSync('/usr/lib/postgresql/*/bin').toSorted().toReversed()];
  const has = (folder: string, program: string): boolean => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  };
  return folders.find((folder) => has(folder, 'postgres') && has(folder, 'initdb')) ?? null;
}

/** A Postgres of its own on loopback, with a password, which ends with the test file. */
export async function startPostgres(programs: string): Promise<Postgres> {
  const folder = await mkdtemp(path.join(tmpdir(), 'baton-postgres-'));
  // It refuses to run as root: nobody will do.
  const nobody = 65_534;
  const asOther = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  if ('uid' in asOther) chownSync(folder, nobody, nobody);
  const password = path.join(folder, 'password');
  await writeFile(password, 'rosebud');
  if ('uid' in asOther) chownSync(password, nobody, nobody);
  const data = path.join(folder, 'data');
  const init = ['-D', data, '-U', 'baton', '-A', 'scram-sha-256', `--pwfile=${password}`, '-E', 'UTF8', '-N'];
  await promisify(execFile)(path.join(programs, 'initdb'), init, { ...asOther, cwd: folder });
  const port = await freePort();
  const server = spawn(
    path.join(programs, 'postgres'),
    ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', '', '-F'],
    { ...asOther, cwd: folder, stdio: 'ignore' },
  );
  const exited = once(server, 'exit');
  const address = `postgres://baton:rosebud@127.0.0.1:${port}/postgres`;
  for (;;) {
    if (server.exitCode !== null)
      throw new Error(`Postgres ended with ${server.exitCode} before it was there.`);
    const client = new pg.Client({ connectionString: address });
    const there = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end().catch(() => {});
    if (there) break;
    await sleep(50);
  }
  return {
    address,
    async stop() {
      server.kill('SIGQUIT');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
