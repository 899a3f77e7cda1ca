import type { OmitReason, ScaleKind } from './choose-chart.ts';

/** One panel of an outlook: what was observed, and what is expected with its intervals. Plain JSON. */
export interface Panel {
  id: string;
  label: string;
  unit: string | null;
  periods: string[];
  history: (number | null)[];
  forecastPeriods: string[];
  mean: number[];
  /** Bounds are empty where the forecast states no interval of that level. */
  lower80: number[];
  upper80: number[];
  lower95: number[];
  upper95: number[];
  /** What repeating the last season would say; empty where the forecast does not say. */
  naive: number[];
  /** What 100 stands for where panels share an index, the mean of the last season observed. */
  base: number | null;
  edited: boolean;
}

/** A figure ahead beside the like figure that was observed. */
export interface End {
  id: string;
  label: string;
  unit: string | null;
  was: number;
  wasPeriod: string;
  will: number;
  period: string;
  /** Whether what was lies outside the 80 % interval of what will be. */
  clear: boolean;
}

export interface OutlookContent {
  kind: 'outlook';
  title: string;
  topic: string;
  panels: Panel[];
  scale: ScaleKind;
  /** From and to of the axis that all panels share; null where each has its own. */
  domain: [number, number] | null;
  /** How panels stand in a row. */
  order: 'size' | 'given';
}

export interface Omission {
  label: string;
  reason: OmitReason;
}

export interface ChangeBar {
  id: string;
  label: string;
  before: number;
  after: number;
  change: number;
  percent: number | null;
  /** Whether the last figure of the season before lies outside the 80 % interval of the last one ahead. */
  clear: boolean;
}

export interface ChangeContent {
  kind: 'change';
  title: string;
  topic: string;
  measure: 'absolute' | 'percent';
  unit: string | null;
  before: { from: string; to: string };
  after: { from: string; to: string };
  bars: ChangeBar[];
  omitted: Omission[];
}

export interface TrustRow {
  id: string;
  label: string;
  method: string;
  mase: number;
  naiveMase: number;
  coverage95: number | null;
  origins: number;
  trust: 'good' | 'fair' | 'poor';
}

export interface TrustContent {
  kind: 'trust';
  title: string;
  topic: string;
  rows: TrustRow[];
  omitted: Omission[];
}

export interface SizeRow {
  id: string;
  label: string;
  mean: number;
  /** Null where the forecast states no interval of that level. */
  range80: [number, number] | null;
  range95: [number, number] | null;
  naive: number | null;
}

/** How large each series is expected to be at the end. */
export interface SizesContent {
  kind: 'sizes';
  title: string;
  topic: string;
  unit: string | null;
  period: string;
  axis: 'linear' | 'log';
  rows: SizeRow[];
}

export interface ShareRow {
  id: string;
  label: string;
  /** Percent of the whole. */
  before: number;
  after: number;
}

/** What a whole is made of, as shares of it. */
export interface SharesContent {
  kind: 'shares';
  title: string;
  topic: string;
  whole: string;
  before: { from: string; to: string };
  after: { from: string; to: string };
  rows: ShareRow[];
}

/** One figure ahead as equally likely outcomes. */
export interface OddsContent {
  kind: 'odds';
  title: string;
  topic: string;
  end: End;
  /** Ascending. */
  outcomes: number[];
  range80: [number, number];
  range95: [number, number];
  naive: number | null;
}

/** How changes of many series are spread. */
export interface SpreadContent {
  kind: 'spread';
  title: string;
  topic: string;
  /** Percent, ascending. */
  values: { label: string; percent: number }[];
  bins: { from: number; to: number; count: number }[];
  /** Changes beyond the first and the last bin are counted in these. */
  open: { below: boolean; above: boolean };
  omitted: Omission[];
}

/** Size and change of each series beside one another. */
export interface RelationContent {
  kind: 'relation';
  title: string;
  topic: string;
  unit: string | null;
  axis: 'linear' | 'log';
  points: { id: string; label: string; size: number; percent: number }[];
  /** Spearman's rank correlation; null of fewer than three points or where all are tied. */
  correlation: number | null;
  omitted: Omission[];
}

/** All that one chart shows, in figures: what is drawn, described and tabled comes from here. */
export type ChartContent =
  | OutlookContent
  | ChangeContent
  | TrustContent
  | SizesContent
  | SharesContent
  | OddsContent
  | SpreadContent
  | RelationContent;

/** What the cells of a column are: how they are written and aligned depends on it. */
export type ColumnKind = 'text' | 'long' | 'period' | 'figure' | 'fixed';

export interface TextTable {
  columns: string[];
  kinds: ColumnKind[];
  rows: (string | number | null)[][];
}
