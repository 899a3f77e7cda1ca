import { toFailure } from '../contracts/failures.ts';
import type { Connector, ConnectorCall, Store } from '../contracts/ports.ts';
import { ConnectorRefused } from '../contracts/ports.ts';

/** A connector whose first calls are refused, so many of them: certainly nothing happened. */
export function refusesTimes(connector: Connector, times: number): Connector {
  let left = times;
  return {
    ...connector,
    call: async (call) => {
      if (left <= 0) return connector.call(call);
      left -= 1;
      throw new ConnectorRefused('Refused for this test.');
    },
  };
}

/**
 * A connector that loses the answer of its first calls, so many of them: it happened, if `landed`, and nobody was told.
 * It can't be called again blindly, and can't tell: a person is asked, as where an outside has no way to look.
 */
export function losesAnswers(connector: Connector, times: number, { landed = true } = {}): Connector {
  let left = times;
  const { credentials, undoes } = connector;
  return {
    repeatable: false,
    ...(credentials && { credentials }),
    ...(undoes !== undefined && { undoes }),
    call: async (call: ConnectorCall) => {
      if (left <= 0) return connector.call(call);
      left -= 1;
      if (landed) await connector.call(call);
      throw new Error('The connection was lost for this test.');
    },
  };
}

type Part = 'commit' | 'reserve' | 'markCalled';

/** For `wrapStore`: a store that can't be written to, so many times for each of these; then it can. */
export function failsStore(
  times: number,
  parts: readonly Part[] = ['commit', 'reserve'],
): (store: Store) => Store {
  return (store) => {
    const broken = { ...store };
    for (const part of parts) {
      let left = times;
      const work = store[part].bind(store) as (...given: never[]) => Promise<never>;
      Object.assign(broken, {
        [part]: async (...given: never[]): Promise<never> => {
          if (left <= 0) return work(...given);
          left -= 1;
          throw toFailure('Store.Unavailable', 'The store is broken for this test.', { name: part });
        },
      });
    }
    return broken;
  };
}
