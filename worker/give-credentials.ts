import { inspect } from 'node:util';
import { toFailure } from '../contracts/failures.ts';
import { ConnectorRefused } from '../contracts/ports.ts';
import type { Connector, ConnectorCall } from '../contracts/ports.ts';
import { concealIn, createConcealer } from './conceal.ts';

interface Environment {
  readonly [name: string]: string | undefined;
}

/**
 * The connectors, each with its credentials at hand, and nothing of them in what it answers or complains of.
 * Throws `Credential.Missing` where the environment lacks one, or has it empty.
 */
export function giveCredentials(
  connectors: { readonly [name: string]: Connector },
  environment: Environment,
): { readonly [name: string]: Connector } {
  const missing = Object.entries(connectors).flatMap(([connector, { credentials = [] }]) =>
    credentials.filter((name) => !environment[name]).map((name) => ({ connector, name })),
  );
  const [first] = missing;
  if (first) {
    const all = missing.map(({ connector, name }) => `${name} (of the connector ${connector})`).join(', ');
    throw toFailure('Credential.Missing', `Not in the worker's environment, or empty: ${all}.`, {
      name: first.name,
    });
  }
  return Object.fromEntries(
    Object.entries(connectors).map(([name, connector]) => [name, equip(connector, environment)]),
  );
}

function equip(connector: Connector, environment: Environment): Connector {
  const { credentials: names } = connector;
  if (!names || names.length === 0) return connector;
  const credentials = Object.fromEntries(names.map((name) => [name, environment[name] ?? '']));
  const conceal = createConcealer(credentials);
  const guarded = async <T>(work: (call: ConnectorCall) => Promise<T>, call: ConnectorCall): Promise<T> => {
    try {
      return await work({ ...call, credentials });
    } catch (error) {
      throw concealError(error, conceal);
    }
  };
  return {
    repeatable: connector.repeatable,
    ...(connector.undoes !== undefined && { undoes: connector.undoes }),
    credentials: names,
    call: async (call) => concealIn(conceal, await guarded(async (given) => connector.call(given), call)),
    ...(connector.lookup && {
      lookup: async (call: ConnectorCall) => {
        const found = await guarded(async (given) => connector.lookup!(given), call);
        return found.receipt === undefined ? found : { ...found, receipt: concealIn(conceal, found.receipt) };
      },
    }),
  };
}

/** The error as it is where nothing of a secret is in it; a new one, without cause or stack, otherwise. */
function concealError(error: unknown, conceal: (text: string) => string): unknown {
  // Also what an error has beside its message: its stack, and the errors that caused it.
  const told = inspect(error, { depth: 10 });
  if (conceal(told) === told) return error;
  const message = conceal(error instanceof Error ? error.message : told);
  return error instanceof ConnectorRefused ? new ConnectorRefused(message) : new Error(message);
}
