import type { Connector } from '../contracts/ports.ts';

/** One finding for each credential that a connector needs: whether it is there, and nothing of what it is. */
export function describeCredentials(
  connectors: { readonly [name: string]: Connector },
  environment: { readonly [name: string]: string | undefined },
): { about: string; state: 'good' | 'bad'; found: string; mend?: string }[] {
  const about = 'credentials';
  return Object.entries(connectors).flatMap(([connector, { credentials = [] }]) =>
    credentials.map((name) =>
      environment[name]
        ? { about, state: 'good' as const, found: `${name}, for the connector ${connector}` }
        : {
            about,
            state: 'bad' as const,
            found: `${name} is missing or empty: the connector ${connector} needs it`,
            mend: `Set the environment variable ${name} where the worker is started; no worker starts without.`,
          },
    ),
  );
}
