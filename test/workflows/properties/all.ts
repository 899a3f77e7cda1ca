import type { Property } from './property.ts';
import {
  boundedElements,
  byElementKey,
  fenced,
  onceUnderKey,
  restStops,
  resultsCount,
  wantedWork,
} from './attempts.ts';
import { approvalsStand, changesAskAgain, decidedOnce, firstCounts, onlyAsAsked } from './decisions.ts';
import { decidedEffects, filledOnce, reviewed } from './effects.ts';
import { alwaysCloses, forks, rebuilds, restarts } from './endings.ts';
import { fourEyes } from './people.ts';
import { finishedIsDone, receipts, undoneInReverse } from './slots.ts';
import {
  anyOrder,
  eachIsNeeded,
  fittingVersions,
  keyIdentity,
  onlyAncestors,
  onlyDependents,
  plainJson,
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
  resultsCount,
  keyIdentity,
  fittingVersions,
  approvalsStand,
  changesAskAgain,
  wantedWork,
  byElementKey,
  boundedElements,
  onlyAsAsked,
  fourEyes,
  finishedIsDone,
  undoneInReverse,
  restStops,
  receipts,
  forks,
];
