import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Room, rooms } from '../tools/rooms.ts';

const root = join(import.meta.dirname, '..');

interface Import {
  specifier: string;
  kind: 'value' | 'type' | 'lazy';
}

/** Imports and re-exports of a source text. */
function findImports(source: string): Import[] {
  const text = source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
  const found: Import[] = [];
  const from = /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;
  for (const [, type, specifier] of text.matchAll(from))
    found.push({ specifier: specifier!, kind: type ? 'type' : 'value' });
  // Also as a type: `import('…').Name`.
  for (const [, ahead, specifier] of text.matchAll(/(typeof\s+|await\s+|[^\w.]\s*)import\(\s*'([^']+)'/g))
    found.push({ specifier: specifier!, kind: ahead!.startsWith('typeof') ? 'type' : 'lazy' });
  return found;
}

/** What a file of a room imports against the table, in words. */
function findViolations(file: string, source: string, table: { readonly [room: string]: Room }): string[] {
  const name = roomOf(file);
  const room = table[name]!;
  return findImports(source).flatMap(({ specifier, kind }) => {
    const allowed = specifier.startsWith('.')
      ? mayImportFile(normalize(join(dirname(file), specifier)), name, room, kind)
      : mayImportPackage(specifier, room);
    return allowed ? [] : [`${file} imports ${specifier}${kind === 'value' ? '' : ` (${kind})`}`];
  });
}

/** A file that is a room of its own, or its top folder. */
function roomOf(file: string): string {
  return Object.hasOwn(rooms, file) ? file : file.split('/')[0]!;
}

function mayImportFile(path: string, name: string, room: Room, kind: Import['kind']): boolean {
  const within = (folders: readonly string[]): boolean =>
    folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
  return (
    within([name]) ||
    within(room.rooms) ||
    (kind === 'type' && within(room.types ?? [])) ||
    (kind !== 'value' && within(room.lazily ?? [])) ||
    path === 'package.json'
  );
}

function mayImportPackage(specifier: string, room: Room): boolean {
  if (specifier.startsWith('node:')) return room.node;
  return room.packages.some((name) => specifier === name || specifier.startsWith(`${name}/`));
}

function listFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((file) => !file.includes('node_modules/'));
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

const topFolders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !/^(\..*|node_modules|dist|out|data)$/.test(entry.name))
  .map((entry) => entry.name);
const sources = topFolders.flatMap(listFiles).filter((file) => file.endsWith('.ts'));
const inRooms = sources.filter((file) => Object.hasOwn(rooms, file.split('/')[0]!));

describe('each room imports only what the table of rooms allows:', () => {
  test.each(Object.keys(rooms))('%s', (room) => {
    const files = inRooms.filter((file) => roomOf(file) === room);
    expect(files.flatMap((file) => findViolations(file, read(file), rooms))).toEqual([]);
  });

  test('and there is code to look at in the rooms that everything stands on', () => {
    for (const room of ['contracts', 'workflows', 'agents', 'activities', 'client', 'store', 'worker'])
      expect([room, inRooms.filter((file) => file.startsWith(`${room}/`)).length > 3]).toEqual([room, true]);
  });

  test.each([
    ['a room', "import { createActivities } from '../../activities/create-activities.ts';"],
    ['a room over several lines', "import {\n  a,\n  b,\n} from '../../store/open-store.ts';"],
    ['a room again exported', "export { a } from '../../agents/implement-agent.ts';"],
    ['a room for what it does', "import '../../worker/create-worker.ts';"],
    [
      'a room by names of types alone, which leaves an import behind',
      "import { type A } from '../../activities/a.ts';",
    ],
    ['a room when it is needed', "const a = await import('../../activities/a.ts');"],
    ['types of a room it may not know', "import type { A } from '../../client/create-client.ts';"],
    ['a package', "import { Client } from '@temporalio/client';"],
    ['a package whose name begins like another', "import { a } from '@temporalio/workflow-tools';"],
    ["Node's own modules", "import { readFile } from 'node:fs/promises';"],
  ])('and a workflow that imports %s is found', (_what, line) => {
    const file = 'workflows/fold/made-up.ts';
    expect(findViolations(file, `import { a } from './a.ts';\n${line}\n`, rooms)).toHaveLength(1);
  });

  test.each([
    ['its own files', "import { a } from '../planner/derived.ts';"],
    ['contracts', "import { digestOf } from '../../contracts/json.ts';"],
    ['types of activities', "import type { A } from '../../activities/create-activities.ts';"],
    ['its libraries', "import { proxyActivities } from '@temporalio/workflow';"],
    [
      'what only a comment names',
      "// import { a } from '../../store/a.ts';\n/* import '../../store/a.ts' */",
    ],
  ])('and a workflow may import %s', (_what, line) => {
    expect(findViolations('workflows/fold/made-up.ts', line, rooms)).toEqual([]);
  });

  test('and the command line may load a worker when it is needed, and no earlier', () => {
    expect(findViolations('cli/dev.ts', "const a = await import('../worker/a.ts');", rooms)).toEqual([]);
    expect(findViolations('cli/dev.ts', "import { a } from '../worker/a.ts';", rooms)).toHaveLength(1);
  });
});

