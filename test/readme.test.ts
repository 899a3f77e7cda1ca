import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../cli/program.ts';
import { blocksOf, commandsOf, sectionOf } from './pages.ts';
import { temporalAddress } from './temporal-server.ts';

const root = path.join(import.meta.dirname, '..');
const run = promisify(execFile);
// Builds the server's program where there is none: the commands of the README then find it.
await temporalAddress();

/** Pages for readers: the README, CONTRIBUTING and everything under docs/. */
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'bench/README.md',
  ...(await readdir(path.join(root, 'docs'), { recursive: true }))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file.replaceAll('\\', '/')}`),
];
const texts = new Map(
  await Promise.all(
    pages.map(async (page): Promise<[string, string]> => [
      page,
      await readFile(path.join(root, page), 'utf8'),
    ]),
  ),
);
const readme = texts.get('README.md')!;

const place = await mkdtemp(path.join(tmpdir(), 'baton-readme-'));
/** The working tree, as a clone beside it would have it: what a command writes stays here. */
const clone = path.join(place, 'clone');

beforeAll(async () => {
  await mkdir(clone);
  for (const name of await readdir(root))
    // What a command says of its package must not reach this one.
    if (/^package.*\.json$/.test(name)) await copyFile(path.join(root, name), path.join(clone, name));
    else if (!['.git', '.baton', 'data', 'out', 'dist'].includes(name))
      await symlink(path.join(root, name), path.join(clone, name));
});

afterAll(async () => rm(place, { recursive: true, force: true }));

describe('code on the pages compiles as it stands', () => {
  it('in the README, the guides and the reference', async () => {
    // The doors by their sources: nothing has to be built before.
    const { exports } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
      exports: { [door: string]: { types: string } | string };
    };
    const doors = Object.entries(exports).flatMap(([door, files]) =>
      typeof files === 'string'
        ? []
        : [
            [
              path.posix.join('batonflow', door),
              [path.join(root, files.types.replace('./dist/', '').replace('.d.ts', '.ts'))],
            ],
          ],
    );
    const folder = path.join(place, 'snippets');
    await mkdir(folder);
    await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
    await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }');
    await writeFile(
      path.join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: path.join(root, 'tsconfig.json'),
        compilerOptions: { paths: Object.fromEntries(doors) as object, types: ['node'] },
        include: ['*.ts'],
        exclude: ['node_modules'],
      }),
    );
    let count = 0;
    for (const [page, text] of texts) {
      // Its blocks are files of one project: test/package.test.ts puts them there, and runs what they say.
      if (page.startsWith('docs/tutorial/')) continue;
      for (const [index, code] of blocksOf(text, 'ts').entries()) {
        count++;
        // Which file a block is, where others import it, stands in its first line.
        const name = /^\/\/ (\S+\.ts)\n/.exec(code)?.[1] ?? 'block.ts';
        const prefix = page.replaceAll('/', '-').replace('.md', '');
        const local = code.replaceAll(/from '\.\/([\w.-]+)\.ts'/g, `from './${prefix}-$1.ts'`);
        const file = name === 'block.ts' ? `${prefix}-${index}.ts` : `${prefix}-${name}`;
        await writeFile(path.join(folder, file), `${local}\nexport {};\n`);
      }
    }
    expect(count).toBeGreaterThan(5);
    const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
    const told = await run(process.execPath, [compiler, '-p', folder], { cwd: folder }).then(
      () => '',
      (error: { stdout: string }) => error.stdout,
    );
    expect(told).toBe('');
  });

  it('and the process of the README has some thirty lines', () => {
    const [code] = blocksOf(readme, 'ts');
    const lines = code!.split('\n').filter((line) => line.trim() !== '' && !/^(import|\/\/)/.test(line));
    expect(lines.length).toBeLessThanOrEqual(35);
  });
});

describe('every command of the README runs as written', () => {
  const commands = [
    ...commandsOf(readme),
    ...blocksOf(readme, 'sh').flatMap((block) => [...block.matchAll(/^(\S.*)$/gm)].map(([line]) => line)),
  ];
  /** Without installing, which is done, testing, which is under way, and what test/package.test.ts does as a stranger. */
  const runnable = commands
    .filter((command) => !commandsOf(sectionOf(readme, 'A process in 30 lines')).includes(command))
    .map((command) => command.replace(/^npm ci && /, ''))
    // As a stranger: test/package.test.ts does it, from the tarball.
    .filter((command) => command !== 'npm test' && !command.includes('.tgz init '));

  const shell = async (command: string): Promise<string> => {
    const { stdout } = await run(command, { cwd: clone, shell: true, env: environment, maxBuffer: 2 ** 26 });
    return stdout;
  };
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(TEMPORAL_ADDRESS|VITEST|NODE_ENV|LANG|LC_|BATON_LANGUAGE|npm_)/.test(name),
    ),
  );

  it('has the two commands for newcomers', () => {
    expect(commands).toEqual(expect.arrayContaining(['npm ci && npm run demo', 'npm ci && npm test']));
  });

  it.each(runnable)('%s', async (command) => {
    expect(await shell(command)).not.toBe('');
  });

  it("and the demo leaves its report, as does a table of one's own", async () => {
    const files = await readdir(path.join(clone, 'out'), { recursive: true });
    const reports = files.filter((file) => file.endsWith('report.html'));
    const sizes = await Promise.all(
      reports.map(async (file) => (await stat(path.join(clone, 'out', file))).size),
    );
    expect(sizes).toHaveLength(2);
    expect(Math.min(...sizes)).toBeGreaterThan(50_000);
    expect(Math.max(...sizes)).toBeGreaterThan(100_000);
    const previews = await readdir(path.join(clone, '.baton/previews'), { recursive: true });
    expect(previews.filter((file) => file.endsWith('forecast-preview.html'))).toHaveLength(2);
  });
});

describe('commands that a page names exist, with their options', () => {
  const program = createProgram({ quiet: true });
  const called = [...texts].flatMap(([page, text]) =>
    [...text.matchAll(/(?:npx baton|^baton|`baton|npm run baton --) ([a-z][^`\n]*)/gm)].map(([, words]) => ({
      page,
      words: words!,
    })),
  );

  it('and there are some', () => {
    expect(called.length).toBeGreaterThan(20);
  });

  it('and so do the scripts of npm', async () => {
    const { scripts } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
      scripts: { [name: string]: string };
    };
    const named = new Set(
      [...texts.values()].flatMap((text) =>
        [...text.matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, name]) => name!),
      ),
    );
    expect(named).toContain('kills');
    expect([...named].filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it.each(called)('$page: baton $words', ({ words }) => {
    // Values in quotes may hold anything.
    const [name, ...rest] = words
      .replaceAll(/'[^']*'/g, '')
      .trim()
      .split(/\s+/);
    const found = program.commands.find((one) => one.name() === name);
    const command = found?.commands.find((one) => one.name() === rest[0]) ?? found;
    if (name !== 'help') expect(command?.name()).toBeDefined();
    const known = [...program.options, ...(command?.options ?? [])].map(({ long }) => long);
    expect(rest.filter((word) => word.startsWith('--') && !known.includes(word))).toEqual([]);
  });
});

describe('pages lead where they say', () => {
  it.each(pages)('%s', (page) => {
    const text = texts.get(page)!.replaceAll(/```[\s\S]*?```/g, '');
    const targets = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)].map(
      ([, target]) => target!,
    );
    const missing = targets.filter((target) => !existsSync(path.join(root, path.dirname(page), target)));
    expect(missing).toEqual([]);
  });

  it('and every page is reached from the README', () => {
    const linked = new Set(
      [...texts].flatMap(([page, text]) =>
        [...text.matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(([, target]) =>
          path.posix.join(path.posix.dirname(page), target!),
        ),
      ),
    );
    expect(pages.filter((page) => page !== 'README.md' && !linked.has(page))).toEqual([]);
  });
});
