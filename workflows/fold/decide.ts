import type { Checkpoint } from '../../contracts/checkpoint.ts';
import type { OutcomeOf } from '../../contracts/outcome.ts';
import type { State, Verdict } from '../../contracts/state.ts';
import { askAgain, requestChanges } from './changes.ts';
import { checkDecision } from './check-decision.ts';
import { baseAuthorisation } from './checkpoints/authorise.ts';
import { beginClosing, leaveFilled } from './closing.ts';
import { decideSlotException } from './decide-slot.ts';
import { nameOf, splitName } from '../../contracts/element-names.ts';
import { drop, omit, own } from './records.ts';
import { withSlot } from './slot-transitions.ts';
import { decideBeside, placeOf, withVerdict } from './verdicts.ts';
import { versionId } from './versions.ts';
import { viewOf } from './view.ts';

type Decision = OutcomeOf<'decision'>;

/** A decision counts if it is the first of its id and decides what is asked now; else nothing changes. */
export function foldDecision(state: State, decision: Decision): State {
  if (Object.hasOwn(state.seen, decision.id)) return state;
  const checkpoint = checkDecision(state, decision);
  if (typeof checkpoint === 'string') return state;
  const { id, verb, digest, by } = decision;
  const recorded = record(state, checkpoint, decision);
  const decided = apply(recorded, checkpoint, decision);
  return { ...decided, seen: { ...state.seen, [id]: { verb, digest, by: by.person } } };
}

function record(state: State, checkpoint: Checkpoint, { verb, by }: Decision): State {
  const { kind, basis, round } = checkpoint;
  return withVerdict(state, basis, {
    verb,
    round: round + 1,
    by: by.person,
    kind,
    place: placeOf(checkpoint),
  });
}

function apply(state: State, checkpoint: Checkpoint, decision: Decision): State {
  if (decision.verb === 'changes') {
    return decision.changes ? requestChanges(state, checkpoint, decision.changes) : state;
  }
  switch (checkpoint.kind) {
    case 'review':
      return decideReview(state, checkpoint, decision);
    case 'correction':
      return decideCorrection(state, checkpoint, decision);
    case 'question':
      return decideQuestion(state, checkpoint, decision);
    case 'input':
      return supplyTo(state, checkpoint.task ?? '', decision.artifacts ?? {}, decision.by.person);
    case 'exception':
      if (decision.verb === 'stop') return beginClosing(state, 'stopped', decision.undo ?? false);
      if (checkpoint.slot !== undefined) return decideSlotException(state, checkpoint.slot, decision);
      return decideTaskException(state, checkpoint, decision);
    case 'authorise':
      // The verdict alone is the authorisation, or its refusal.
      return state;
  }
}

function decideReview(state: State, checkpoint: Checkpoint, decision: Decision): State {
  const cell = checkpoint.cell ?? '';
  const { base: artifact, element } = splitName(cell);
  switch (decision.verb) {
    case 'edit': {
      const shown = viewOf(state).cell(artifact, element);
      if (!('version' in shown) || decision.delta === undefined) return state;
      const draft = { base: versionId(shown.version), delta: decision.delta, by: decision.by.person };
      return { ...state, drafts: { ...state.drafts, [cell]: draft } };
    }
    case 'withdrawEdit':
      return { ...state, drafts: drop(state.drafts, cell) };
    case 'reject':
      return rejectVersion(state, checkpoint, decision, artifact, element);
    default:
      return approveVersion(state, checkpoint, decision.by.person, artifact, element);
  }
}

/** A draft becomes the version, a lapsed value is dropped; what is in use afterwards is what was approved. */
function approveVersion(
  state: State,
  checkpoint: Checkpoint,
  person: string,
  artifact: string,
  element: string | undefined,
): State {
  const cell = nameOf(artifact, element);
  const draft = checkpoint.shown.draft && own(state.drafts, cell);
  let next: State = { ...state, drafts: drop(state.drafts, cell) };
  if (draft?.result) {
    const overlay = checkpoint.shown.lapsed ? undefined : own(state.overlays, cell);
    // An edit of what a person supplied or edited before takes its place, on the same ground.
    const ground = overlay
      ? { kind: overlay.kind, base: overlay.base }
      : ({ kind: 'edit', base: draft.base } as const);
    next = {
      ...next,
      overlays: { ...next.overlays, [cell]: { ...ground, result: draft.result, by: draft.by } },
    };
  } else if (checkpoint.shown.lapsed) next = { ...next, overlays: drop(next.overlays, cell) };
  return decideAsShownNow(next, checkpoint, { verb: 'approve', by: person, kind: 'review', place: cell });
}

