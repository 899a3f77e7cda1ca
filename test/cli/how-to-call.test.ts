import { describe, expect, it } from 'vitest';
import { commandLine, withCaller } from '../../cli/how-to-call.ts';
import type { Settings } from '../../cli/settings.ts';

const usual: Settings = {
  folder: '.baton',
  namespace: 'default',
  taskQueue: 'baton',
  json: false,
  verbose: false,
  trace: false,
};

describe('commands are printed as they work where the user is', () => {
  it('in a clone through npm, where `baton` is not on the PATH', () => {
    expect(commandLine(usual, 'show', 'hello-1')).toBe('npm run baton -- show hello-1');
    expect(withCaller('Start a worker: `baton dev`.')).toBe('Start a worker: `npm run baton -- dev`.');
  });

  it('on the same folder and server, quoted for a shell', () => {
    const settings = { ...usual, folder: "the clerk's", address: '127.0.0.1:7233', taskQueue: 'outlook' };
    expect(commandLine(settings, 'dev')).toBe(
      String.raw`npm run baton -- dev --folder 'the clerk'\''s' --address 127.0.0.1:7233 --task-queue outlook`,
    );
    expect(commandLine(settings, 'show', 'hello-1')).toBe(
      String.raw`npm run baton -- show hello-1 --folder 'the clerk'\''s'`,
    );
  });
});
