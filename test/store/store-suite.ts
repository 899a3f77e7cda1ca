import { describe } from 'vitest';
import { artifactSuite } from './suite/artifacts.ts';
import { deskSuite } from './suite/desk.ts';
import { ledgerSuite } from './suite/ledger.ts';
import type { Place } from './suite/place.ts';
import { runSuite } from './suite/runs.ts';
import { slotSuite } from './suite/slots.ts';
import { progressSuite } from './suite/progress.ts';
import { snapshotSuite } from './suite/snapshots.ts';

/** All that a store promises, on whichever database `create` makes a place in. */
export function storeSuite(name: string, create: () => Promise<Place>): void {
  describe(name, () => {
    ledgerSuite(create);
    artifactSuite(create);
    progressSuite(create);
    snapshotSuite(create);
    slotSuite(create);
    runSuite(create);
    deskSuite(create);
  });
}
