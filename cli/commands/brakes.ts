import type { BrakeSet } from '../../contracts/outcome.ts';
import { describeBrakes } from '../timeline.ts';
import { readPerson } from '../settings.ts';
import type { Settings } from '../settings.ts';
import { act } from './acts.ts';
import type { PersonOptions } from './acts.ts';

export interface BrakeOptions extends PersonOptions {
  agent?: string[];
  connector?: string[];
  reason: string;
}

/** Holds a run or lets go of it: whole, or the agents and connectors that are named. */
export async function hold(
  settings: Settings,
  run: string,
  holds: boolean,
  options: BrakeOptions,
): Promise<void> {
  const { agent = [], connector = [] } = options;
  const switches = (names: string[]): { [name: string]: boolean } =>
    Object.fromEntries(names.map((name) => [name, holds]));
  await brake(settings, run, options, {
    ...(agent.length === 0 && connector.length === 0 && { pause: holds }),
    ...(agent.length > 0 && { agents: switches(agent) }),
    ...(connector.length > 0 && { connectors: switches(connector) }),
  });
}

/** Has a run ask wherever a checkpoint is declared, or only where its condition holds. */
export async function askAlways(
  settings: Settings,
  run: string,
  options: BrakeOptions & { lift?: boolean },
): Promise<void> {
  await brake(settings, run, options, { askAlways: !(options.lift ?? false) });
}

async function brake(
  settings: Settings,
  run: string,
  { reason, ...options }: BrakeOptions,
  set: BrakeSet,
): Promise<void> {
  await act(settings, run, describeBrakes({ set }), async ({ client, row }) =>
    client.brake(row.run, set, reason, readPerson(options)),
  );
}
