import type { Checkpoint } from '../../../contracts/checkpoint.ts';
import type { Who } from '../../../contracts/manifest.ts';
import type { Property } from './property.ts';
import type { World } from './world.ts';
import { canonicalJson } from '../../../contracts/json.ts';
import { madeOf } from './graph.ts';
import { insist } from './property.ts';
import { walk } from './walk.ts';

export const fourEyes: Property = {
  id: 'rule 12',
  promise:
    'four eyes: who started, supplied, edited or amended may not approve, who asked for changes may; roles are kept',
  scope: {},
  check(rules, scenario) {
    const world = walk(rules, scenario);
    let seen = 0;
    for (const [index, step] of world.steps.entries()) {
      const { outcome, refused, seen: page } = step;
      if (outcome.type !== 'decision' || refused !== null || !page) continue;
      insist(isOneOf(page.by, outcome.by), `${outcome.by.person} has no part in ${page.name}.`, world);
      if (!page.fourEyes || outcome.verb !== 'approve') continue;
      seen += 1;
      const why = partIn(world, index, page, outcome.by.person);
      insist(why === null, `${outcome.by.person} ${why ?? ''} and approved ${page.name}.`, world);
    }
    for (const checkpoint of world.next().ask) {
      if (!checkpoint.offers.includes('approve')) continue;
      for (const person of ['nobody-before', 'starter']) {
        const actor = world.actor(person);
        const refused = rules.mayDecide(world.state, checkpoint, actor, 'approve');
        const expected = checkpoint.fourEyes && person === 'starter' ? 'Decision.FourEyes' : null;
        insist(refused === expected, `${person} at ${checkpoint.name}: ${refused ?? 'allowed'}.`, world);
        const outsider = { ...actor, roles: ['visitor'] };
        const answer = rules.mayDecide(world.state, checkpoint, outsider, 'approve');
        insist(
          answer === 'Decision.NotAllowed',
          `A visitor at ${checkpoint.name}: ${answer ?? 'allowed'}.`,
          world,
        );
      }
    }
    return seen > 0;
  },
};

function isOneOf(who: Who, actor: { person: string; roles: string[] }): boolean {
  return 'role' in who ? actor.roles.includes(who.role) : who.person === actor.person;
}

/** How a person took part in what a page shows; null if not, as far as can be told for sure. */
function partIn(world: World, index: number, page: Checkpoint, person: string): string | null {
  if (person === 'starter') return 'started the run';
  const shown = new Set(
    Object.values(page.shown.subjects).flatMap((subject) => (subject ? [subject.digest] : [])),
  );
  if (page.shown.draft?.by === person) return 'asked for the edit';
  if (givers(world, index, shown).includes(person)) return 'supplied it';
  const artifacts = madeOf(world.scenario.manifest, Object.keys(page.shown.subjects));
  for (const { outcome, before, after } of world.steps.slice(0, index)) {
    if (before === after || !('by' in outcome) || outcome.by.person !== person) continue;
    const amended = outcome.type === 'amend' && artifacts.has(outcome.field) ? outcome : null;
    if (amended && canonicalJson(before.inputs) !== canonicalJson(after.inputs))
      return 'amended an input of it';
  }
  return null;
}

/**
 * By whom what is shown was last supplied: an equal supply by another takes the place of the first, and so does an equal
 * result of an agent, which is then what is shown.
 */
function givers(world: World, index: number, shown: Set<string>): string[] {
  const last = new Map<string, string>();
  for (const { outcome, before, after } of world.steps.slice(0, index)) {
    if (before === after) continue;
    if (outcome.type === 'result' && outcome.end.kind === 'done')
      for (const [artifact, { digest }] of Object.entries(outcome.end.artifacts))
        if (shown.has(digest)) last.delete(artifact);
    if (outcome.type !== 'supply' && outcome.type !== 'decision') continue;
    for (const [artifact, { digest }] of Object.entries(outcome.artifacts ?? {})) {
      if (shown.has(digest)) last.set(artifact, outcome.by.person);
    }
  }
  return [...last.values()];
}
