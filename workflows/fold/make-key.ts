import { digestOf } from '../../contracts/json.ts';
import type { Need, View } from './view.ts';
import { remember } from './memory.ts';
import { own } from './records.ts';
import { versionId } from './versions.ts';

/** What a task's results are kept under: the task, the changes asked of it, and the versions it needs. */
export function makeKey(view: View, task: string, agent: string, needs: Need[]): string {
  const asked = own(view.state.changes, agent) ?? null;
  const askedOfElement = task === agent ? null : (own(view.state.changes, task) ?? null);
  const versions = needs.map(({ cell }) => (cell.state === 'usable' ? cell.version : null));
  return remember(view.memory, 'key', task, [asked, askedOfElement, ...versions], () =>
    digestOf({
      task,
      changes: [asked, askedOfElement],
      needs: Object.fromEntries(
        needs.map(({ artifact }, index) => {
          const version = versions[index];
          return [artifact, version ? versionId(version) : 'none'];
        }),
      ),
    }),
  );
}
