import { describe, expect, it } from 'vitest';
import type { DataProfile } from '../../../agents/data-gathering/agent.ts';
import { recurringGatheringAgent } from '../../../agents/data-gathering/graph.ts';
import { createRandom, generateWalk, monthLabels, toCsv } from './generated-data.ts';
import { gather } from './run-graph.ts';

const months = monthLabels(40);
const random = createRandom(8);
const a = generateWalk(random, 40, 500);
const b = generateWalk(random, 40, 900);
const upTo = <T>(values: T[], count: number): T[] => values.slice(0, count);
const first = toCsv(upTo(months, 36), { a: upTo(a, 36), b: upTo(b, 36) });

async function read(text: string, lastProfile?: DataProfile) {
  const { series, asked } = await gather(text).start(lastProfile);
  if (!series?.profile) throw new Error(asked[0]?.value.prompt.question ?? 'The graph made no series.');
  return { profile: series.profile, findings: series.findings };
}

/** What the second of two readings found that a reading by itself does not. */
async function driftTo(text: string) {
  const before = await read(first);
  const alone = await read(text);
  const compared = await read(text, before.profile);
  const known = new Set(alone.findings.map((finding) => JSON.stringify(finding)));
  return compared.findings.filter((finding) => !known.has(JSON.stringify(finding)));
}

describe('a table that comes again', () => {
  it('is described by its columns, periods, ranges and levels', async () => {
    const { profile } = await read(first);
    const values = upTo(a, 36);
    expect(profile).toMatchObject({ rows: 36, frequency: 'monthly', first: months[0], last: months[35] });
    expect(profile.columns).toEqual([
      { name: 'period', type: 'period', missing: 0 },
      { name: 'a', type: 'number', missing: 0 },
      { name: 'b', type: 'number', missing: 0 },
    ]);
    expect(profile.series[0]).toMatchObject({
      name: 'a',
      unit: null,
      least: Math.min(...values),
      most: Math.max(...values),
    });
  });

  it('has nothing said where it only went on', async () => {
    expect(await driftTo(toCsv(months, { a, b }))).toEqual([]);
  });

  it.each([
    ['a column gone', toCsv(months, { a }), [['column-gone', 'b', 'warning']]],
    [
      'a column more',
      toCsv(months, { a, b, c: a.map((value, at) => value + at * at) }),
      [['column-new', 'c', 'note']],
    ],
    ['words for numbers', toCsv(months, { a, b: b.map(() => 'many') }), [['type-changed', 'b', 'warning']]],
    [
      'thousands for ones',
      toCsv(months, { a, b: b.map((value) => value * 1000) }),
      [
        ['level-changed', 'b', 'warning'],
        ['range-changed', 'b', 'note'],
      ],
    ],
    [
      'another unit',
      toCsv(months, { a: a.map((value) => `"$${value}"`), b }),
      [['unit-changed', 'a', 'warning']],
    ],
    [
      'a later start',
      toCsv(months.slice(6), { a: a.slice(6), b: b.slice(6) }),
      [['periods-gone', undefined, 'warning']],
    ],
    [
      'an earlier end',
      toCsv(upTo(months, 30), { a: upTo(a, 30), b: upTo(b, 30) }),
      [['periods-gone', undefined, 'warning']],
    ],
    ['nothing new', first, [['no-new-periods', undefined, 'note']]],
    [
      'more holes',
      toCsv(months, { a: a.map((value, at) => (at % 6 === 2 ? null : value)), b }),
      [['more-missing', 'a', 'warning']],
    ],
  ])('has its drift among the findings: %s', async (_, text, expected) => {
    const drift = await driftTo(text);
    expect(drift.map(({ kind, column, severity }) => [kind, column, severity])).toEqual(expected);
  });

  it('is asked about its unit where it grew by a power of ten', async () => {
    const [level] = await driftTo(toCsv(months, { a, b: b.map((value) => value * 1000) }));
    expect(level?.message).toMatch(/times that\. Is it in another unit\?$/);
  });

  it('comes through an agent of its own, which may have no last time', () => {
    expect(recurringGatheringAgent.agent).toMatchObject({
      name: 'recurring-gathering',
      needs: { lastProfile: { optional: true } },
    });
  });
});
