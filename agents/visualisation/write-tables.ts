import { labelSeries, type Material, unitOf } from './material.ts';
import { showInvisible } from './visible-text.ts';

const csvColumns = [
  'series',
  'label',
  'unit',
  'period',
  'kind',
  'value',
  'lower80',
  'upper80',
  'lower95',
  'upper95',
  'edited',
];

/** Every observed and forecast figure, one a row (RFC 4180): full precision, empty where unknown. */
export function writeCsv(material: Material): string {
  const { table, forecast } = material;
  const labels = labelSeries(material);
  const lines = [csvColumns.join(',')];
  const add = (...cells: (string | number | null)[]): void => void lines.push(cells.map(writeCell).join(','));
  for (const { id, values } of table.series)
    for (const [at, value] of values.entries())
      add(
        id,
        labels.get(id)!,
        unitOf(material, id),
        table.periods[at]!,
        'observed',
        value,
        null,
        null,
        null,
        null,
        null,
      );
  for (const series of forecast.series)
    for (const [at, period] of forecast.periods.entries()) {
      const bounds = [series.lower80, series.upper80, series.lower95, series.upper95].map(
        (line) => line[at] ?? null,
      );
      const edited = series.edited ? 'yes' : 'no';
      add(
        series.id,
        labels.get(series.id)!,
        unitOf(material, series.id),
        period,
        'forecast',
        series.mean[at] ?? null,
        ...bounds,
        edited,
      );
    }
  return `${lines.join('\r\n')}\r\n`;
}

function writeCell(cell: string | number | null): string {
  if (cell === null || (typeof cell === 'number' && !Number.isFinite(cell))) return '';
  if (typeof cell === 'number') return String(cell);
  // A spreadsheet would run a label that starts like a formula.
  const text = showInvisible(cell).replace(/^(?=[=+\-@])/, "'");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** All that the report is made from and says, for programs: text exactly as it came. */
export function writeJson(
  material: Material,
  report: { title: string; summary: string[]; leftOut: { label: string; reason: string }[] },
): string {
  const { table, forecast } = material;
  return `${JSON.stringify({ format: 'baton-report/1', language: material.language, ...report, series: table, forecast }, null, 2)}\n`;
}
