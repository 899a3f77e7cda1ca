import { isForIntermittent, type MethodName } from './methods/fit-method.ts';
import type { Trial } from './state.ts';

/**
 * By what share a single method's error has to be smaller than the combination's for it to be taken instead. On
 * 2,375 windows held out of training data, smaller margins made forecasts worse: being best on four origins is mostly
 * luck.
 */
export const gainToLeaveCombination = 0.3;
const originsToLeaveCombination = 3;

/** The error by which methods compete: for intermittent demand the intervals' loss counts too, as stock is kept by them. */
function scoreOf({ backtest }: Trial): number {
  return backtest.measure === 'mase' ? backtest.mase : backtest.mase + (backtest.pinball ?? 0);
}

function findBest(trials: Trial[]): Trial | undefined {
  return trials.toSorted((left, right) => scoreOf(left) - scoreOf(right))[0];
}

/** The method to forecast with, or null if none is to be trusted. */
export function chooseMethod(trials: Trial[]): MethodName | null {
  const trusted = trials.filter(({ verdict }) => verdict === 'trusted');
  const best = findBest(trusted);
  const combination = trusted.find(({ backtest }) => backtest.method === 'combination');
  if (!best || !combination || best.backtest.measure === 'cumulative') return best?.backtest.method ?? null;
  const clear =
    best.backtest.origins >= originsToLeaveCombination &&
    scoreOf(best) <= (1 - gainToLeaveCombination) * scoreOf(combination);
  return clear ? best.backtest.method : 'combination';
}

/** What comes closest where none is to be trusted: errors of a mere fit choose nothing, so the first one stands. */
export function chooseLeastBad(trials: Trial[]): Trial {
  if (trials.every(({ verdict }) => verdict === 'untested')) return trials[0]!;
  const fair = trials.filter(({ verdict }) => verdict !== 'worseThanNaive');
  return findBest(fair.length > 0 ? fair : trials)!;
}

/** Why the method was taken, in view of what else was tried. */
export function explainChoice(trials: Trial[], method: MethodName): string {
  const chosen = trials.find(({ backtest }) => backtest.method === method);
  const combination = trials.find(({ backtest }) => backtest.method === 'combination');
  if (!chosen || trials.length < 2 || chosen.verdict !== 'trusted') return '';
  const percent = Math.round(100 * gainToLeaveCombination);
  if (method === 'combination' && chosen.backtest.measure === 'mase') {
    return `No single method's error was ${percent} % smaller.`;
  }
  if (isForIntermittent(method) || chosen.backtest.measure === 'cumulative') {
    return 'Of the methods tried, its demand added up and its intervals were off by the least.';
  }
  return combination?.verdict === 'trusted'
    ? `Its error was at least ${percent} % smaller than the combination's.`
    : 'Of the methods to be trusted, its error was the smallest.';
}
