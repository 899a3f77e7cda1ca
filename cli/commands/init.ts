import { spawn } from 'node:child_process';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import { toFailure } from '../../contracts/failures.ts';
import { makeFolder } from '../../store/make-folder.ts';
import { UsageError } from '../exit-codes.ts';
import { quote } from '../how-to-call.ts';
import { paint, print, printJson, say } from '../output.ts';
import { ownFolder, readOwnPackage } from '../own-package.ts';
import type { OwnPackage } from '../own-package.ts';
import type { Settings } from '../settings.ts';

export interface InitOptions {
  javascript?: boolean;
  install: boolean;
}

/** What a folder may hold beside a new project: none of it is written, and none of it is in the way. */
const harmless = /^(\.git|\.gitattributes|\.idea|\.vscode|\.DS_Store|LICEN[SC]E.*|README.*|.*\.tgz)$/i;

/** Writes a new project into a folder, and installs what it stands on. */
export async function init(settings: Settings, given = '.', options: InitOptions): Promise<void> {
  const folder = path.resolve(given);
  const own = readOwnPackage();
  const name = nameFor(folder, own);
  refuseOccupied(folder, given);
  const files = projectFiles(name, own, options.javascript ?? false);
  try {
    for (const [file, text] of files) {
      makeFolder(path.join(folder, path.dirname(file)));
      writeFileSync(path.join(folder, file), text, { flag: 'wx' });
    }
  } catch (cause) {
    throw toFailure('File.NotWritable', `${folder}: ${(cause as Error).message}`, { name: folder, cause });
  }
  for (const file of files.keys()) print(`${paint('green', 'wrote')} ${path.join(given, file)}`);
  const installed = options.install && (await install(folder));
  if (settings.json) printJson({ folder, name, files: [...files.keys()], installed });
  printNext(given, installed);
  if (options.install && !installed)
    throw new Error('npm install did not end well: see above. The project is written; install it yourself.');
}

function nameFor(folder: string, own: OwnPackage): string {
  const name = path
    .basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[._-]+|[._-]+$/g, '');
  // npm installs no package into one of the same name.
  const taken = [own.name, ...Object.keys(dependenciesOf(own, false, ''))].includes(name);
  if (name !== '' && name.length <= 100 && !taken && name !== 'node_modules') return name;
  const why = taken || name === 'node_modules' ? 'is what a package of it is called' : 'gives no name';
  throw new UsageError(
    `${path.basename(folder) || folder} ${why}: name the folder otherwise, such as my-process, with letters a to z, digits and - (at most 100).`,
  );
}

/** Throws `Project.NotEmpty` where there is anything that a new project could meet. */
function refuseOccupied(folder: string, given: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found) return;
  if (!found.isDirectory())
    throw toFailure('Project.NotEmpty', `${given} is there already, and is no folder.`, { name: folder });
  const there = readdirSync(folder).filter((entry) => !harmless.test(entry));
  if (there.length === 0) return;
  const more = there.length > 8 ? ` and ${there.length - 8} more` : '';
  const place = given === '.' ? 'This folder' : given;
  throw toFailure('Project.NotEmpty', `${place} is not empty: ${there.slice(0, 8).join(', ')}${more}.`, {
    name: folder,
  });
}

/** Every file of the project, by its path. */
function projectFiles(name: string, own: OwnPackage, isJavaScript: boolean): Map<string, string> {
  const from = path.join(ownFolder(), 'template');
  const manifest = {
    name,
    version: '0.1.0',
    private: true,
    type: 'module',
    scripts: {
      dev: 'baton dev',
      start: 'baton run notice --input @input.json',
      test: 'vitest run',
      ...(isJavaScript ? {} : { types: 'tsc' }),
      baton: 'baton',
    },
    ...splitDependencies(dependenciesOf(own, isJavaScript, specifierOf(own))),
  };
  const files = new Map([['package.json', `${JSON.stringify(manifest, null, 2)}\n`]]);
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const source = path.join(entry.parentPath, entry.name);
    const file = path.relative(from, source).replaceAll('\\', '/');
    const text = readFileSync(source, 'utf8');
    // npm packs no file of that name.
    if (file === 'gitignore') files.set('.gitignore', text);
    else if (!isJavaScript) files.set(file, text);
    // Types are inferred throughout: what is left of TypeScript are the names of the files.
    else if (file !== 'tsconfig.json')
      files.set(file.replace(/\.ts$/, '.js'), text.replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'"));
  }
  return files;
}

function dependenciesOf(
  { name, dependencies, devDependencies }: OwnPackage,
  isJavaScript: boolean,
  specifier: string,
): { [name: string]: string } {
  return {
    [name]: specifier,
    zod: `^${dependencies['zod']}`,
    vitest: `^${devDependencies['vitest']}`,
    ...(isJavaScript
      ? {}
      : {
          '@types/node': `^${devDependencies['@types/node']}`,
          typescript: `^${devDependencies['typescript']}`,
        }),
  };
}

function splitDependencies(all: { [name: string]: string }): { [part: string]: { [name: string]: string } } {
  const isForTests = ([name]: [string, string]): boolean => /^(vitest|typescript|@types\/)/.test(name);
  const entries = Object.entries(all);
  return {
    dependencies: Object.fromEntries(entries.filter((entry) => !isForTests(entry))),
    devDependencies: Object.fromEntries(entries.filter(isForTests)),
  };
}

/** Where this very package came from: a file where npm installed it from one, else its version on the registry. */
function specifierOf({ name, version }: OwnPackage): string {
  const folder = ownFolder();
  const modules = path.dirname(folder);
  if (path.basename(modules) !== 'node_modules') return `file:${folder}`;
  try {
    const lock = JSON.parse(readFileSync(path.join(modules, '.package-lock.json'), 'utf8')) as {
      packages: { [folder: string]: { resolved?: string } };
    };
    const { resolved } = lock.packages[`node_modules/${name}`] ?? {};
    if (resolved?.startsWith('file:'))
      return `file:${path.resolve(path.dirname(modules), decodeURI(resolved.slice('file:'.length)))}`;
  } catch {
    // Installed by something else than npm: then by its version.
  }
  return `^${version}`;
}

/** Whether npm ended well; what it says goes to standard error. */
async function install(folder: string): Promise<boolean> {
  say('Installing …');
  const child = spawn('npm', ['install', '--no-fund', '--no-audit'], {
    cwd: folder,
    env: withoutCaller(process.env),
    stdio: ['ignore', process.stderr, process.stderr],
    shell: process.platform === 'win32',
  });
  const [code] = (await Promise.race([once(child, 'exit'), once(child, 'error').then(() => [1])])) as [
    number | null,
  ];
  return code === 0;
}

/** `npx` tells its children which package it runs, and where: npm must not take that for its own. */
function withoutCaller(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const theirs =
    /^(INIT_CWD|npm_(package|lifecycle|command|execpath|node_execpath).*|npm_config_(local_prefix|global|package|call|yes|prefix))$/i;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !theirs.test(name)));
}

function printNext(given: string, installed: boolean): void {
  const steps = [
    ...(given === '.' ? [] : [`cd ${quote(given)}`]),
    ...(installed ? [] : ['npm install']),
    'npm start          run the process here, and decide at this terminal',
    'npm test           its test, on a Temporal server of its own',
    'npm run dev        keep a server and a worker up; code that you change is taken up',
  ];
  print();
  print(paint('bold', 'Next'));
  for (const step of steps) print(`  ${step}`);
}
