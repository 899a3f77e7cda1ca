import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { resolveTemporalProgram } from '../../server/resolve-program.ts';

// Where it has to be built first, no time limit applies here.
const environment = { ...process.env };
delete environment['TEMPORAL_ADDRESS'];
await resolveTemporalProgram({ environment });

const program = path.join(import.meta.dirname, 'processes/gone-server.ts');
const folder = await mkdtemp(path.join(tmpdir(), 'baton-gone-server-'));
afterAll(async () => rm(folder, { recursive: true, force: true }));

describe('a connection that is closed while a client waits for a run', () => {
  it.each(['killed', 'lives'])(
    'ends the call as unreachable, and not the process: the server %s',
    async (server) => {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [
        program,
        path.join(folder, server),
        server,
      ]);
      const ended = {
        type: 'Server.Unreachable',
        message: 'The Temporal server does not answer (the connection was closed).',
      };
      expect(JSON.parse(stdout)).toEqual([ended, ended]);
      expect(stderr).toBe('');
    },
  );
});
