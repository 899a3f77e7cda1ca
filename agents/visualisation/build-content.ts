import { buildChange, buildRelation, buildSpread, buildTrust } from './build-changes.ts';
import { buildOdds, buildShares, buildSizes } from './build-sizes.ts';
import type { ChartContent, OutlookContent, Panel } from './chart-content.ts';
import { chooseScale } from './choose-chart.ts';
import { findForecast, measureBase, measureEnd, valuesOf } from './measure-series.ts';
import { labelSeries, type Material, nameSpans, unitOf } from './material.ts';
import type { ChartPlan } from './plan-charts.ts';
import { shortenName } from './visible-text.ts';
import { wordingOf } from './wording/wording.ts';

/** The figures that a planned chart shows, under a title that says what is to be seen. */
export function buildContent(plan: ChartPlan, material: Material): ChartContent {
  const content = buildKind(plan, material);
  const { picture } = wordingOf(material.language);
  return plan.page
    ? { ...content, title: picture.page(content.title, plan.page.number, plan.page.of) }
    : content;
}

function buildKind(plan: ChartPlan, material: Material): ChartContent {
  switch (plan.kind) {
    case 'outlook':
      return buildOutlook(plan, material);
    case 'odds':
      return buildOdds(plan, material);
    case 'shares':
      return buildShares(plan, material);
    case 'sizes':
      return buildSizes(plan, material);
    case 'change':
      return buildChange(plan, material);
    case 'spread':
      return buildSpread(plan, material);
    case 'relation':
      return buildRelation(plan, material);
    case 'trust':
      return buildTrust(plan, material);
  }
}

function buildOutlook(plan: ChartPlan, material: Material): OutlookContent {
  const { titles } = wordingOf(material.language);
  const from = chooseStart(plan, material);
  const panels = plan.series.map((id) => buildPanel(id, from, material));
  // Pages of one chart share its scale too, or they could not be compared.
  const peers = plan.peers.map((id) => buildPanel(id, from, material));
  const { scale, domain } = chooseScale(peers.map((panel) => ({ ...panel, ...measureRange(panel) })));
  const ends = plan.peers.map((id) => measureEnd(id, material));
  const [only] = ends;
  return {
    kind: 'outlook',
    title:
      only && ends.length === 1
        ? titles.end({ ...only, label: shortenName(only.label) })
        : titles.ends(
            ends.filter(({ was, will }) => will > was).length,
            ends.length,
            ends.filter(({ clear }) => clear).length,
            nameSpans(material).span,
          ),
    topic: plan.topic,
    panels,
    scale,
    domain,
    order: new Set(peers.map(({ unit }) => unit)).size > 1 ? 'given' : 'size',
  };
}

/** The first period shown: with too long a past the part ahead, which the chart is about, would be too narrow to read. */
function chooseStart(plan: ChartPlan, material: Material): number {
  const { table, forecast } = material;
  const alone = plan.peers.length === 1 ? 10 * table.season : 0;
  const shown = Math.max(5 * table.season, 4 * forecast.horizon, alone);
  // Where observation ended early, the picture reaches back to it.
  const ended = Math.min(
    ...plan.peers.map((id) => valuesOf(material, id).findLastIndex((value) => value !== null)),
  );
  return Math.max(0, Math.min(table.periods.length - shown, ended - table.season));
}

function buildPanel(id: string, from: number, material: Material): Panel {
  const { table, forecast } = material;
  const outlook = findForecast(material, id);
  return {
    id,
    label: labelSeries(material).get(id)!,
    unit: unitOf(material, id),
    periods: table.periods.slice(from),
    history: valuesOf(material, id).slice(from),
    forecastPeriods: forecast.periods,
    mean: outlook.mean,
    lower80: outlook.lower80,
    upper80: outlook.upper80,
    lower95: outlook.lower95,
    upper95: outlook.upper95,
    naive: outlook.naive,
    base: measureBase(material, id),
    edited: outlook.edited,
  };
}

/** The least and the most that a panel draws. */
export function measureRange(panel: Panel): { low: number; high: number } {
  const { history, mean, lower80, upper80, lower95, upper95, naive } = panel;
  const drawn = [
    ...history.filter((value) => value !== null),
    ...mean,
    ...lower80,
    ...upper80,
    ...lower95,
    ...upper95,
    ...naive,
  ];
  return { low: Math.min(...drawn), high: Math.max(...drawn) };
}
