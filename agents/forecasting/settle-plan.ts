import { chooseLeastBad, chooseMethod } from './choose-method.ts';
import type { Choice } from './concerns.ts';
import type { Plan, Trial } from './state.ts';

/** Whether a method is still to be found for the series. */
export function isOpen({ method, leftOut, concern, choice }: Plan): boolean {
  return method === null && leftOut === null && (concern === null || choice === 'proceed');
}

/** Keeps what was forecast on the past for the method that is likely to be used alone: the state is stored at each step. */
export function forgetOthers(trials: Trial[]): Trial[] {
  const kept = chooseMethod(trials) ?? chooseLeastBad(trials).backtest.method;
  return trials.map(({ verdict, backtest }) => ({
    verdict,
    backtest: backtest.method === kept ? backtest : { ...backtest, forecasts: [] },
  }));
}

/** Every method was rejected: a person decides, unless they did when the series was found unfit. */
export function giveUp(plan: Plan): Plan {
  const { verdict, backtest } = chooseLeastBad(plan.trials);
  if (plan.choice === 'proceed') return { ...plan, method: backtest.method };
  const { mase, naiveMase, coverage95 } = backtest;
  const compared = `error ${mase.toFixed(2)} with ${backtest.method}, ${naiveMase.toFixed(2)} naive`;
  const covered = coverage95 === null ? '' : `; ${Math.round(100 * coverage95)} % within the 95 % intervals`;
  const kind = verdict === 'trusted' ? 'untested' : verdict;
  return { ...plan, concern: { kind, detail: compared + covered } };
}

/** What a person decided, followed. */
export function applyChoice(plan: Plan, choice: Choice): Plan {
  switch (choice) {
    case 'leaveOut':
      return { ...plan, choice, leftOut: `A person chose to leave it out: ${plan.concern!.detail}.` };
    case 'naive':
      return { ...plan, choice, method: 'naive' };
    case 'proceed':
      return {
        ...plan,
        choice,
        method: plan.trials.length > 0 ? chooseLeastBad(plan.trials).backtest.method : null,
      };
  }
}
