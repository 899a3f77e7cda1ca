import type { ChartContent } from './chart-content.ts';
import type { DrawnChart } from './draw-chart.ts';
import { inspectSvg } from './inspect-svg.ts';
import { measureChange } from './measure-series.ts';
import type { Material } from './material.ts';
import { type ChartPlan, most } from './plan-charts.ts';
import { addUp, splitEvenly } from './what-adds-up.ts';
import type { Wording } from './wording/wording.ts';

/** Why a chart can't be read; `texts` are what lies over something else or reaches out of the picture. */
export interface ChartProblem {
  kind: 'empty' | 'tooMany' | 'overlap' | 'clipped' | 'broken';
  detail: string;
  texts: string[];
}

/** A chart is revised at most this often; then its figures stand in a table alone. */
const mostRevisions = 4;

/** How many panels, bars or rows a chart has. */
export function countShown(content: ChartContent): number {
  switch (content.kind) {
    case 'outlook':
      return content.panels.length;
    case 'odds':
      return 1;
    case 'change':
      return content.bars.length;
    case 'spread':
      return content.bins.length;
    case 'relation':
      return content.points.length;
    case 'shares':
    case 'sizes':
    case 'trust':
      return content.rows.length;
  }
}

/** What keeps a chart from being read, looked for in its figures and, if it was drawn, in its drawings. */
export function checkChart(
  content: ChartContent,
  drawn: DrawnChart | null,
  { reasons: { problems: words } }: Wording,
): ChartProblem[] {
  const problems: ChartProblem[] = [];
  const shown = countShown(content);
  if (shown === 0) return [{ kind: 'empty', detail: words.empty, texts: [] }];
  if (shown > most[content.kind])
    problems.push({
      kind: 'tooMany',
      detail: words.tooMany(shown, most[content.kind]),
      texts: [],
    });
  for (const variant of drawn ? (['file', 'narrow'] as const) : []) {
    const { overlaps, clipped, broken } = inspectSvg(drawn![variant]);
    if (broken) problems.push({ kind: 'broken', detail: words.broken, texts: [] });
    if (overlaps.length > 0)
      problems.push({
        kind: 'overlap',
        detail: words.overlap(overlaps.length),
        texts: overlaps.flat(),
      });
    if (clipped.length > 0)
      problems.push({
        kind: 'clipped',
        detail: words.clipped(clipped.length),
        texts: clipped,
      });
  }
  return problems;
}

/** What to draw instead of a chart that can't be read; nothing where only its table is left. */
export function reviseChart(
  plan: ChartPlan,
  problems: readonly ChartProblem[],
  material: Material,
): ChartPlan[] {
  // Labels that are too long push lines out too: only a drawing with no other fault can't be mended.
  const hopeless = problems.every(({ kind }) => kind === 'broken' || kind === 'empty');
  if (plan.revision >= mostRevisions || hopeless) return [];
  const revised = { ...plan, revision: plan.revision + 1 };
  if (problems.some(({ kind }) => kind === 'tooMany')) return reduceChart(revised, material);
  if (plan.labelWidth === null) return [{ ...revised, labelWidth: 260 }];
  if (plan.kind === 'outlook' && plan.columns > 1) return [{ ...revised, columns: plan.columns - 1 }];
  if (plan.labelWidth > 120) return [{ ...revised, labelWidth: Math.round(plan.labelWidth * 0.6) }];
  return [];
}

function reduceChart(plan: ChartPlan, material: Material): ChartPlan[] {
  // The bars of parts of one total may be added up, so the small ones become one; other charts are split.
  if (plan.kind === 'change' && addUp(material, plan.series)) return [foldSmallest(plan, material)];
  const groups = splitEvenly(plan.series, most[plan.kind]);
  return groups.map((series, index) => ({
    ...plan,
    id: `${plan.id}-${index + 1}`,
    page: { number: index + 1, of: groups.length },
    series,
  }));
}

function foldSmallest(plan: ChartPlan, material: Material): ChartPlan {
  const size = new Map(plan.series.map((id) => [id, Math.abs(measureChange(id, id, material)?.change ?? 0)]));
  const ranked = plan.series.toSorted((a, b) => size.get(b)! - size.get(a)!);
  return { ...plan, rest: ranked.slice(most.change - 1) };
}
