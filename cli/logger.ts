import pino from 'pino';
import type { DestinationStream, Logger } from 'pino';
import type { Settings } from './settings.ts';

const withheld = ['content', 'token', 'password', 'secret', 'authorization'];

/** Structured lines on standard error, quiet unless asked for. Content and secrets never reach it. */
export function createLogger(
  settings: Pick<Settings, 'verbose'>,
  destination: DestinationStream = pino.destination(2),
): Logger {
  return pino(
    {
      level: settings.verbose ? 'info' : 'silent',
      base: null,
      redact: {
        paths: withheld.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: '[redacted]',
      },
      // An error's message may quote what was worked on.
      serializers: { err: describeError, error: describeError },
    },
    destination,
  );
}

function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error;
  return { name: error.name, ...('type' in error && typeof error.type === 'string' && { type: error.type }) };
}
