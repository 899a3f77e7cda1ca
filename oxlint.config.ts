import { defineConfig } from 'oxlint';
import manifest from './package.json' with { type: 'json' };
import { type Room, rooms } from './tools/rooms.ts';

const packages = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)];

/** One pattern for rooms, one for packages: what a room's own line of the table does not name. */
function restrictImports(name: string, room: Room) {
  const whole = [...room.rooms, ...(room.types ?? []), ...(room.lazily ?? [])].filter(
    (one) => !one.includes('/'),
  );
  const strange = Object.keys(rooms).filter(
    (other) =>
      !other.endsWith('.ts') &&
      other !== name &&
      !whole.includes(other) &&
      !room.rooms.some((part) => part.startsWith(`${other}/`)),
  );
  const typesOnly = (room.types ?? []).filter((other) => !room.lazily?.includes(other));
  const foreign = packages.filter((one) => !room.packages.includes(one)).map(escape);
  const because = `The room ${name} may not import this: see tools/rooms.ts.`;
  return [
    { regex: `^(?:\\.\\./)+(?:${strange.join('|')})/`, message: because },
    { regex: `^(?:${foreign.join('|')})(?:/|$)`, message: because },
    ...(typesOnly.length === 0
      ? []
      : [
          {
            regex: `^(?:\\.\\./)+(?:${typesOnly.join('|')})/`,
            message: `${because} Types it may.`,
            allowTypeImports: true,
          },
        ]),
    ...(room.node ? [] : [{ regex: '^node:', message: because }]),
  ];
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'promise', 'vitest'],
  categories: { correctness: 'error' },
  rules: {
    'typescript/no-floating-promises': 'error',
    // A promise returned to `finally` is awaited, whatever its declared type says: arguments are left out.
    'typescript/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
    'typescript/await-thenable': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/no-import-type-side-effects': 'error',
    'import/no-cycle': 'error',
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    'unicorn/prefer-node-protocol': 'error',
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    'prefer-const': 'error',
    'no-var': 'error',
    // The compiler checks names of namespaces; tests assert in loops and property tests, under computed titles.
    'import/namespace': 'off',
    'vitest/expect-expect': 'off',
    'vitest/no-conditional-expect': 'off',
    'vitest/valid-title': 'off',
    'vitest/no-standalone-expect': 'off',
  },
  overrides: Object.entries(rooms).map(([name, room]) => ({
    files: [name.endsWith('.ts') ? name : `${name}/**/*.ts`],
    rules: { 'no-restricted-imports': ['error', { patterns: restrictImports(name, room) }] },
  })),
  ignorePatterns: ['dist/**', 'template/**', 'out/**', '.baton/**'],
});
