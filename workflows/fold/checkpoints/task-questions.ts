import type { Checkpoint, Verb } from '../../../contracts/checkpoint.ts';
import { canonicalJson } from '../../../contracts/json.ts';
import type { JsonSchema } from '../../../contracts/json.ts';
import type { State } from '../../../contracts/state.ts';
import type { Task, View } from '../view.ts';
import { own } from '../records.ts';
import { ask, baseOn, subjectsOf } from './basis.ts';

type Keyed = Extract<Task, { state: 'keyed' }>;
type TaskRecord = State['tasks'][string];

/** What the agent asked and nobody answered yet, one checkpoint a question. */
export function askQuestions(view: View, task: Keyed, asks: NonNullable<TaskRecord['asks']>): Checkpoint[] {
  const open = asks.questions.filter(({ id }) => !Object.hasOwn(asks.answers, id));
  return open.map((question) => {
    const id = `question:${task.name}:${question.id}`;
    const based = baseOn(view, 'question', id, [question, task.key], () => ({
      id,
      kind: 'question',
      name: task.agent,
      task: task.name,
      by: view.state.manifest.owner,
      fourEyes: false,
      subjects: subjectsOf(task.needs),
      shown: { question: question.prompt },
      // Which answers were offered is part of what is answered.
      apart: canonicalJson([task.key, question.id, question.answer ?? null]),
    }));
    return ask(view, based, ['answer'], question.answer ? { answer: question.answer } : {});
  });
}

/** What a person is to supply. */
export function askInput(view: View, task: Keyed): Checkpoint {
  const id = `input:${task.name}`;
  const lapsed = Object.keys(task.declared.produces)
    .map((artifact) => own(view.state.overlays, view.graph.nameOf(artifact, task.element))?.result)
    .find((result) => result !== undefined);
  const based = baseOn(view, 'input', task.name, [task.key, lapsed], () => ({
    id,
    kind: 'input',
    name: task.agent,
    task: task.name,
    by: task.declared.by ?? view.state.manifest.owner,
    fourEyes: false,
    subjects: subjectsOf(task.needs),
    ...(lapsed ? { shown: { lapsed } } : {}),
    apart: task.key,
  }));
  return ask(view, based, ['supply'], { supply: suppliesOf(view, task) });
}

/** How to go on after a task failed for good. */
export function askTaskFailed(
  view: View,
  task: Keyed,
  failed: NonNullable<TaskRecord['failed']>,
): Checkpoint {
  const id = `exception:task:${task.name}`;
  const based = baseOn(view, 'exception:task', task.name, [failed, task.key], () => ({
    id,
    kind: 'exception',
    name: task.agent,
    task: task.name,
    by: view.state.manifest.owner,
    fourEyes: false,
    subjects: subjectsOf(task.needs),
    shown: { failure: { type: failed.failure.type, message: failed.failure.message } },
    apart: task.key,
  }));
  const offers: Verb[] = ['retry', 'redo', 'supply'];
  const artifacts = Object.keys(task.declared.produces);
  if (task.element !== undefined || artifacts.every((artifact) => view.graph.isDispensable(artifact))) {
    offers.push('without');
  }
  offers.push('stop');
  const fields: JsonSchema = task.declared.adjust ?? { type: 'object', maxProperties: 0 };
  return ask(view, based, offers, { changes: { [task.name]: fields }, supply: suppliesOf(view, task) });
}

/** An output that has to be there never will be. */
export function askOutputAbsent(view: View, output: string): Checkpoint {
  const id = `exception:output:${output}`;
  const based = baseOn(view, 'exception:output', output, [], () => ({
    id,
    kind: 'exception',
    name: output,
    cell: output,
    by: view.state.manifest.owner,
    fourEyes: false,
    subjects: { [output]: null },
  }));
  return ask(view, based, ['stop']);
}

function suppliesOf(view: View, { declared }: Task): { [artifact: string]: JsonSchema } {
  const open = Object.entries(declared.produces).filter(
    ([artifact]) => !Object.hasOwn(view.state.pinned, artifact),
  );
  return Object.fromEntries(open.map(([artifact, { schema }]) => [artifact, schema]));
}
