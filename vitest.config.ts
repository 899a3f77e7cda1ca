import { defineConfig } from 'vitest/config';
import { LongFirst } from './test/long-first.ts';

/** What has a process of its own: it changes what belongs to the process, or lives off killing others. */
const alone = [
  'test/cli/**/*.test.ts',
  'test/e2e/kill/*.test.ts',
  'test/server/*.test.ts',
  'test/client/gone-server.test.ts',
];

export default defineConfig({
  test: {
    // Copies of the rules, each broken once: Node loads them faster than they could be transformed.
    server: { deps: { external: [/\.baton\/mutants-/] } },
    setupFiles: ['test/met-failures.setup.ts'],
    globalSetup: ['test/temporal-server.setup.ts'],
    // Much of the time is spent waiting for processes and for the server: three at once keep two cores busy.
    maxWorkers: 3,
    sequence: { sequencer: LongFirst },
    // A cap on what hangs; no test is decided by how long it takes.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    projects: [
      { extends: true, test: { name: 'alone', include: alone } },
      // Loading Temporal, LangGraph and the bundled workflows anew for each file would take longer than the tests.
      {
        extends: true,
        test: { name: 'together', include: ['test/**/*.test.ts'], exclude: alone, isolate: false },
      },
    ],
  },
});
