import { withClient } from '../connect.ts';
import { UsageError } from '../exit-codes.ts';
import { aborted, withInterrupt } from '../interrupt.ts';
import { createLogger } from '../logger.ts';
import { paint, print, printJson } from '../output.ts';
import { loadProject } from '../settings.ts';
import type { Settings } from '../settings.ts';

/** Takes signed messages that start runs, until Ctrl+C. */
export async function serveTriggers(settings: Settings, options: { port: string }): Promise<void> {
  const port = Number(options.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`--port ${options.port} is no port: give a number from 0 to 65535.`);
  const { project } = await loadProject(settings);
  const { triggers = {} } = project;
  const names = Object.keys(triggers);
  if (names.length === 0) throw new UsageError('The project declares no triggers: see defineTrigger.');
  const { createHooks, serveHooks } = await import('../../desk/hooks.ts');
  await withInterrupt(async (signal) => {
    await withClient(settings, async ({ client }) => {
      const logger = createLogger({ verbose: true });
      const hooks = await serveHooks(
        createHooks({ triggers, client, logger, environment: process.env }),
        port,
      );
      for (const name of names) print(`${paint('dim', 'takes')}  ${hooks.url}/${name}`);
      if (settings.json) printJson({ url: hooks.url, triggers: names, pid: process.pid });
      await aborted(signal);
      await hooks.close();
    });
  });
}
