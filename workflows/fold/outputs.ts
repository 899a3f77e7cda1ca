import type { Version } from '../../contracts/artifact.ts';
import type { State } from '../../contracts/state.ts';
import { viewOf } from './view.ts';

/** The run's outputs that are there for good, by name. */
export function outputsOf(state: State): { [artifact: string]: Version } {
  const view = viewOf(state);
  const outputs: { [artifact: string]: Version } = {};
  for (const artifact of Object.keys(state.manifest.outputs)) {
    const cell = view.cell(artifact);
    if (cell.state === 'usable' && cell.firm) outputs[artifact] = cell.version;
  }
  return outputs;
}
