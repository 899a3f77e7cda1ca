import type { Version } from '../../../contracts/artifact.ts';
import type { Verb } from '../../../contracts/checkpoint.ts';
import type { ManifestReview } from '../../../contracts/manifest.ts';
import type { State } from '../../../contracts/state.ts';
import type { Truth } from '../conditions.ts';
import type { Cell, ReviewView, View } from '../view.ts';
import { evaluate, holdsAlways } from '../conditions.ts';
import { own } from '../records.ts';
import { versionId } from '../versions.ts';
import { acceptsChanges } from './accepts.ts';
import { ask, baseOn } from './basis.ts';

interface Subject {
  name: string;
  artifact: string;
  element: string | undefined;
  version: Version;
  changedBy?: string;
  /** Whether everything upstream is firm. */
  firm: boolean;
  /** An earlier edit or supply that no longer applies. */
  lapsed?: Version | undefined;
}

type Draft = State['drafts'][string];
type Declared = Pick<ManifestReview, 'by' | 'fourEyes' | 'editable' | 'when'>;

/** The cell of a version: usable once every required review of it is approved, or at once (weakly) if speculative. */
export function gate(view: View, subject: Subject): Cell {
  const { version, lapsed, firm: upstream, ...names } = subject;
  const declaredHere = declaredReviews(view, subject);
  if (declaredHere.length === 0) return { ...names, reviews: [], state: 'usable', version, firm: upstream };
  const draft = draftOf(view, subject);
  const reviews: ReviewView[] = [];
  let firm = upstream;
  for (const [name, declared] of declaredHere) {
    const truth = isRequired(view, subject, declared);
    const cell = names.name;
    if (truth.holds === 'no' && !lapsed && !draft && !view.wasDecided('review', cell)) {
      firm &&= truth.firm;
      continue;
    }
    const review = stand(view, subject, name, declared, draft, truth);
    if (review) reviews.push(review);
    else firm &&= truth.firm;
  }
  const base = { ...names, reviews };
  if (reviews.some(({ standing }) => standing === 'rejected')) return { ...base, state: 'absent', firm };
  if (reviews.every(({ standing }) => standing === 'approved'))
    return { ...base, state: 'usable', version, firm };
  const waits = draft && draft.result === undefined && draft.failure === undefined;
  return {
    ...base,
    state: view.state.manifest.speculative ? 'usable' : 'gated',
    version,
    firm: false,
    ...(waits ? { edit: { base: draft.base, version, delta: draft.delta } } : {}),
  };
}

function draftOf(view: View, { name, version }: Subject): Draft | undefined {
  const draft = own(view.state.drafts, name);
  return draft && draft.base === versionId(version) ? draft : undefined;
}

function declaredReviews(view: View, { artifact, lapsed }: Subject): (readonly [string, Declared])[] {
  const declared = view.graph.reviews.get(artifact);
  if (declared) return declared.map(({ name, review }) => [name, review] as const);
  // What a person once made of it is never lost silently: somebody looks at what would replace it.
  return lapsed ? [[artifact, { by: view.state.manifest.owner, fourEyes: false }]] : [];
}

function isRequired(view: View, subject: Subject, { when }: Declared): Truth {
  if (!when || view.state.brakes.askAlways) return holdsAlways;
  const { artifact, element, name, version, firm } = subject;
  const from = { root: view.graph.root(artifact), element };
  const self: Cell = { name, artifact, element, state: 'usable', version, firm, reviews: [] };
  return evaluate(when, (other) => (other === artifact ? self : view.near(other, from)));
}

/** How this review stands; undefined if it need not be held. */
function stand(
  view: View,
  subject: Subject,
  name: string,
  declared: Declared,
  draft: Draft | undefined,
  truth: Truth,
): ReviewView | undefined {
  const { name: cell, artifact, version, lapsed } = subject;
  const based = baseOn(view, `review:${name}`, cell, [version, lapsed, draft], () => ({
    id: `review:${name}:${cell}`,
    kind: 'review',
    name,
    cell,
    by: declared.by,
    fourEyes: declared.fourEyes,
    subjects: { [artifact]: version },
    shown: { ...(lapsed ? { lapsed } : {}), ...(draft ? { draft: showDraft(draft) } : {}) },
  }));
  const verb = view.verdict(based.basis)?.verb;
  const review = { id: based.id, basis: based.basis };
  // A draft or a lapsed value is settled by the approval; where one is there again, somebody put it there since.
  if (verb === 'approve' && !draft && !lapsed) return { ...review, standing: 'approved' };
  if (verb === 'reject') return { ...review, standing: 'rejected' };
  // What a person began to decide stays theirs to decide, also where a brake that asked them is lifted.
  const begun = verb !== undefined || lapsed !== undefined || draft !== undefined;
  if (!begun && truth.holds === 'no') return undefined;
  if (!begun && truth.holds === 'unknown') return { ...review, standing: 'unsure' };
  const isBeingEdited = draft && draft.result === undefined && draft.failure === undefined;
  if (isBeingEdited) return { ...review, standing: 'open' };
  const accepts = acceptsChanges(view, [artifact], {
    root: view.graph.root(artifact),
    element: subject.element,
  });
  const editable = canEdit(view, artifact) ? declared.editable : undefined;
  const offers: Verb[] = ['approve'];
  if (editable) offers.push('edit');
  if (draft) offers.push('withdrawEdit');
  if (accepts.changes) offers.push('changes');
  offers.push('reject');
  const checkpoint = ask(view, based, offers, { ...accepts, ...(editable ? { edit: editable } : {}) });
  return { ...review, standing: 'open', checkpoint };
}

function showDraft({ delta, result, failure, by }: Draft): {
  delta: Draft['delta'];
  by: string;
  result?: Version;
  failure?: string;
} {
  return { delta, by, ...(result ? { result } : {}), ...(failure ? { failure: failure.message } : {}) };
}

/** Only an agent can apply an edit. */
function canEdit(view: View, artifact: string): boolean {
  const producer = view.graph.producers.get(artifact);
  return producer?.kind === 'task' && producer.task.maker === 'agent';
}
