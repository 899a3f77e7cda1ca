import { readFileSync } from 'node:fs';
import type { SeriesTable } from '../../../agents/data-gathering/agent.ts';
import type { Forecast } from '../../../agents/forecasting/agent.ts';
import { sha256Hex } from '../../../contracts/json.ts';
import type { Material } from '../../../agents/visualisation/material.ts';

const file = new URL('../../../node_modules/vega-datasets/data/us-employment.csv', import.meta.url);

const sums: { [total: string]: string[] } = {
  nonfarm: ['private', 'government'],
  private: ['goods_producing', 'private_service_providing'],
  goods_producing: ['mining_and_logging', 'construction', 'manufacturing'],
  manufacturing: ['durable_goods', 'nondurable_goods'],
  private_service_providing: [
    'trade_transportation_utilties',
    'information',
    'financial_activities',
    'professional_and_business_services',
    'education_and_health_services',
    'leisure_and_hospitality',
    'other_services',
  ],
  trade_transportation_utilties: [
    'wholesale_trade',
    'retail_trade',
    'transportation_and_warehousing',
    'utilities',
  ],
};

/** The real table of US jobs by month and sector, read without data gathering, with the sums its columns nest in. */
export function readEmployment(): SeriesTable {
  const text = readFileSync(file, 'utf8');
  const [header, ...lines] = text.trim().split('\n');
  const rows = lines.map((line) => line.split(','));
  const parts = new Set(Object.values(sums).flat());
  const chosen = header!
    .split(',')
    .flatMap((name, column) => (name in sums || parts.has(name) ? [{ name, column }] : []));
  return {
    dataset: 'us-employment',
    source: {
      bytes: text.length,
      digest: sha256Hex(text),
      rows: rows.length,
      columns: header!.split(',').length,
    },
    frequency: 'monthly',
    season: 12,
    unit: 'thousand jobs',
    periods: rows.map((row) => row[0]!.slice(0, 7)),
    series: chosen.map(({ name, column }) => ({
      id: name,
      label: name.replaceAll('_', ' '),
      unit: null,
      values: rows.map((row) => Number(row[column])),
      role: name in sums ? ('total' as const) : ('part' as const),
    })),
    hierarchy: Object.entries(sums).map(([total, of]) => ({ total, parts: of, maxGap: 1, tolerance: 2 })),
    leftOut: [{ column: 'nonfarm_change', reason: 'derived from nonfarm' }],
    findings: [
      {
        kind: 'rounding',
        severity: 'note',
        column: 'nonfarm',
        message: 'Parts add up to totals within 1.',
        repaired: false,
      },
    ],
  };
}

/** Seasonal naive with drift, its intervals from the spread of yearly changes: simple, and computed from the data. */
function forecastSeasonally(table: SeriesTable, horizon = 12): Forecast {
  const season = table.season;
  const next = nextMonths(table.periods.at(-1)!, horizon);
  return {
    horizon,
    periods: next,
    season,
    levels: [80, 95],
    series: table.series.map(({ id, label, values }, index) => {
      const known = values.map((value) => value ?? 0);
      const changes = known.slice(season).map((value, at) => value - known[at]!);
      const drift = changes.slice(-season).reduce((sum, change) => sum + change, 0) / season;
      const spread = Math.sqrt(
        changes.reduce((sum, change) => sum + (change - drift) ** 2, 0) / changes.length,
      );
      const years = (step: number): number => Math.floor(step / season) + 1;
      const mean = next.map(
        (_, step) => known[known.length - season + (step % season)]! + drift * years(step),
      );
      const band = (z: number): number[] =>
        mean.map(
          (value, step) => value + z * spread * Math.sqrt(((step % season) + 1) / season + years(step) - 1),
        );
      return {
        id,
        label,
        method: 'seasonal naive with drift',
        reason: 'simple enough for a test',
        mean,
        lower80: band(-1.2816),
        upper80: band(1.2816),
        lower95: band(-1.96),
        upper95: band(1.96),
        naive: next.map((_, step) => known[known.length - season + (step % season)]!),
        backtest: {
          mase: Math.abs(changes.at(-1)! - drift) / (spread || 1) + 0.2,
          naiveMase: Math.abs(changes.at(-1)!) / (spread || 1) + 0.3,
          coverage95: index % 5 === 4 ? null : 0.94,
          origins: 8,
        },
        trust: (['good', 'fair', 'poor'] as const)[index % 3]!,
        edited: id === 'utilities',
      };
    }),
    hierarchy: table.hierarchy,
    reconciliation: { method: 'none: drift and season add up by themselves', maxGap: 0.6 },
    leftOut: [],
    notes: ['The months since 2008 weigh as much as those before.'],
  };
}

function nextMonths(last: string, count: number): string[] {
  const [year, month] = last.split('-').map(Number) as [number, number];
  return Array.from({ length: count }, (_, step) => {
    const at = month + step;
    return `${year + Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`;
  });
}

export function gatherEmployment(horizon = 12, language: Material['language'] = 'en'): Material {
  const table = readEmployment();
  return { table, forecast: forecastSeasonally(table, horizon), language };
}
