import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporalAddress } from './temporal-server.ts';

const root = path.join(import.meta.dirname, '..');
const run = promisify(execFile);
const address = await temporalAddress();
const place = await mkdtemp(path.join(tmpdir(), 'baton-package-'));
/** Somebody's project, with the package installed. */
const project = path.join(place, 'project');
const installed = path.join(project, 'node_modules/batonflow');
let files: string[] = [];

/** Builds, packs and installs the package as the registry would have it, beside the development tree. */
beforeAll(async () => {
  const packed = path.join(place, 'packed');
  const manifest = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { files: string[] };
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  await run(
    process.execPath,
    [compiler, '-p', 'tsconfig.build.json', '--outDir', path.join(packed, 'dist')],
    {
      cwd: root,
    },
  );
  for (const name of ['package.json', ...manifest.files.filter((name) => name !== 'dist')])
    await cp(path.join(root, name), path.join(packed, name), { recursive: true });
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', place], {
    cwd: packed,
    shell: process.platform === 'win32',
  });
  const reported = JSON.parse(stdout) as { [name: string]: Packed } | Packed[];
  const [tarball] = Object.values(reported);
  files = tarball!.files.map((file) => file.path);

  await mkdir(installed, { recursive: true });
  await run('tar', ['-xzf', path.join(place, tarball!.filename), '-C', installed, '--strip-components=1']);
  const modules = path.join(root, 'node_modules');
  for (const name of await readdir(modules))
    if (!name.startsWith('.'))
      await symlink(path.join(modules, name), path.join(project, 'node_modules', name), 'junction');
  await writeFile(path.join(project, 'package.json'), JSON.stringify({ type: 'module' }));
});

interface Packed {
  filename: string;
  files: { path: string }[];
}

afterAll(async () => rm(place, { recursive: true, force: true }));

describe('the package, as it is installed from its tarball,', () => {
  it('holds compiled code with types, the server module and the documents, and nothing else', () => {
    const strange = files.filter(
      (file) =>
        !/^dist\/.+\.(js|d\.ts)$/.test(file) &&
        !/^(docs\/|tools\/temporal\/)/.test(file) &&
        !['package.json', 'README.md', 'LICENSE'].includes(file),
    );
    expect(strange).toEqual([]);
    expect(files.filter((file) => /(^|\/)(test|bench)\/|\.test\./.test(file))).toEqual([]);
    expect(files).toContain('dist/cli/main.js');
    expect(files).toContain('tools/temporal/go.sum');
  });

  it('says nowhere where it was built', async () => {
    const named: string[] = [];
    for (const file of files) {
      const text = await readFile(path.join(installed, file), 'latin1');
      if (text.includes(root) || text.includes(place)) named.push(file);
    }
    expect(named).toEqual([]);
  });

  it('has a program that starts by its name', async () => {
    const main = path.join(installed, 'dist/cli/main.js');
    expect((await readFile(main, 'utf8')).split('\n', 1)).toEqual(['#!/usr/bin/env node']);
    const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
      version: string;
    };
    const { stdout } = await run(process.execPath, [main, '--version'], { cwd: project });
    expect(stdout.trim()).toBe(version);
  });

  it('opens every door, and no other', async () => {
    const { exports } = JSON.parse(await readFile(path.join(installed, 'package.json'), 'utf8')) as {
      exports: { [door: string]: string | { types: string; default: string } };
    };
    for (const door of Object.values(exports))
      for (const file of typeof door === 'string' ? [door] : Object.values(door))
        expect((await stat(path.join(installed, file))).isFile()).toBe(true);
    const doors = Object.keys(exports)
      .filter((door) => door !== './package.json')
      .map((door) => path.posix.join('batonflow', door));
    const script = `for (const door of ${JSON.stringify(doors)}) {
      const names = Object.keys(await import(door));
      if (names.length === 0) throw new Error(door + ' lets nothing out');
    }
    const hidden = await import('batonflow/dist/cli/main.js').then(() => 'open', (error) => error.code);
    console.log(hidden);`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: project,
    });
    expect(stdout.trim()).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });

  it('runs a process in plain JavaScript', async () => {
    await writeFile(path.join(project, 'hello.js'), hello);
    const { stdout } = await run(process.execPath, ['hello.js', address], { cwd: project });
    expect(JSON.parse(stdout)).toEqual({ status: 'finished', outputs: { greeting: 'Hello, Mei!' } });
  });

  it('brings types to a project that checks all it uses', async () => {
    await writeFile(path.join(project, 'right.ts'), hello);
    await writeFile(path.join(project, 'wrong.ts'), hello.replace("{ name: 'Mei' }", '{ name: 8 }'));
    const check = async (file: string): Promise<string> =>
      run(
        process.execPath,
        [
          path.join(root, 'node_modules/typescript/bin/tsc'),
          '--noEmit',
          '--strict',
          '--target',
          'es2024',
          '--module',
          'nodenext',
          '--types',
          'node',
          '--skipLibCheck',
          file,
        ],
        { cwd: project },
      ).then(
        () => '',
        (error: { stdout: string }) => error.stdout,
      );
    expect(await check('right.ts')).toBe('');
    expect(await check('wrong.ts')).toMatch(
      /wrong\.ts.*\n?.*Type 'number' is not assignable to type 'string'/,
    );
  });
});

/** A project of its own, as the examples have it, by the doors of the package. */
const hello = `
import { END, START, StateGraph } from '@langchain/langgraph';
import { z } from 'zod';
import { defineAgent, defineProcess } from 'batonflow';
import { implementAgent } from 'batonflow/agents';
import { startTestProject } from 'batonflow/testing';
import { defineProject } from 'batonflow/worker';

const needs = { name: z.string() };
const produces = { greeting: z.string() };
const greeter = defineAgent({ name: 'greeter', needs, produces });
const hello = defineProcess({ name: 'hello', input: z.object(needs), output: produces, team: [greeter] });
const greeterAgent = implementAgent(greeter, {
  graph: () =>
    new StateGraph(z.object({ ...needs, ...produces }))
      .addNode('greet', ({ name }) => ({ greeting: \`Hello, \${name}!\` }))
      .addEdge(START, 'greet')
      .addEdge('greet', END)
      .compile(),
});
const project = defineProject({ processes: [hello], agents: [greeterAgent] });
const baton = await startTestProject(project, { address: process.argv[2] ?? '' });
const { result, outputs } = await baton.run(hello, { name: 'Mei' });
await baton.stop();
console.log(JSON.stringify({ status: result.status, outputs }));
`;