/** A rejected version stays rejected when the draft that was shown with it is gone. */
function rejectVersion(
  state: State,
  checkpoint: Checkpoint,
  { by, undo }: Decision,
  artifact: string,
  element: string | undefined,
): State {
  const cell = nameOf(artifact, element);
  const declared = state.manifest.checkpoints[checkpoint.name];
  const closes = declared?.kind === 'review' && declared.of === artifact && declared.onReject === 'close';
  const verdict = {
    verb: 'reject',
    by: by.person,
    kind: 'review',
    place: cell,
    ...(closes ? { closes } : {}),
  } as const;
  const marked = decideBeside(state, checkpoint.basis, verdict);
  const rejected = decideAsShownNow({ ...marked, drafts: drop(state.drafts, cell) }, checkpoint, verdict);
  return closes ? beginClosing(rejected, 'rejected', undo ?? false) : rejected;
}

/** The same verdict on what the review shows once drafts and lapsed values are gone. */
function decideAsShownNow(state: State, checkpoint: Checkpoint, verdict: Omit<Verdict, 'round'>): State {
  const { base, element } = splitName(verdict.place);
  const review = viewOf(state)
    .cell(base, element)
    .reviews.find(({ id }) => id === checkpoint.id);
  return review && review.basis !== checkpoint.basis ? decideBeside(state, review.basis, verdict) : state;
}

function decideCorrection(state: State, checkpoint: Checkpoint, { verb, by }: Decision): State {
  const name = checkpoint.slot ?? '';
  if (state.status === 'closing') return verb === 'leave' ? leaveFilled(state, name) : state;
  const { base, element } = splitName(name);
  const slot = viewOf(state).slot(base, element);
  const { content, held } = slot;
  if (verb === 'leave') {
    return withSlot(state, name, { ...held, left: content.state === 'wanted' ? content.digest : null });
  }
  if (verb !== 'undoThenDo') return state;
  const { basis } = baseAuthorisation(viewOf(state), slot, held.n + 1);
  return decideBeside(state, basis, { verb: 'approve', by: by.person, kind: 'authorise', place: name });
}

function decideQuestion(state: State, checkpoint: Checkpoint, { answer }: Decision): State {
  const task = checkpoint.task ?? '';
  const asked = own(state.tasks, task);
  const question = asked?.asks?.questions.find(({ id }) => checkpoint.id === `question:${task}:${id}`);
  if (!asked?.asks || !question || answer === undefined) return state;
  const answers = { ...asked.asks.answers, [question.id]: answer };
  return { ...state, tasks: { ...state.tasks, [task]: { ...asked, asks: { ...asked.asks, answers } } } };
}

/** What a person gives counts in place of the task's own results for as long as its key stands. */
export function supplyTo(
  state: State,
  task: string,
  artifacts: NonNullable<Decision['artifacts']>,
  by: string,
): State {
  const { base: agent, element } = splitName(task);
  const now = viewOf(state).task(agent, element);
  if (now.state !== 'keyed') return state;
  const overlays = { ...state.overlays };
  for (const [artifact, result] of Object.entries(artifacts)) {
    overlays[nameOf(artifact, element)] = { kind: 'supply', base: now.key, result, by };
  }
  return { ...state, overlays };
}

function decideTaskException(state: State, checkpoint: Checkpoint, decision: Decision): State {
  const task = checkpoint.task ?? '';
  const record = own(state.tasks, task);
  if (!record?.failed) return state;
  const { key } = record.failed;
  const cleared = { ...state, tasks: { ...state.tasks, [task]: omit(record, 'failed') } };
  switch (decision.verb) {
    case 'redo':
      return askAgain(cleared, task, decision.changes?.fields, decision.changes?.words);
    case 'supply':
      return supplyTo(cleared, task, decision.artifacts ?? {}, decision.by.person);
    case 'without':
      return { ...cleared, tasks: { ...cleared.tasks, [task]: { ...omit(record, 'failed'), without: key } } };
    default:
      return cleared;
  }
}
