import { parseArgs } from 'node:util';
import { properties } from './all.ts';
import { loadRules } from './load-rules.ts';
import { runProperty } from './run.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const wanted = Number(values.runs);
const firstSeed = Number(values.seed);
const chosen = properties.filter(({ id }) => values.only === undefined || id === values.only);
if (!Number.isSafeInteger(wanted) || wanted < 1 || !Number.isSafeInteger(firstSeed) || chosen.length === 0) {
  process.stderr.write('usage: node million.ts [--runs N] [--seed S] [--only ID]\n');
  process.exit(2);
}

const rules = await loadRules(new URL('../../../workflows/fold/', import.meta.url));
const started = Date.now();
const batch = 100;
let done = 0;
let telling = 0;
let lastTold = 0;

for (let round = 0; done < wanted; round++) {
  for (const property of chosen) {
    if (done >= wanted) break;
    const runs = Math.min(batch, wanted - done);
    const verdict = runProperty(rules, property, { runs, seed: firstSeed + round });
    done += verdict.runs;
    telling += verdict.telling;
    if (verdict.failed) {
      process.stderr.write(`\n${verdict.report}\n`);
      process.stdout.write(
        `properties: failed after ${done} runs, property ${property.id}, seed ${firstSeed + round}\n`,
      );
      process.exit(1);
    }
    if (Date.now() - lastTold > 1_000) tellProgress();
  }
}
tellProgress();
const seconds = Math.round((Date.now() - started) / 1_000);
process.stdout.write(
  `\nproperties: ${done} runs of ${chosen.length} properties passed, ${telling} with something to look at, seed ${firstSeed}, ${seconds} s\n`,
);

function tellProgress(): void {
  lastTold = Date.now();
  const rate = done / Math.max(1, (lastTold - started) / 1_000);
  const left = Math.round((wanted - done) / Math.max(1, rate));
  process.stderr.write(`\r${done} of ${wanted} runs, ${Math.round(rate)} a second, ${left} s left   `);
}
