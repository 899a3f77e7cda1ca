import type { Json } from '../../contracts/json.ts';
import type { OutcomeOf } from '../../contracts/outcome.ts';
import type { State } from '../../contracts/state.ts';
import { splitName } from '../../contracts/element-names.ts';
import { omit, own } from './records.ts';

type TaskRecord = State['tasks'][string];

function withTask(state: State, task: string, record: TaskRecord): State {
  return { ...state, tasks: { ...state.tasks, [task]: record } };
}

/** An attempt begins: an earlier one of the same task is fenced from now on. */
export function foldStarted(state: State, { task, attempt, key }: OutcomeOf<'started'>): State {
  const record = own(state.tasks, task) ?? { attempt: 0 };
  if (state.status !== 'open' || attempt !== record.attempt + 1) return state;
  return withTask(state, task, { ...omit(record, 'failed'), attempt, running: { attempt, key } });
}

export function foldCancelled(state: State, { task, attempt }: OutcomeOf<'cancelled'>): State {
  const record = own(state.tasks, task);
  return record?.running?.attempt === attempt ? withTask(state, task, omit(record, 'running')) : state;
}

/** An attempt ended: it counts under its own key if it is the running one, in this epoch. */
export function foldResult(state: State, { task, attempt, epoch, end }: OutcomeOf<'result'>): State {
  const record = own(state.tasks, task);
  const running = record?.running;
  if (!running || running.attempt !== attempt || epoch !== state.epoch) return state;
  const { key } = running;
  const rest = omit(record, 'running', 'failed');
  if (end.kind === 'failed')
    return withTask(state, task, { ...rest, failed: { attempt, key, failure: end.failure } });
  if (end.kind === 'asks') {
    const asked = new Set(end.questions.map(({ id }) => id));
    // A question asked again wants another answer; the other answers stay as they were given.
    const given = Object.entries(answersTo(rest, key)).filter(([id]) => !asked.has(id));
    return withTask(state, task, {
      ...keepAnswers(rest, key),
      asks: { key, questions: end.questions, answers: Object.fromEntries(given) },
    });
  }
  const { base } = splitName(task);
  const missing = Object.keys(state.manifest.tasks[base]?.produces ?? {}).filter(
    (artifact) => !Object.hasOwn(end.artifacts, artifact),
  );
  if (missing.length > 0) {
    const failure = {
      type: 'Agent.InvalidOutput',
      message: `The result of ${task} lacks ${missing.join(', ')}.`,
    };
    return withTask(state, task, { ...rest, failed: { attempt, key, failure } });
  }
  const results = { ...state.results, [task]: { ...own(state.results, task), [key]: end.artifacts } };
  return withTask({ ...state, results }, task, rest);
}

/** What a task was answered under a key, now or before others took its place. */
export function answersTo(record: TaskRecord | undefined, key: string): { [question: string]: Json } {
  return (record?.asks?.key === key ? record.asks.answers : own(record?.answered, key)) ?? {};
}

/** Before a task asks under another key, what it was answered is put by: an input may be amended back. */
function keepAnswers(record: Omit<TaskRecord, 'running' | 'failed'>, key: string): TaskRecord {
  const { asks, answered } = record;
  if (!asks || asks.key === key || Object.keys(asks.answers).length === 0) return record;
  return { ...record, answered: { ...answered, [asks.key]: asks.answers } };
}

/** An edit was made, or could not be: shown in the review before it counts. */
export function foldEditApplied(state: State, { cell, base, delta, end }: OutcomeOf<'editApplied'>): State {
  const draft = own(state.drafts, cell);
  if (!draft || draft.base !== base || draft.result !== undefined || draft.failure !== undefined)
    return state;
  if (JSON.stringify(draft.delta) !== JSON.stringify(delta)) return state;
  const made = 'result' in end ? { result: end.result } : { failure: end.failure };
  return { ...state, drafts: { ...state.drafts, [cell]: { ...draft, ...made } } };
}
