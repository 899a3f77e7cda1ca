import { describe, expect, test } from 'vitest';
import type { Version } from '../../../contracts/artifact.ts';
import { decisionDigest } from '../../../contracts/checkpoint.ts';
import { fold } from '../../../workflows/fold/fold.ts';
import { marketOutlook, version } from './manifests.ts';
import { Run } from './run.ts';

const s1 = version('s1');
const f1 = version('f1');
const r1 = version('r1');
const approveForecast = 'review:approveForecast:forecast';
const releaseReport = 'authorise:releaseReport:publishReport';

function untilRelease(): Run {
  const run = new Run(marketOutlook());
  run.make('gather', { series: s1 }).make('forecasting', { forecast: f1 }).decide(approveForecast, 'approve');
  return run.make('visualisation', { report: r1 });
}

function withoutMining(run: Run): Run {
  const changes = { task: 'forecasting', fields: { exclude: ['mining'] }, words: 'Leave out mining.' };
  return run.decide(releaseReport, 'changes', { changes });
}

describe('market-outlook, step by step', () => {
  test('from start to published report', () => {
    const run = new Run(marketOutlook());
    expect(run.brief).toEqual({ start: ['gather'] });
    expect(Object.keys(run.toStart('gather').needs)).toEqual(['dataset']);

    run.make('gather', { series: s1 });
    expect(run.brief).toEqual({ start: ['forecasting'] });
    expect(run.toStart('forecasting').needs).toEqual({ series: s1, horizon: run.state.inputs['horizon'] });

    run.make('forecasting', { forecast: f1 });
    expect(run.brief).toEqual({ ask: [approveForecast] });
    expect(run.asked(approveForecast).shown.subjects).toEqual({ forecast: { digest: f1.digest, facts: {} } });

    run.decide(approveForecast, 'approve');
    expect(run.brief).toEqual({ start: ['visualisation'] });

    run.make('visualisation', { report: r1 });
    expect(run.brief).toEqual({ ask: [releaseReport] });

    run.decide(releaseReport, 'approve');
    expect(run.brief).toEqual({ perform: ['do publishReport 0'] });
    expect(run.next.perform[0]?.subjects).toEqual({ report: r1 });

    run.perform('publishReport');
    expect(run.brief).toEqual({ close: 'finished' });
    run.close();
    expect(run.state.status).toBe('finished');
    expect(run.brief).toEqual({});
  });

  test("changes at the report withdraw the forecast's approval and make again only what depends on it", () => {
    const run = untilRelease();
    const seen = run.asked(releaseReport);
    const formerKey = Object.keys(run.state.results['forecasting'] ?? {});
    withoutMining(run);
    expect(run.brief).toEqual({ start: ['forecasting'] });
    const start = run.toStart('forecasting');
    expect(start.attempt).toBe(2);
    expect(formerKey).not.toContain(start.key);
    expect(start.changes).toEqual({ fields: { exclude: ['mining'] }, words: 'Leave out mining.' });
    expect(start.needs['series']).toEqual(s1);

    const late = run.decision(seen, 'approve');
    expect(fold(run.state, late)).toBe(run.state);
  });

  test.each<[string, Version]>([
    ['another forecast', version('f2')],
    ['the very same forecast', f1],
  ])('%s is asked about after changes', (_, forecast) => {
    const run = withoutMining(untilRelease());
    run.make('forecasting', { forecast });
    expect(run.brief).toEqual({ ask: [approveForecast] });
    const { round, basis } = run.asked(approveForecast);
    expect(round).toBe(forecast === f1 ? 1 : 0);
    expect(decisionDigest('run-1', 1, { id: approveForecast, basis, round })).toBeTruthy();
  });

  test('an equal forecast brings the report back unmade, and release is asked in round 1', () => {
    const run = withoutMining(untilRelease());
    run.make('forecasting', { forecast: f1 }).decide(approveForecast, 'approve');
    expect(run.brief).toEqual({ ask: [releaseReport] });
    expect(run.asked(releaseReport).round).toBe(1);
    run.decide(releaseReport, 'approve').perform('publishReport');
    expect(run.brief).toEqual({ close: 'finished' });
  });

  test('another forecast leads to another report, and release is asked for it', () => {
    const run = withoutMining(untilRelease());
    run.make('forecasting', { forecast: version('f2') }).decide(approveForecast, 'approve');
    expect(run.brief).toEqual({ start: ['visualisation'] });
    run.make('visualisation', { report: version('r2') });
    expect(run.asked(releaseReport).round).toBe(0);
    run.decide(releaseReport, 'approve').perform('publishReport').close();
    expect(run.state.slots['publishReport']).toMatchObject({ status: 'done', n: 0 });
    expect(run.state.status).toBe('finished');
  });
});
