import type { Material } from '../../../agents/visualisation/material.ts';

/** Made-up monthly series (a trend with a season, by formula): for shapes that no real table at hand has. */
export function madeUp({
  labels,
  years = 6,
  parts = false,
}: {
  labels: string[];
  years?: number;
  /** Adds a total, `all`, of which the others are the parts. */
  parts?: boolean;
}): Material {
  const month = (index: number): string =>
    `${2022 - years + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
  const past = years * 12;
  const figure = (series: number, at: number): number =>
    (series + 1) * (100 + at) + 10 * Math.sin((Math.PI * at) / 6);
  const lines = labels.map((label, series) => ({
    id: `s${series + 1}`,
    label,
    figures: Array.from({ length: past + 12 }, (_, at) => figure(series, at)),
  }));
  const sum = Array.from({ length: past + 12 }, (_, at) =>
    lines.reduce((total, line) => total + line.figures[at]!, 0),
  );
  const all = parts ? [{ id: 'all', label: 'All', figures: sum }, ...lines] : lines;
  const hierarchy = parts
    ? [{ total: 'all', parts: lines.map(({ id }) => id), maxGap: 0, tolerance: 0.5 }]
    : [];
  return {
    language: 'en',
    table: {
      dataset: 'made-up',
      source: { bytes: 1, digest: '0'.repeat(64), rows: past, columns: all.length + 1 },
      frequency: 'monthly',
      season: 12,
      unit: null,
      periods: Array.from({ length: past }, (_, at) => month(at)),
      series: all.map(({ id, label, figures }) => ({
        id,
        label,
        unit: null,
        values: figures.slice(0, past),
        role: parts ? (id === 'all' ? 'total' : 'part') : 'single',
      })),
      hierarchy,
      leftOut: [],
      findings: [],
    },
    forecast: {
      horizon: 12,
      periods: Array.from({ length: 12 }, (_, at) => month(past + at)),
      season: 12,
      levels: [80, 95],
      series: all.map(({ id, label, figures }) => {
        const mean = figures.slice(past);
        const shift = (by: number): number[] => mean.map((value, step) => value + by * Math.sqrt(step + 1));
        return {
          id,
          label,
          method: 'made up',
          reason: 'for a test',
          mean,
          lower80: shift(-2),
          upper80: shift(2),
          lower95: shift(-3),
          upper95: shift(3),
          naive: figures.slice(past - 12, past),
          backtest: { mase: 0.8, naiveMase: 1.1, coverage95: 0.95, origins: 4 },
          trust: 'good',
          edited: false,
        };
      }),
      hierarchy,
      reconciliation: { method: 'they add up by themselves', maxGap: 0 },
      leftOut: [],
      notes: [],
    },
  };
}
