import type { Property } from './property.ts';
import { approvalsStand, decidedOnce, firstCounts, fourEyes } from './decisions.ts';
import { decidedEffects, filledOnce, receipts, reviewed, undoneInReverse } from './effects.ts';
import { alwaysCloses, forks, rebuilds, restarts } from './endings.ts';
import {
  anyOrder,
  boundedElements,
  byElementKey,
  eachIsNeeded,
  fenced,
  fittingVersions,
  keyIdentity,
  onceUnderKey,
  onlyAncestors,
  onlyDependents,
  plainJson,
  restStops,
  wantedWork,
} from './tasks.ts';

/** The fourteen properties, then the rules that they leave out. */
export const properties: readonly Property[] = [
  plainJson,
  anyOrder,
  fenced,
  decidedEffects,
  filledOnce,
  reviewed,
  onceUnderKey,
  alwaysCloses,
  onlyAncestors,
  eachIsNeeded,
  onlyDependents,
  rebuilds,
  decidedOnce,
  firstCounts,
  restarts,
  keyIdentity,
  fittingVersions,
  approvalsStand,
  wantedWork,
  byElementKey,
  boundedElements,
  fourEyes,
  undoneInReverse,
  restStops,
  receipts,
  forks,
];
