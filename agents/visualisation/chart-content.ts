/** One panel of an outlook: what was observed, and what is expected with its intervals. Plain JSON. */
export interface Panel {
  id: string;
  label: string;
  unit: string | null;
  periods: string[];
  history: (number | null)[];
  forecastPeriods: string[];
  mean: number[];
  lower80: number[];
  upper80: number[];
  lower95: number[];
  upper95: number[];
  edited: boolean;
}

export interface OutlookContent {
  kind: 'outlook';
  title: string;
  panels: Panel[];
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
  measure: 'absolute' | 'percent';
  unit: string | null;
  before: { from: string; to: string };
  after: { from: string; to: string };
  bars: ChangeBar[];
  omitted: { label: string; reason: string }[];
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
  rows: TrustRow[];
  omitted: { label: string; reason: string }[];
}

/** All that one chart shows, in figures: what is drawn, described and tabled comes from here. */
export type ChartContent = OutlookContent | ChangeContent | TrustContent;

export interface TextTable {
  columns: string[];
  rows: (string | number | null)[][];
}
