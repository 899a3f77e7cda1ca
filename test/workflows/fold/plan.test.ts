import { describe, expect, test } from 'vitest';
import { planOf } from '../../../workflows/fold/plan.ts';
import { marketOutlook } from './manifests.ts';
import { Run } from './run.ts';

describe('the plan of a re-run', () => {
  test('says what runs again, what stays, what is asked and which slots are concerned, and changes nothing', () => {
    const run = new Run(marketOutlook())
      .make('gather', { series: 's' })
      .make('forecasting', { forecast: 'f' });
    run.decide('review:approveForecast:forecast', 'approve').make('visualisation', { report: 'r' });
    run.decide('authorise:releaseReport:publishReport', 'approve').perform('publishReport').close();
    const before = JSON.stringify(run.state);
    expect(planOf(run.state, { from: 'forecasting' })).toEqual({
      from: 'forecasting',
      epoch: 2,
      again: ['forecasting', 'visualisation'],
      stays: ['gather'],
      asks: [
        { kind: 'review', name: 'approveForecast', place: 'forecast' },
        { kind: 'correction', name: 'publishReport', place: 'publishReport' },
      ],
      slots: [
        { slot: 'publishReport', n: 0, digest: run.state.slots['publishReport']?.digest, affected: true },
      ],
    });
    expect(JSON.stringify(run.state)).toBe(before);
  });

  test('of a run under way takes in what is still to do', () => {
    const run = new Run(marketOutlook()).make('gather', { series: 's' });
    expect(planOf(run.state, { from: 'gather' })).toMatchObject({
      epoch: 1,
      again: ['gather', 'forecasting', 'visualisation'],
      stays: [],
      slots: [],
    });
  });
});
