import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { blocksOf, commandsOf, sectionOf } from './pages.ts';
import { temporalAddress } from './temporal-server.ts';

const root = path.join(import.meta.dirname, '..');
const run = promisify(execFile);
const address = await temporalAddress();
const place = await mkdtemp(path.join(tmpdir(), 'baton-package-'));
/** Somebody's project, with the package installed. */
const project = path.join(place, 'project');
const installed = path.join(project, 'node_modules/batonflow');
let files: string[] = [];
let archive = '';

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

  archive = path.join(place, tarball!.filename);
  await install(project);
  await writeFile(path.join(project, 'package.json'), JSON.stringify({ type: 'module' }));
});

/** What `npm install` of the tarball leaves behind in a folder, with the packages that are here already. */
async function install(folder: string): Promise<void> {
  const modules = path.join(folder, 'node_modules');
  await mkdir(path.join(modules, 'batonflow'), { recursive: true });
  await run('tar', ['-xzf', archive, '-C', path.join(modules, 'batonflow'), '--strip-components=1']);
  const known = path.join(root, 'node_modules');
  for (const name of await readdir(known))
    if (!name.startsWith('.')) await symlink(path.join(known, name), path.join(modules, name), 'junction');
  await cp(path.join(known, '.bin'), path.join(modules, '.bin'), { recursive: true, verbatimSymlinks: true });
  const { bin } = JSON.parse(await readFile(path.join(modules, 'batonflow/package.json'), 'utf8')) as {
    bin: { [name: string]: string };
  };
  for (const [name, file] of Object.entries(bin)) {
    const program = path.join(modules, 'batonflow', file);
    await chmod(program, 0o755);
    await symlink(program, path.join(modules, '.bin', name));
  }
}

