import { HolidayRegion } from './agent.ts';
import { measurePoints } from './backtest-series.ts';
import type { SeriesRequest } from './forecast-series.ts';
import { locateHolidays } from './holiday-calendar.ts';
import type { Regressors } from './regressors.ts';

export interface RegressorRequest extends Omit<SeriesRequest, 'regressors'> {
  frequency: 'daily' | 'weekly';
  /** Of the values and of the horizon, as the table writes them. */
  periods: string[];
  /** Whose holidays to heed, whatever the backtest says; if left out, those that the backtest speaks for. */
  holidays?: HolidayRegion[];
}

export interface RegressorChoice {
  /** Null where season and trend alone did best. */
  regressors: Regressors | null;
  /** What was settled, with figures, for the forecast's notes; null where there was nothing to choose from. */
  note: string | null;
}

/** By how much the error has to fall for a longer season, or for a calendar. */
const leastGain = 0.02;

const regionNames: Record<HolidayRegion, string> = { HK: 'Hong Kong', TW: 'Taiwan', US: 'the United States' };

/** A year in periods, where its pattern does not already count as the season. */
function yearOf({ frequency, season }: RegressorRequest): number | null {
  const year = frequency === 'weekly' ? 365.25 / 7 : season === 5 ? (365.25 * 5) / 7 : 365.25;
  return season < year / 2 ? year : null;
}

/**
 * Settles whether a year's pattern and which region's holidays help to forecast days or weeks, by backtests over up to
 * half a year with one quick method: in a few weeks too few holidays fall.
 */
export async function chooseRegressors(request: RegressorRequest): Promise<RegressorChoice> {
  const { id, values, season, horizon, frequency, periods } = request;
  const halfYear = frequency === 'daily' ? 180 : 26;
  const tested = Math.max(horizon, Math.min(halfYear, Math.floor(values.length / 6)));
  const measure = (regressors: Regressors): number =>
    measurePoints({ id, values, season, horizon: tested, regressors, method: 'theta' });

  const plain = measure({ seasons: [], holidays: [] });
  const notes: string[] = [];
  let best: Regressors = { seasons: [], holidays: [] };
  let error = plain;
  const year = yearOf(request);
  if (year !== null && values.length >= 2 * year && Number.isFinite(plain)) {
    const seasonal: Regressors = { seasons: [year], holidays: [] };
    const seasonalError = measure(seasonal);
    const helps = seasonalError < (1 - leastGain) * error;
    notes.push(
      `${helps ? 'a' : 'no'} pattern over the year (error ${seasonalError.toFixed(2)} with it, ${error.toFixed(2)} without)`,
    );
    if (helps) [best, error] = [seasonal, seasonalError];
  }

  const located = await Promise.all(
    (request.holidays ?? HolidayRegion.options).map(async (region) => ({
      region,
      days: await locateHolidays(periods, region),
    })),
  );
  if (located.some(({ days }) => days === null)) {
    notes.push('no holidays: the package date-holidays is not installed (npm install date-holidays)');
  } else if (request.holidays) {
    const holidays = located.flatMap(({ region, days }) =>
      days!.map(({ name, at }) => ({ name: `${region} ${name}`, at })),
    );
    if (holidays.length > 0) {
      notes.push(
        `the holidays of ${request.holidays.map((region) => regionNames[region]).join(', ')}, as asked for`,
      );
    }
    best = { ...best, holidays };
  } else if (Number.isFinite(plain)) {
    const without = error;
    const tries = located.map(({ region, days }) => {
      const regressors = { ...best, holidays: days! };
      return { region, regressors, error: measure(regressors) };
    });
    const winner = tries.toSorted((left, right) => left.error - right.error)[0]!;
    const helps = winner.error < (1 - leastGain) * without;
    if (helps) best = winner.regressors;
    const figures = tries.map((tried) => `${tried.region} ${tried.error.toFixed(2)}`).join(', ');
    notes.push(
      `${helps ? `the holidays of ${regionNames[winner.region]}` : 'no holidays'} (error ${figures}, ${without.toFixed(2)} without)`,
    );
  }
  const used = best.seasons.length + best.holidays.length > 0;
  return {
    regressors: used ? best : null,
    note: notes.length > 0 ? `Taken into account: ${notes.join('; ')}.` : null,
  };
}
