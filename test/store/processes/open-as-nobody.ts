// Gives up root's rights, where it has them, then opens the store and writes.
import { openStore } from '../../../store/open-store.ts';

const [folder] = process.argv.slice(2) as [string];
if (process.getuid?.() === 0) {
  process.setgid!(65_534);
  process.setuid!(65_534);
}
try {
  const store = await openStore({ folder });
  await store.commit({ close: { run: 'a', epoch: 1, status: 'finished' } });
  console.log('wrote');
} catch (error) {
  const { type, message } = error as { type?: string; message: string };
  console.log(`failed ${JSON.stringify({ type, message })}`);
}