/** Without what npm and the test runner say to their own children, and without the Node that npm put first. */
const asFromTerminal = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(TEMPORAL_ADDRESS|VITEST|NODE_ENV|LANG|LC_|BATON_LANGUAGE|npm_)/.test(name),
    ),
  ),
  PATH: (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .filter((one) => !one.endsWith('.bin'))
    .join(path.delimiter),
};

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
        !/^(docs\/|template\/|tools\/temporal\/)/.test(file) &&
        !['package.json', 'README.md', 'LICENSE'].includes(file),
    );
    expect(strange).toEqual([]);
    const tests = files.filter((file) => /(^|\/)(test|bench)\/|\.test\./.test(file));
    expect(tests).toEqual(['template/test/notice.test.ts']);
    expect(files).toContain('dist/cli/main.js');
    expect(files).toContain('tools/temporal/go.sum');
  });

  it('is what bundlers, Node and TypeScript take it for', async () => {
    const { messages } = await publint({ pkgDir: installed, pack: false, level: 'suggestion' });
    expect(messages).toEqual([]);
    const tool = path.join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    // Ends with 1 where it finds a problem that an ES module can have.
    await run(process.execPath, [tool, archive, '--profile', 'esm-only']);
  });

  it('brings fewer than 200 packages along, and none for charts', async () => {
    const lock = JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8')) as {
      packages: {
        [place: string]: { dev?: boolean; peer?: boolean; devOptional?: boolean; optional?: boolean };
      };
    };
    const brought = Object.entries(lock.packages).flatMap(([place, one]) =>
      place === '' || one.dev || one.peer || one.devOptional || one.optional ? [] : [place],
    );
    expect(brought.length).toBeGreaterThan(50);
    expect(brought.length).toBeLessThan(200);
    expect(brought.filter((place) => /echarts|resvg|embedpdf|zrender/.test(place))).toEqual([]);
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

  it('keeps a worker up with `baton dev`, in a process of its own', async () => {
    const [definition] = hello.split('const baton = ');
    await writeFile(path.join(project, 'baton.config.js'), `${definition}export default project;\n`);
    const main = path.join(installed, 'dist/cli/main.js');
    const where = ['--address', address, '--task-queue', `package-${randomUUID()}`];
    const baton = async (...words: string[]): Promise<{ run: string; status: string }> =>
      JSON.parse(
        (await run(process.execPath, [main, ...words, ...where, '--json'], { cwd: project })).stdout,
      );
    const dev = spawn(process.execPath, [main, 'dev', ...where], {
      cwd: project,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    onTestFinished(() => void dev.kill('SIGKILL'));
    const ended = once(dev, 'exit');
    let told = '';
    await new Promise<void>((resolve, reject) => {
      dev.stderr.on('data', (part: Buffer) => {
        told += part.toString();
        if (told.includes('Worker ready')) resolve();
        else if (told.includes('did not start')) reject(new Error(told));
      });
      dev.once('exit', () => reject(new Error(`It ended: ${told}`)));
    });
    const started = await baton('start', 'hello', '--input', '{"name": "Mei"}');
    while ((await baton('show', started.run)).status !== 'finished') await sleep(100);
    dev.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
  });

  it.skipIf(process.platform === 'win32')('is all that the process of the README needs', async () => {
    const readme = await readFile(path.join(installed, 'README.md'), 'utf8');
    const section = sectionOf(readme, 'A process in 30 lines');
    const [code] = blocksOf(section, 'ts');
    const commands = commandsOf(section);
    const [begin, add, ...rest] = commands;
    expect([begin, rest]).toEqual([
      expect.stringMatching(/^npm init -y/),
      [expect.stringMatching(/^npx baton run notice /)],
    ]);
    const folder = path.join(place, 'own');
    await mkdir(folder);
    const shell = async (command: string): Promise<string> =>
      (await run(command, { cwd: folder, shell: true, env: asFromTerminal })).stdout;

    await shell(begin!);
    expect(add).toBe(`npm install ../baton/${path.basename(archive)}`);
    await install(folder);
    await writeFile(path.join(folder, /^\/\/ (\S+)\n/.exec(code!)![1]!), code!);
    expect(await shell(rest[0]!)).toMatch(/finished\s*$/);
    const published = await readdir(path.join(folder, 'out'), { recursive: true });
    const notices = published.filter((file) => file.endsWith('notice.txt'));
    expect(notices).toHaveLength(1);
    expect(await readFile(path.join(folder, 'out', notices[0]!), 'utf8')).toBe(
      'Please note: the pantry has moved.\n\nFacilities',
    );

    // As `npm init -y` alone leaves it.
    await shell('npm pkg set type=commonjs');
    const refused = await shell('npx baton run notice --input {} --json').catch(
      (error: { code: number; stdout: string }) => error,
    );
    expect(refused).toMatchObject({ code: 2 });
    expect(JSON.parse((refused as { stdout: string }).stdout)).toMatchObject({
      error: { type: 'Project.NotModule', mend: expect.stringContaining('npm pkg set type=module') },
    });
  });

  it.skipIf(process.platform === 'win32').each([
    { language: 'TypeScript', words: [] },
    { language: 'JavaScript', words: ['--javascript'] },
  ])('begins a project in $language whose test passes, and that runs', async ({ language, words }) => {
    const folder = path.join(place, `begun-${language}`.toLowerCase());
    const environment = { ...asFromTerminal, TEMPORAL_ADDRESS: address, NO_COLOR: '1' };
    const shell = async (command: string): Promise<string> =>
      (await run(command, { cwd: folder, shell: true, env: environment })).stdout;
    await writeFile(
      path.join(project, 'node_modules/.package-lock.json'),
      JSON.stringify({ packages: { 'node_modules/batonflow': { resolved: 'file:../with%20space.tgz' } } }),
    );
    const init = async (...more: string[]): Promise<unknown> =>
      run('npx', ['--no-install', 'batonflow', 'init', folder, ...more], { cwd: project, env: environment });
    await init('--no-install', ...words);
    const manifest = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as {
      dependencies: { [name: string]: string };
      devDependencies: { [name: string]: string };
    };
    expect(manifest.dependencies['batonflow']).toBe(`file:${path.join(place, 'with space.tgz')}`);
    expect(Object.keys(manifest.devDependencies).includes('typescript')).toBe(language === 'TypeScript');

    await install(folder);
    if (language === 'TypeScript') await shell('npm run types');
    expect(await shell('npm test')).toMatch(/passed/);
    expect(await shell('npm start -- --approve')).toMatch(/finished\s*$/);
    await expect(init('--json')).rejects.toMatchObject({
      code: 2,
      stdout: expect.stringContaining('Project.NotEmpty'),
    });
  });

  it.skipIf(process.platform === 'win32')('is all that the tutorial needs, word by word', async () => {
    const page = await readFile(path.join(installed, 'docs/tutorial/README.md'), 'utf8');
    const folder = path.join(place, 'office');
    const environment = { ...asFromTerminal, TEMPORAL_ADDRESS: address, NO_COLOR: '1' };
    const shell = async (command: string): Promise<string> =>
      (await run(command, { cwd: folder, shell: true, env: environment })).stdout;
    const [begin, ...commands] = commandsOf(page);
    expect(begin).toBe('npx ./baton/batonflow-0.1.0.tgz init office && cd office');
    await run('npx', ['--no-install', 'batonflow', 'init', folder, '--no-install'], {
      cwd: project,
      env: environment,
    });
    await install(folder);
    const there = await readdir(folder, { recursive: true });
    for (const code of blocksOf(page, 'ts')) {
      const [, file] = /^\/\/ (\S+)\n/.exec(code)!;
      expect(there).toContain(file);
      await writeFile(path.join(folder, file!), code);
    }
    await shell('npm run types');
    expect(commands.slice(0, 3)).toEqual(['npm start', 'npm test', 'npx baton dev']);
    expect(await shell('npm test')).toMatch(/3 passed/);
    expect(await shell('npm start -- --approve')).toMatch(/finished\s*$/);

    const where = `--task-queue tutorial-${randomUUID()}`;
    const dev = spawn(`exec npx baton dev ${where}`, {
      cwd: folder,
      shell: true,
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    onTestFinished(() => void dev.kill('SIGINT'));
    await new Promise<void>((resolve, reject) => {
      let told = '';
      dev.stderr.on('data', (part: Buffer) => {
        told += part.toString();
        if (told.includes('Worker ready')) resolve();
      });
      dev.once('exit', () => reject(new Error(told)));
    });
    const [start, show, ...decisions] = commands.slice(3);
    await shell(`${start!} ${where}`);
    for (const decide of decisions.slice(0, 2)) {
      const digest = async (): Promise<string | undefined> => {
        const { open } = JSON.parse(await shell(`${show!} --json ${where}`)) as {
          open: { digest: string; checkpoint: { by: { role: string } } }[];
        };
        return open.find(({ checkpoint }) => decide.includes(`--role ${checkpoint.by.role}`))?.digest;
      };
      let seen = await digest();
      while (seen === undefined) seen = await digest();
      // At a terminal it would ask.
      await shell(`${decide.replace(' --as', ' approve --as')} --digest ${seen} ${where}`);
    }
    const status = async (): Promise<string> =>
      (JSON.parse(await shell(`${show!} --json ${where}`)) as { status: string }).status;
    while ((await status()) !== 'finished') await sleep(100);
    expect(await shell(decisions[2]!)).toContain('notice');
  });

  it('runs what the guide on testing shows', async () => {
    const page = await readFile(path.join(installed, 'docs/guide/testing.md'), 'utf8');
    const named = blocksOf(page, 'ts').map((code, index) => ({
      code,
      file: /^\/\/ (\S+)\n/.exec(code)?.[1] ?? `block-${index}.ts`,
    }));
    for (const { code, file } of named) await writeFile(path.join(project, file), code);
    expect(named.length).toBe(3);
    for (const { file } of named.slice(1))
      await run(process.execPath, [file], { cwd: project, env: asFromTerminal });
  });

  it('names the libraries of connectors that are not installed, with the command, and works without them', async () => {
    const own = path.join(place, 'without-libraries');
    await install(own);
    for (const name of ['nodemailer', 'pg']) await rm(path.join(own, 'node_modules', name));
    await writeFile(path.join(own, 'package.json'), JSON.stringify({ type: 'module' }));
    const script = `
    import { httpConnector, mailConnector, sqlConnector, webhookConnector } from 'batonflow/worker';
    const told = (make) => { try { make(); return 'made'; } catch ({ type, message }) { return type + ': ' + message; } };
    const statements = {};
    console.log(JSON.stringify([
      told(() => mailConnector({ host: 'mail.example.org', from: 'a@example.org' })),
      told(() => sqlConnector({ database: { postgres: { credential: 'DATABASE' } }, statements })),
      told(() => sqlConnector({ database: { sqlite: 'a.db' }, statements })),
      told(() => httpConnector({ allow: [] })),
      told(() => webhookConnector({ allow: [], credential: 'SECRET' })),
    ]));`;
    await writeFile(path.join(own, 'connectors.js'), script);
    const { stdout } = await run(process.execPath, ['connectors.js'], { cwd: own });
    expect(JSON.parse(stdout)).toEqual([
      expect.stringMatching(/^Package\.Missing: .* npm install nodemailer@10$/),
      expect.stringMatching(/^Package\.Missing: .* npm install pg@8$/),
      'made',
      'made',
      'made',
    ]);
  });

  it('brings types to a project that checks all it uses', async () => {
    await writeFile(path.join(project, 'right.ts'), hello + connectors);
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

/** Each connector, by the types that it comes with. */
const connectors = `
import { mailConnector, sqlConnector, webhookConnector } from 'batonflow/worker';
import type { Connector } from 'batonflow/worker';
export const all: Connector[] = [
  mailConnector({ host: 'mail.example.org', from: 'a@example.org', user: 'a', credential: 'SMTP_PASSWORD' }),
  webhookConnector({ allow: ['https://hooks.example.org'], credential: 'WEBHOOK_SECRET' }),
  sqlConnector({ database: { sqlite: 'a.db' }, statements: { one: { do: { text: 'SELECT 1', parameters: [] } } } }),
];
`;