/** Statements of a module that could keep something from one run for the next. */
function findKept(source: string): string[] {
  const empty =
    /^(?:(?:export )?(?:(?:let|var) |const \w+(?!: \[\])(?:: .*?)? = (?:new (?:Map|Set|Array)\b.*\((?:\[\])?\)|\[\]|\{\}|Object\.create\(null\))(?: as .*)?;)|\s+static (?:readonly )?#?\w+ = new ).*$/gm;
  return source.match(empty) ?? [];
}

describe('a workflow shares its modules with those beside it, so they', () => {
  const shared = sources.filter((file) => /^(?:workflows|contracts)\//.test(file));

  test('keep nothing of a run but in weak maps', () => {
    expect(shared.length).toBeGreaterThan(60);
    expect(shared.flatMap((file) => findKept(read(file)).map((line) => `${file}: ${line}`))).toEqual([]);
  });

  test.each([
    'let last;',
    'var last;',
    'const seen = new Set<string>();',
    'const seen = new Set<string>([]);',
    'export const all: string[] = [];',
    'const waiting: (() => void)[] = [];',
    'const all = [] as string[];',
    'const known = Object.create(null);',
    '  static readonly seen = new Map<string, string>();',
  ])('and %s would be found', (line) => expect(findKept(`import 'a';\n${line}\n`)).toHaveLength(1));
});

test('every folder with code is a room, or one of the few that may import all', () => {
  const free = ['entry', 'template', 'test', 'bench', 'tools'];
  const folders = new Set(sources.map((file) => file.split('/')[0]!));
  expect([...folders].filter((folder) => !Object.hasOwn(rooms, folder) && !free.includes(folder))).toEqual(
    [],
  );
});

test('every door of the package names what it lets out', () => {
  const doors = sources.filter((file) => file.startsWith('entry/'));
  expect(doors.filter((file) => /export \*/.test(read(file)))).toEqual([]);
  const exported = Object.keys(JSON.parse(read('package.json')).exports as object);
  expect(exported.length - 1).toBe(doors.length);
});

test('no room imports tests or benches', () => {
  const strange = inRooms.filter((file) =>
    findImports(read(file)).some(({ specifier }) => /^(\.\.\/)+(test|bench)\//.test(specifier)),
  );
  expect(strange).toEqual([]);
});

test('no folder is named after what its files have in common', () => {
  const vague = new Set(['src', 'shared', 'utils', 'types', 'core', 'helpers', 'common', 'lib', 'misc']);
  const folders = new Set(sources.flatMap((file) => file.split('/').slice(0, -1)));
  expect([...folders].filter((folder) => vague.has(folder))).toEqual([]);
});

/** Why a file may be longer than 250 lines. */
const long: { readonly [file: string]: string } = {
  'agents/data-gathering/build-frame.ts': 'one reading of a table, whose steps share its columns',
  'agents/data-gathering/find-sums.ts': 'one search for what adds up, whose steps prune for one another',
  'agents/data-gathering/repair-frame.ts': 'the repairs, side by side in the order in which they are tried',
  'agents/forecasting/methods/seasonal-arima.ts': 'one method, whose steps share their arrays',
  'contracts/ports.ts': 'every port on one page',
};

test('a file past 250 lines has a reason', () => {
  const measured = sources.filter((file) => !/^(test|bench)\//.test(file) && lengthOf(file) > 250);
  expect(measured.filter((file) => !Object.hasOwn(long, file))).toEqual([]);
});

test('no reason is kept for a file that has become short', () => {
  expect(Object.keys(long).filter((file) => !sources.includes(file) || lengthOf(file) <= 200)).toEqual([]);
});

function lengthOf(file: string): number {
  return read(file).trimEnd().split('\n').length;
}

test('only what starts programs reads the environment', () => {
  const readers = inRooms.filter((file) => /\bprocess\.env\b/.test(read(file)));
  expect(readers.filter((file) => !/^(worker|server|cli|desk|testing)\//.test(file))).toEqual([]);
});
