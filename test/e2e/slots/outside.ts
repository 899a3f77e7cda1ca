import type { Connector, ConnectorCall, Lookup } from '../../../contracts/ports.ts';
import { ConnectorRefused } from '../../../contracts/ports.ts';

/** How the outside takes a call: does it; says no; breaks before or after it did it; `hangs` until told to stop. */
export type Behaviour = 'does' | 'refuses' | 'breaks-before' | 'breaks-after' | 'hangs';

export interface Outside extends Connector {
  /** Content by run and slot. */
  readonly holds: Map<string, string | null>;
  /** Every call that arrived, in order. */
  readonly calls: ConnectorCall[];
  /** How the next calls are taken; once empty, each is done. */
  readonly behaves: Behaviour[];
  /** Times that it did what a call asked for, by run and slot: never more than once for one key where it is repeatable. */
  readonly done: Map<string, number>;
}

/** An outside in this process, whose troubles are scripted. `lookup`: what it answers, or left out where it can't tell. */
export function scriptedOutside(
  options: {
    repeatable?: boolean;
    lookup?: (held: string | null, call: ConnectorCall) => Lookup | Promise<Lookup>;
  } = {},
): Outside {
  const holds = new Map<string, string | null>();
  const calls: ConnectorCall[] = [];
  const behaves: Behaviour[] = [];
  const done = new Map<string, number>();
  const keys = new Set<string>();
  const { repeatable = false, lookup } = options;
  const place = ({ run, slot }: ConnectorCall): string => `${run}/${slot}`;
  const act = (call: ConnectorCall): void => {
    if (repeatable && keys.has(call.idempotencyKey)) return;
    keys.add(call.idempotencyKey);
    holds.set(place(call), call.digest);
    done.set(place(call), (done.get(place(call)) ?? 0) + 1);
  };
  return {
    holds,
    calls,
    behaves,
    done,
    repeatable,
    async call(call) {
      calls.push(call);
      const behaviour = behaves.shift() ?? 'does';
      if (behaviour === 'refuses') throw new ConnectorRefused('The outside says no.');
      if (behaviour === 'breaks-before') throw new Error('The line broke before anything happened.');
      if (behaviour === 'hangs') {
        await new Promise((_, reject) => {
          call.abortSignal.addEventListener('abort', () => reject(new Error('told to stop')));
        });
      }
      act(call);
      if (behaviour === 'breaks-after') throw new Error('The line broke after it had happened.');
      return { digest: call.digest };
    },
    ...(lookup && { lookup: async (call) => lookup(holds.get(place(call)) ?? null, call) }),
  };
}
