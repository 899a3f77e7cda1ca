import type { BrakeSet, Brakes } from '../../contracts/outcome.ts';
import type { State } from '../../contracts/state.ts';

/** The brakes after some were set or lifted; what holds nothing is left out. */
export function applyBrakes(before: Brakes, set: BrakeSet): Brakes {
  const agents = hold(before.agents, set.agents);
  const connectors = hold(before.connectors, set.connectors);
  return {
    pause: set.pause ?? before.pause,
    askAlways: set.askAlways ?? before.askAlways,
    ...(agents.length > 0 && { agents }),
    ...(connectors.length > 0 && { connectors }),
  };
}

function hold(held: string[] = [], set: { [name: string]: boolean } = {}): string[] {
  const names = new Set(held);
  for (const [name, holds] of Object.entries(set)) {
    if (holds) names.add(name);
    else names.delete(name);
  }
  return [...names].toSorted();
}

/** Whether this lets go of anything: tightening is less than that. */
export function isLoosening({ pause, askAlways, agents, connectors }: BrakeSet): boolean {
  const all = [pause, askAlways, ...Object.values(agents ?? {}), ...Object.values(connectors ?? {})];
  return all.includes(false);
}

export function mayStart({ brakes }: State, agent: string): boolean {
  return !brakes.pause && !brakes.agents?.includes(agent);
}

export function mayPerform({ brakes, manifest }: State, effect: string): boolean {
  const connector = manifest.effects[effect]?.connector;
  return !brakes.pause && (connector === undefined || !brakes.connectors?.includes(connector));
}
