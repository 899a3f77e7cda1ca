import pino from 'pino';
import type { Logger } from 'pino';
import type { Settings } from './settings.ts';

/** Structured lines on standard error, quiet unless asked for. Content and secrets never reach it. */
export function createLogger(settings: Pick<Settings, 'verbose'>): Logger {
  return pino(
    {
      level: settings.verbose ? 'info' : 'silent',
      base: null,
      redact: {
        paths: ['*.content', '*.token', '*.password', '*.secret', '*.authorization'],
        censor: '[redacted]',
      },
    },
    pino.destination(2),
  );
}
