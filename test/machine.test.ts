import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..');
const run = promisify(execFile);
const folder = await mkdtemp(path.join(tmpdir(), 'baton-machine-'));
afterAll(async () => rm(folder, { recursive: true, force: true }));

const pathWithoutBins = (process.env['PATH'] ?? '')
  .split(path.delimiter)
  .filter((place) => !place.endsWith('.bin'))
  .join(path.delimiter);
const major = (version: string): number => Number(version.replace(/^v/, '').split('.')[0]);

describe('everything runs on Node 24 or later, whatever Node the machine has:', () => {
  it('the tests', () => {
    expect(major(process.versions.node)).toBeGreaterThanOrEqual(24);
  });

  it('scripts of npm, and what they start by `node` or by a shebang', async () => {
    const show = "process.stdout.write(process.version + '\\n')";
    await writeFile(path.join(folder, 'show'), `#!/usr/bin/env node\n${show}\n`, { mode: 0o755 });
    const program =
      process.platform === 'win32' ? `node ${path.join(folder, 'show')}` : path.join(folder, 'show');
    const { stdout } = await run(
      'npm',
      ['exec', '--no', '--offline', '--call', `node -e "${show}" && ${program}`],
      {
        cwd: root,
        // As from a terminal: npm has to put the project's own Node first.
        env: { ...process.env, PATH: pathWithoutBins },
        shell: process.platform === 'win32',
      },
    );
    const versions = stdout.trim().split('\n');
    expect(versions).toHaveLength(2);
    expect(versions.filter((version) => major(version) < 24)).toEqual([]);
  });
});

describe('a clean clone installs anywhere:', () => {
  it('npm warns of Node versions where the README says it does, and that nothing comes of it', async () => {
    const readme = await readFile(path.join(root, 'README.md'), 'utf8');
    const { engines } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
      engines: { node: string };
    };
    const oldest = Number(/Node (\d+) is enough/.exec(readme)![1]);
    expect(Number(/^>=(\d+)$/.exec(engines.node)![1])).toBeGreaterThan(oldest);
    expect(readme).toMatch(/`EBADENGINE` warnings [^.]* are harmless/);
  });

  interface Locked {
    resolved?: string;
    integrity?: string;
    os?: string[];
    libc?: string[];
    cpu?: string[];
    optionalDependencies?: { [name: string]: string };
  }
  const readLock = async (): Promise<{ [place: string]: Locked }> => {
    const text = await readFile(path.join(root, 'package-lock.json'), 'utf8');
    return (JSON.parse(text) as { packages: { [place: string]: Locked } }).packages;
  };

  it('the lock file names no registry, and what each package has to be that Linux installs', async () => {
    const installed = Object.entries(await readLock()).filter(([place]) => place !== '');
    expect(installed.length).toBeGreaterThan(100);
    expect(installed.filter(([, { resolved }]) => /^[a-z+]+:/i.test(resolved ?? ''))).toEqual([]);
    const unchecked = installed.filter(
      ([, { integrity, os = ['linux'], cpu = ['x64'], libc = ['glibc'] }]) =>
        !integrity && os.includes('linux') && cpu.includes('x64') && libc.includes('glibc'),
    );
    expect(unchecked.map(([place]) => place)).toEqual([]);
  });

  it('the lock file has the programs of every system: `npm ci` refuses it otherwise, on all of them', async () => {
    const lock = await readLock();
    const missing = Object.entries(lock).flatMap(([place, { optionalDependencies }]) =>
      Object.keys(optionalDependencies ?? {}).filter((name) => {
        const nested = place === '' ? [] : [`${place}/node_modules/${name}`];
        return ![...nested, `node_modules/${name}`].some((one) => Object.hasOwn(lock, one));
      }),
    );
    expect(missing).toEqual([]);
  });

  it('nothing that is committed says where one machine keeps its files', async () => {
    const { stdout } = await run('git', ['grep', '-lE', '(/root|/home/[a-z]+|/work)/[a-z]', '--', '.'], {
      cwd: root,
    }).catch((error: { code?: number; stdout: string }) => {
      // 1: git found none.
      if (error.code === 1) return { stdout: '' };
      throw error;
    });
    expect(stdout.split('\n').filter((file) => file !== '' && file !== 'test/machine.test.ts')).toEqual([]);
  });
});

describe('a copy is found', () => {
  const config = async (): Promise<void> =>
    cp(path.join(root, '.jscpd.json'), path.join(folder, '.jscpd.json'));
  const find = async (): Promise<number> =>
    run(process.execPath, [path.join(root, 'node_modules/jscpd/run-jscpd.js')], { cwd: folder }).then(
      () => 0,
      (error: { code: number }) => error.code,
    );

  it('where twelve lines stand in two files, and not where they stand in one', async () => {
    await config();
    const source = await readFile(path.join(root, 'tools/verify.ts'), 'utf8');
    const copied = /^async function runStep[\s\S]*?^}\n/m.exec(source)![0];
    expect(copied.split('\n').length).toBeLessThanOrEqual(15);
    await writeFile(path.join(folder, 'one.ts'), source);
    expect(await find()).toBe(0);
    await writeFile(path.join(folder, 'other.ts'), `export const unlike = 1;\n\n${copied}`);
    expect(await find()).toBe(1);
  });
});
