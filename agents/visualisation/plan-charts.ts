import type { ChartKind } from './agent.ts';
import { chooseChart, type FitReason, type Form, type Question, questions } from './choose-chart.ts';
import { findFault, labelSeries, type Material, nameSpans, placeSeries, unitOf } from './material.ts';
import { readShape } from './read-shape.ts';
import { fitLabels } from './visible-text.ts';
import { addUp, expandParts } from './what-adds-up.ts';
import { wordingOf } from './wording/wording.ts';

/** What one chart is to show and how; plain JSON. */
export interface ChartPlan {
  id: string;
  kind: ChartKind;
  form: Form;
  axis: 'linear' | 'log';
  why: FitReason[];
  /** What it is about; its title, which says the finding, comes with its figures. */
  topic: string;
  series: string[];
  /** The series of all pages of this chart: what its scale and its title heed. */
  peers: string[];
  page: { number: number; of: number } | null;
  /** Series drawn as one bar, as the rest of their total. */
  rest: string[];
  /** What the series are parts of, where they are shares. */
  whole: string | null;
  /** Widest label in pixels; null lets labels be as long as they are. */
  labelWidth: number | null;
  /** How many panels or label columns stand side by side on a wide page. */
  columns: number;
  revision: number;
}

export interface ChartsPlan {
  charts: ChartPlan[];
  leftOut: { label: string; reason: string }[];
}

/** Most panels, bars, rows, bins or dots that one chart can show and still be read. */
export const most = {
  outlook: 12,
  odds: 1,
  shares: 20,
  sizes: 24,
  change: 20,
  spread: 24,
  relation: 1000,
  trust: 24,
} as const satisfies { [kind in ChartKind]: number };

/** Most series of one level that get pictures of their own: with hundreds a report would be too long to read. */
export const mostPictured = 48;

/** Single figures of which the odds are drawn. */
const mostHeads = 3;

const kindOf: { [question in Question]: ChartKind } = {
  trend: 'outlook',
  uncertainty: 'odds',
  composition: 'shares',
  comparison: 'sizes',
  change: 'change',
  distribution: 'spread',
  relation: 'relation',
  trust: 'trust',
};

/** What one question is asked of. */
interface Asked {
  id: string;
  topic: string;
  series: string[];
  whole?: string;
}

/**
 * The charts that answer a report's questions, each in the form that fits its data, or of what kind was asked for.
 * Whether each can be read is found out once it's drawn.
 */
export function planCharts(material: Material, kinds?: readonly ChartKind[]): ChartsPlan {
  const { reasons } = wordingOf(material.language);
  const labels = labelSeries(material);
  const leftOut: ChartsPlan['leftOut'] = [];
  for (const { id } of material.forecast.series) {
    const fault = findFault(material, id);
    if (fault) leftOut.push({ label: labels.get(id)!, reason: reasons.notDrawn(fault) });
  }
  const charts = questions.flatMap((question): ChartPlan[] => {
    const kind = kindOf[question];
    // A relation is looked for by who suspects one; a report of a forecast does not ask for it.
    if (kinds ? !kinds.includes(kind) : question === 'relation') return [];
    return askAbout(question, material).flatMap(({ id, topic, series, whole }): ChartPlan[] => {
      const choice = chooseChart(question, readShape(material, series, whole !== undefined));
      if (choice.form)
        return [
          {
            ...blank,
            id,
            kind,
            ...choice,
            topic,
            series,
            peers: series,
            whole: whole ?? null,
            columns: chooseColumns(series.length),
          },
        ];
      if (kinds && series.length > 0)
        leftOut.push({ label: topic, reason: reasons.notDrawn(reasons.refused[choice.refused]) });
      return [];
    });
  });
  return { charts, leftOut };
}

const blank = { page: null, rest: [] as string[], labelWidth: null, revision: 0 };

