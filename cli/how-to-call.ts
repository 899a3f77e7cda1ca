import type { Settings } from './settings.ts';

// The package is compiled; sources run in a clone, where npm knows the command only as a script.
const caller = import.meta.url.endsWith('.ts') ? 'npm run baton --' : 'npx baton';

/** A command as it works where the user is, on the folder, and with the project and server, that this one was given. */
export function commandLine(settings: Settings, ...words: string[]): string {
  const { folder, config, address, namespace, taskQueue } = settings;
  const looks = ['show', 'runs'].includes(words[0]!);
  const options = {
    '--folder': folder === '.baton' ? undefined : folder,
    ...(!looks && {
      '--config': config,
      '--address': address === process.env['TEMPORAL_ADDRESS'] ? undefined : address,
      '--namespace': namespace === 'default' ? undefined : namespace,
      '--task-queue': taskQueue === 'baton' ? undefined : taskQueue,
    }),
  };
  const given = Object.entries(options).flatMap(([option, value]) => (value ? [option, quote(value)] : []));
  return [caller, ...words, ...given].join(' ');
}

/** Commands that a text names, such as the mend of a failure, as they work where the user is. */
export function withCaller(text: string): string {
  return text.replaceAll(/`baton (?=[a-z])/g, `\`${caller} `);
}

/** One word for a shell. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
