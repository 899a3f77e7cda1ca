/** What a room's code may import; the linter and the architecture test read the same table. A file may be a room of its own. */
export interface Room {
  /** Other rooms, or parts of them (`workflows/fold`, a file). */
  rooms: readonly string[];
  /** Rooms of which only types may be imported. */
  types?: readonly string[];
  /** Rooms that may be imported where they are needed only, by `import()`. */
  lazily?: readonly string[];
  packages: readonly string[];
  /** Whether Node's own modules may be imported. */
  node: boolean;
}

const temporal = ['@temporalio/client', '@temporalio/common', '@temporalio/worker'];
const graphs = ['@langchain/core', '@langchain/langgraph', '@langchain/langgraph-checkpoint'];

export const rooms: { readonly [room: string]: Room } = {
  contracts: {
    rooms: [],
    packages: ['zod', '@temporalio/common', 'canonicalize', '@noble/hashes'],
    node: false,
  },
  workflows: {
    rooms: ['contracts'],
    types: ['activities'],
    packages: ['@temporalio/workflow', '@temporalio/common', '@cfworker/json-schema', '@noble/hashes'],
    node: false,
  },
  outbound: { rooms: [], packages: ['undici'], node: true },
  agents: {
    rooms: ['contracts', 'outbound'],
    packages: [
      'zod',
      ...graphs,
      'echarts',
      '@resvg/resvg-js',
      '@embedpdf/fonts-latin',
      'fontkitten',
      'csv-parse',
      'saxes',
      'hyparquet',
      'date-holidays',
    ],
    node: true,
  },
  gateway: { rooms: ['contracts'], packages: ['zod', '@langchain/core'], node: true },
  store: { rooms: ['contracts'], packages: ['zod', 'kysely'], node: true },
  aria: { rooms: ['contracts'], packages: ['zod', 'csv-parse'], node: true },
  activities: {
    rooms: ['contracts', 'outbound', 'agents', 'gateway', 'store', 'aria'],
    packages: [
      'zod',
      '@temporalio/activity',
      '@temporalio/common',
      ...graphs,
      '@cfworker/json-schema',
      'pino',
      'nodemailer',
      'pg',
    ],
    node: true,
  },
  client: {
    // A run whose worker is down is read from its record: the pure fold gives its state.
    rooms: ['contracts', 'store', 'workflows/fold'],
    packages: ['zod', '@temporalio/client', '@temporalio/common', '@cfworker/json-schema'],
    node: true,
  },
  server: {
    rooms: ['contracts', 'store/make-folder.ts'],
    packages: ['@temporalio/client', '@temporalio/common'],
    node: true,
  },
  worker: {
    rooms: [
      'contracts',
      'workflows',
      'outbound',
      'agents',
      'gateway',
      'store',
      'aria',
      'activities',
      'client',
      'server',
    ],
    packages: ['zod', ...temporal, ...graphs, 'pino', 'piscina', 'protobufjs'],
    node: true,
  },
  testing: {
    // A run in memory is made of the pure fold, and of the very code that works an agent and keeps what it made.
    rooms: ['contracts', 'client', 'worker', 'server', 'store', 'workflows/fold', 'agents', 'activities'],
    packages: ['zod', ...temporal, ...graphs, 'pino'],
    node: true,
  },
  desk: {
    rooms: ['contracts', 'client', 'store', 'aria'],
    types: ['workflows'],
    packages: ['zod', '@temporalio/client', '@temporalio/common', 'pino', 'hono', '@hono/node-server'],
    node: true,
  },
  cli: {
    rooms: ['contracts', 'client', 'store', 'aria', 'server'],
    types: ['workflows', 'worker', 'agents'],
    lazily: ['cli/local.ts', 'worker', 'desk', 'testing', 'agents', 'activities'],
    packages: [
      'zod',
      'commander',
      '@temporalio/client',
      '@temporalio/common',
      '@cfworker/json-schema',
      'pino',
    ],
    node: true,
  },
  // The one module of the command line that stands for a worker: itself loaded only where it is needed.
  'cli/local.ts': {
    rooms: ['cli', 'contracts', 'client', 'store', 'server', 'worker'],
    packages: ['@temporalio/worker', '@temporalio/common', 'pino'],
    node: true,
  },
  examples: {
    rooms: ['contracts', 'agents', 'activities/connectors'],
    packages: ['zod', ...graphs],
    node: true,
  },
};
