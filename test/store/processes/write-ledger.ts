// Appends outcomes to the runs named and writes a line after each commit: what was said is what must be there.
import { openStore } from '../../../store/open-store.ts';
import { batch, deskOf, started } from '../suite/place.ts';

const [folder, name, count, ...runs] = process.argv.slice(2) as [string, string, string, ...string[]];
const store = await openStore({ folder });
console.log('ready');
for (let seq = 0; seq < Number(count); seq++) {
  const run = runs[seq % runs.length]!;
  const [reference] = await store.artifacts.put([
    { name, mediaType: 'text/plain', content: new TextEncoder().encode(`${name} ${seq}`), facts: {} },
  ]);
  const records = [
    { run, epoch: 1, id: `${name} ${seq}`, kind: 'modelCall', body: reference!.digest } as const,
  ];
  const head = await store.commit({ ...deskOf(run, { [name]: `${seq}` }), records });
  console.log(`recorded ${run} ${head!.index} ${head!.hash} ${name} ${seq}`);
}
// Its own run, where outcomes are numbered as a workflow numbers them.
await store.commit(batch(runs[0]!, Number(name.replace(/\D/g, '')) * 1_000_000, [started(name)]));
await store.close();
