import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import project from '../../baton.config.ts';
import { runAgentAlone } from '../../cli/commands/run-agent.ts';
import { openLocalDoor } from '../../cli/connect.ts';
import { findProcess } from '../../cli/read-input.ts';
import { loadProject } from '../../cli/settings.ts';
import type { Settings } from '../../cli/settings.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'baton-failures-'));
afterAll(async () => rm(folder, { recursive: true, force: true }));

const settings: Settings = {
  folder,
  config: path.join(import.meta.dirname, '../../baton.config.ts'),
  namespace: 'default',
  taskQueue: 'baton',
  json: true,
  verbose: false,
  trace: false,
};

describe('the command line names what is missing:', () => {
  it('Project.NotFound: no project file', async () => {
    const config = path.join(folder, 'gone.ts');
    await expect(loadProject({ config })).rejects.toMatchObject({
      type: 'Project.NotFound',
      message: expect.stringContaining('gone.ts'),
    });
  });

  it('Process.Unknown: no process of this name, and which there are', () => {
    expect(() => findProcess(project, 'helo')).toThrow(
      expect.objectContaining({
        type: 'Process.Unknown',
        message: expect.stringContaining('hello, office-notice'),
      }),
    );
  });

  it('Input.Missing: an agent alone without what it needs', async () => {
    await expect(runAgentAlone(settings, 'greeter', { input: '{}' })).rejects.toMatchObject({
      type: 'Input.Missing',
      message: 'greeter needs name.',
    });
  });

  it('File.NotWritable: a folder for the key that is a file', async () => {
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    expect(() => openLocalDoor({ ...settings, folder: path.join(file, 'within') })).toThrow(
      expect.objectContaining({ type: 'File.NotWritable', message: expect.stringContaining('door.pem') }),
    );
  });
});
