import type { JsonPath, Origin } from '../../contracts/origin.ts';
import type { SeriesTable } from '../data-gathering/agent.ts';
import type { Forecast } from './agent.ts';

const figures = ['mean', 'lower80', 'upper80', 'lower95', 'upper95', 'naive'];

/** The observations that a figure ahead was reckoned from: its own series first, then those that it was made to add up with. */
export function explainForecast(
  forecast: Forecast,
  path: JsonPath,
  { series: table }: { series?: SeriesTable },
): Origin[] {
  const [list, at, member] = path;
  const id = list === 'series' && typeof at === 'number' ? forecast.series[at]?.id : undefined;
  if (!table || id === undefined || typeof member !== 'string' || !figures.includes(member)) return [];
  // The naive method looks at nothing but the series itself.
  const ids = member === 'naive' ? [id] : [...linkedTo(forecast, id)];
  return ids.flatMap((one): Origin[] => {
    const position = table.series.findIndex((series) => series.id === one);
    return position < 0 ? [] : [{ need: 'series', path: ['series', position, 'values'] }];
  });
}

/** The series and all that it was reconciled with, over however many levels. */
function linkedTo({ hierarchy }: Forecast, id: string): Set<string> {
  const linked = new Set([id]);
  for (const one of linked)
    for (const { total, parts } of hierarchy)
      if (total === one || parts.includes(one)) for (const other of [total, ...parts]) linked.add(other);
  return linked;
}
