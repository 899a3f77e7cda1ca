// Puts artifacts until the store fails, and says how.
import { openStore } from '../../../store/open-store.ts';

const [folder] = process.argv.slice(2) as [string];
try {
  const store = await openStore({ folder });
  for (let at = 0; at < 100; at++) {
    const content = new Uint8Array(100_000).fill(at);
    const [reference] = await store.artifacts.put([
      { name: 'a', mediaType: 'text/plain', content, facts: {} },
    ]);
    console.log(`stored ${reference!.digest}`);
  }
} catch (error) {
  const { type, message } = error as { type?: string; message: string };
  console.log(`failed ${JSON.stringify({ type, message })}`);
}
