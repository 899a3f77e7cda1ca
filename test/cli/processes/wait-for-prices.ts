import { z } from 'zod';
import { outside } from '../../../contracts/define-supplier.ts';
import { defineProcess } from '../../../contracts/define-process.ts';
import { defineProject } from '../../../worker/define-project.ts';

const prices = z.object({ tea: z.number() });

/** A run of it goes on until prices are handed in. */
const waitForPrices = defineProcess({
  name: 'wait-for-prices',
  input: z.object({}),
  output: { prices },
  team: [outside({ name: 'feed', produces: { prices } })],
});

export default defineProject({ processes: [waitForPrices], agents: [] });
