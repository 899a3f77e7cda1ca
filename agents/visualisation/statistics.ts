/** The figure below which a share of sorted figures lies, between two of them where it falls there. */
export function quantileOf(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return low + (high - low) * (at - Math.floor(at));
}

/** Spearman's rank correlation, ties sharing their rank; null of fewer than three pairs or where one side never varies. */
export function correlateRanks(pairs: readonly (readonly [number, number])[]): number | null {
  if (pairs.length < 3) return null;
  const [first, second] = [rank(pairs.map(([one]) => one)), rank(pairs.map(([, other]) => other))];
  const middle = (pairs.length - 1) / 2;
  let [both, one, other] = [0, 0, 0];
  for (const [at, value] of first.entries()) {
    const [a, b] = [value - middle, second[at]! - middle];
    both += a * b;
    one += a * a;
    other += b * b;
  }
  return one === 0 || other === 0 ? null : both / Math.sqrt(one * other);
}

function rank(values: readonly number[]): number[] {
  const order = values.map((_, at) => at).toSorted((a, b) => values[a]! - values[b]!);
  const ranks = values.map(() => 0);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1]!] === values[order[from]!]) to += 1;
    for (let at = from; at <= to; at += 1) ranks[order[at]!] = (from + to) / 2;
    from = to + 1;
  }
  return ranks;
}

/** Standard normal quantiles of 52.5, 57.5 … 97.5 %. */
const upperScores = [0.0627, 0.1891, 0.3186, 0.4538, 0.5978, 0.7554, 0.9346, 1.1503, 1.4395, 1.96];

/**
 * Twenty equally likely outcomes, ascending: the 2.5, 7.5 … 97.5 % quantiles, read between the bounds of the 80 % and
 * 95 % intervals and the middle, so none is guessed beyond what the forecast states.
 */
export function readOutcomes(
  middle: number,
  [low80, high80]: readonly [number, number],
  [low95, high95]: readonly [number, number],
): number[] {
  const centre = Math.min(Math.max(middle, low80), high80);
  const read = (score: number, inner: number, outer: number): number =>
    score <= 1.2816
      ? centre + (inner - centre) * (score / 1.2816)
      : inner + (outer - inner) * ((score - 1.2816) / (1.96 - 1.2816));
  return [
    ...upperScores.toReversed().map((score) => read(score, low80, low95)),
    ...upperScores.map((score) => read(score, high80, high95)),
  ];
}