function askAbout(question: Question, material: Material): Asked[] {
  const { format, titles } = wordingOf(material.language);
  const labels = labelSeries(material);
  const { roots, middles, leaves } = placeDrawable(material);
  const until = format.period(material.forecast.periods.at(-1) ?? '');
  const { span } = nameSpans(material);
  const nested = roots.length + middles.length > 0;
  const pictured = takeLargest(leaves, material);
  const cut = pictured.length < leaves.length;
  const nameOf = (id: string): string => fitLabels([labels.get(id)!], 600, 18)[0]!;
  switch (question) {
    case 'trend': {
      const names = cut
        ? nested
          ? titles.largestParts(mostPictured, until)
          : titles.largestSeries(mostPictured, until)
        : nested
          ? titles.parts(until)
          : titles.series(until);
      return [
        ...roots.slice(0, mostHeads).map((id, index) => ({
          id: `outlook-total-${index + 1}`,
          topic: titles.outlookOf(nameOf(id), until),
          series: [id],
        })),
        {
          id: 'outlook-totals',
          topic: titles.furtherTotals(until),
          series: sortBySize(roots.slice(mostHeads), material),
        },
        { id: 'outlook-subtotals', topic: titles.subtotals(until), series: sortBySize(middles, material) },
        {
          id: 'outlook-parts',
          topic: !nested && leaves.length === 1 ? titles.outlookOf(nameOf(leaves[0]!), until) : names,
          series: sortBySize(pictured, material),
        },
      ];
    }
    case 'uncertainty': {
      const heads = roots.length > 0 ? roots : leaves.length === 1 ? leaves : [];
      return heads.slice(0, mostHeads).map((id, index) => ({
        id: `odds-${index + 1}`,
        topic: titles.odds(nameOf(id), until),
        series: [id],
      }));
    }
    case 'composition': {
      const whole = roots[0] ?? middles[0];
      const parts = whole === undefined ? [] : expandParts(material, whole);
      const names = { id: 'shares', topic: titles.shares(whole === undefined ? '' : nameOf(whole)) };
      return whole !== undefined && parts.length > 1 ? [{ ...names, series: parts, whole }] : [];
    }
    case 'comparison':
      // Parts of a whole are compared by their shares.
      return nested ? [] : [{ id: 'sizes', topic: titles.sizes(until), series: pictured }];
    case 'change':
      return [
        {
          id: 'change',
          topic: nested ? titles.changeParts(span) : titles.changeSeries(span),
          series: addUp(material, leaves) ? leaves : pictured,
        },
      ];
    case 'distribution':
      return [{ id: 'spread', topic: titles.spread, series: leaves }];
    case 'relation':
      return [{ id: 'relation', topic: titles.relation, series: leaves }];
    case 'trust': {
      const shown = material.forecast.series
        .map(({ id }) => id)
        .filter((id) => [...roots, ...middles, ...pictured].includes(id));
      return [{ id: 'trust', topic: cut ? titles.trustShown : titles.trust, series: shown }];
    }
  }
}

function placeDrawable(material: Material): { roots: string[]; middles: string[]; leaves: string[] } {
  const { roots, middles, leaves } = placeSeries(material);
  const drawable = (ids: string[]): string[] => ids.filter((id) => findFault(material, id) === null);
  return { roots: drawable(roots), middles: drawable(middles), leaves: drawable(leaves) };
}

function sizeOf(material: Material): Map<string, number> {
  return new Map(material.forecast.series.map(({ id, mean }) => [id, Math.abs(mean.at(-1) ?? 0)]));
}

/** Largest expected figure first, where figures can be compared; else as they are. */
function sortBySize(ids: string[], material: Material): string[] {
  if (new Set(ids.map((id) => unitOf(material, id))).size > 1) return ids;
  const size = sizeOf(material);
  return ids.toSorted((a, b) => size.get(b)! - size.get(a)!);
}

/** The largest series by what is expected of them in the end, in the order given. */
function takeLargest(ids: string[], material: Material): string[] {
  const size = sizeOf(material);
  const largest = new Set(ids.toSorted((a, b) => size.get(b)! - size.get(a)!).slice(0, mostPictured));
  return ids.filter((id) => largest.has(id));
}

function chooseColumns(panels: number): number {
  return panels === 1 ? 1 : panels <= 4 ? 2 : 3;
}
