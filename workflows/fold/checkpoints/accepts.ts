import type { JsonSchema } from '../../../contracts/json.ts';
import type { Standpoint, View } from '../view.ts';
import { remember } from '../memory.ts';

const nothing: JsonSchema = { type: 'object', maxProperties: 0 };

/** Whom a request for changes to these artifacts may name, and which fields it may set; inputs that it may set beside. */
export function acceptsChanges(
  view: View,
  artifacts: string[],
  from: Standpoint,
): { changes?: { [task: string]: JsonSchema }; inputs?: { [field: string]: JsonSchema } } {
  const { manifest, pinned } = view.state;
  return remember(
    view.memory,
    `changes ${artifacts.join(' ')}`,
    from.element ?? '',
    [pinned, from.element],
    () => {
      const changes: { [task: string]: JsonSchema } = {};
      for (const agent of view.graph.agentsBehind(artifacts, pinned)) {
        const task = manifest.tasks[agent];
        if (!task) continue;
        const schema = task.adjust ?? nothing;
        const byElement =
          from.element !== undefined && task.each && view.graph.root(task.each.over) === from.root;
        if (byElement) changes[view.graph.nameOf(agent, from.element)] = schema;
        changes[agent] = schema;
      }
      if (Object.keys(changes).length === 0) return {};
      const inputs: { [field: string]: JsonSchema } = {};
      for (const [field, input] of Object.entries(manifest.inputs)) {
        if (input.amendable) inputs[field] = input.schema;
      }
      return Object.keys(inputs).length === 0 ? { changes } : { changes, inputs };
    },
  );
}
