import type { Json } from '../../contracts/json.ts';
import type { Verdict } from './backtest-series.ts';
import type { Unfitness } from './prepare-series.ts';
import type { Plan } from './state.ts';

export type Choice = 'naive' | 'leaveOut' | 'proceed';

export type ConcernKind = Exclude<Unfitness['reason'], 'empty'> | Exclude<Verdict, 'trusted'>;

/** Series that a person has to decide on for the same reason. */
export interface Concern {
  kind: ConcernKind;
  series: { id: string; label: string; detail: string }[];
}

const labels: Record<Choice, string> = {
  naive: 'Use the naive forecast: repeat the last season',
  leaveOut: 'Leave these series out',
  proceed: 'Go on all the same',
};

const questions: Record<ConcernKind, string> = {
  tooShort: 'These series are too short for a forecast that could be tested. How should they be handled?',
  constant:
    'These series never change, so nothing says how far a forecast could be off. How should they be handled?',
  tooManyGaps:
    'These series miss many values, which would have to be made up first. How should they be handled?',
  ended: 'These series ended long before the others. How should they be handled?',
  horizonTooLong:
    'These series are shorter than the time ahead that was asked for. How should they be handled?',
  worseThanNaive:
    'For these series, tested on their own past, no method did as well as repeating the last season. How should they be handled?',
  intervalsTooNarrow:
    'For these series, tested on their own past, far more than 5 % of the values fell outside the 95 % intervals. How should they be handled?',
  untested: 'These series could not be tested on their own past. How should they be handled?',
};

/** What may be chosen: a series that never changes is repeated by every method. */
export function listChoices(kind: ConcernKind): [Choice, ...Choice[]] {
  return kind === 'constant' ? ['naive', 'leaveOut'] : ['naive', 'leaveOut', 'proceed'];
}

/** The question as a person sees it. Names of series come from the data and are shown as text. */
export function describeConcern({ kind, series }: Concern): Json {
  return {
    kind,
    question: questions[kind],
    options: listChoices(kind).map((id) => ({ id, label: labels[id] })),
    series: series.map(({ id, label, detail }) => ({ id, label, detail })),
  };
}

/** What is the matter, in a few words with the figures. */
export function explainUnfitness(unfitness: Unfitness): string {
  switch (unfitness.reason) {
    case 'empty':
      return 'too few values to forecast from';
    case 'tooShort':
      return `${unfitness.observations} values, ${unfitness.needed} needed`;
    case 'constant':
      return `always ${unfitness.value}`;
    case 'tooManyGaps':
      return `${unfitness.missing} values missing beside ${unfitness.observations}, up to ${unfitness.longestGap} in a row`;
    case 'ended':
      return `ended ${unfitness.periodsAgo} periods ago`;
    case 'horizonTooLong':
      return `${unfitness.horizon} ahead asked for, ${unfitness.longest} behind`;
  }
}

/** What is still undecided, series with the same trouble together. */
export function gatherConcerns(plans: Plan[]): Concern[] {
  const byKind = new Map<ConcernKind, Concern>();
  for (const { id, label, concern, choice } of plans) {
    if (!concern || choice) continue;
    const { kind, detail } = concern;
    const gathered = byKind.get(kind) ?? { kind, series: [] };
    gathered.series.push({ id, label, detail });
    byKind.set(kind, gathered);
  }
  return [...byKind.values()];
}
