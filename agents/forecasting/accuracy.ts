/** Mean absolute change over one season: the unit of MASE (Hyndman and Koehler 2006). 0 if the season just repeats. */
export function seasonalScale(history: ArrayLike<number>, season: number): number {
  let sum = 0;
  for (let time = season; time < history.length; time++)
    sum += Math.abs(history[time]! - history[time - season]!);
  return sum / (history.length - season);
}

export function meanAbsoluteError(actual: ArrayLike<number>, forecast: ArrayLike<number>): number {
  let sum = 0;
  for (let step = 0; step < actual.length; step++) sum += Math.abs(actual[step]! - forecast[step]!);
  return sum / actual.length;
}

/** How many of the values lie within their bounds, the bounds included. */
export function countCovered(
  actual: ArrayLike<number>,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
): number {
  let covered = 0;
  for (let step = 0; step < actual.length; step++) {
    if (actual[step]! >= lower[step]! && actual[step]! <= upper[step]!) covered++;
  }
  return covered;
}
