import { once } from 'node:events';
import { createServer } from 'node:http';
import type { TestProject } from 'vitest/node';
import { describeError } from '../server/server-error.ts';
import { startTemporalServer, type TemporalServer } from '../server/start-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where test/temporal-server.ts asks for the run's server. */
    temporalServerDesk: string;
  }
}

/**
 * One tuned Temporal server, in memory, for all test files of a run (or the one that TEMPORAL_ADDRESS names). It is
 * started when the first test file asks for it: a run of tests that need none neither builds nor starts one.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let server: Promise<TemporalServer> | undefined;
  const desk = createServer((_request, response) => {
    server ??= startTemporalServer({ report: (line) => console.log(line) });
    server.then(
      ({ address }) => response.end(address),
      (error: unknown) => response.writeHead(503).end(describeError(error)),
    );
  });
  desk.listen(0, '127.0.0.1');
  await once(desk, 'listening');
  const address = desk.address();
  if (address === null || typeof address === 'string') throw new Error('The desk got no port.');
  project.provide('temporalServerDesk', `http://127.0.0.1:${address.port}/`);

  return async () => {
    desk.close();
    desk.closeAllConnections();
    await server?.then(
      (started) => started.stop(),
      // Whoever asked for it has reported why it didn't start.
      () => undefined,
    );
  };
}
