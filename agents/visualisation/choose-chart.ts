/** What a reader wants to know. */
export type Question =
  | 'trend'
  | 'uncertainty'
  | 'composition'
  | 'comparison'
  | 'change'
  | 'distribution'
  | 'relation'
  | 'trust';

/** The questions of a report on a forecast, in the order in which its charts answer them. */
export const questions: readonly Question[] = [
  'trend',
  'uncertainty',
  'composition',
  'comparison',
  'change',
  'distribution',
  'relation',
  'trust',
];

/** What the choice of a chart depends on. */
export interface DataShape {
  series: number;
  /** Figures of one series in time. */
  points: number;
  least: number;
  most: number;
  /** Smallest size among the figures that are not zero. */
  finest: number;
  units: number;
  /** Whether the series are all the parts of one whole that is in the data too. */
  parts: boolean;
  intervals: boolean;
  /** Series with a backtest beside the naive one's. */
  tested: number;
}

/** Forms that are drawn. */
export type Form =
  | 'line'
  | 'smallMultiples'
  | 'quantileDots'
  | 'shareBars'
  | 'intervalDots'
  | 'bars'
  | 'divergingBars'
  | 'histogram'
  | 'scatter'
  | 'pairedDots';

/** Forms that are often asked for; some are never drawn, others not for every data. */
export type AskedForm = Form | 'pie' | 'dualAxes' | 'stackedAreas' | 'manyLines' | 'logAxis' | 'cutBars';

/** Why a form fits, by key: the words stand in the catalogues. */
export type FitReason =
  | 'oneSeriesInTime'
  | 'manySeriesInTime'
  | 'oneFigureWithInterval'
  | 'partsOfAWhole'
  | 'figuresWithIntervals'
  | 'figuresFromZero'
  | 'changesBothWays'
  | 'manyChanges'
  | 'twoMeasures'
  | 'testedAgainstNaive'
  | 'wideRange';

/** Why a form is not drawn. */
export type RefuseReason =
  | 'noFigures'
  | 'needsTwo'
  | 'noIntervals'
  | 'noWhole'
  | 'addsUpAlready'
  | 'negativeShares'
  | 'unitsDiffer'
  | 'tooFewForSpread'
  | 'tooFewForRelation'
  | 'untested'
  | 'oneSeries'
  | 'anglesMislead'
  | 'dualAxesMislead'
  | 'stacksHideParts'
  | 'linesTangle'
  | 'logNeedsPositive'
  | 'barsNeedZero';

/** Why a series is missing in a chart. */
export type OmitReason = 'noLikePeriod' | 'noPositiveStart' | 'noFiniteError';

/** How panels side by side are scaled: each by itself, all by the same figures, or all by an index of 100. */
export type ScaleKind = 'own' | 'level' | 'index';

export type Choice =
  | { form: Form; axis: 'linear' | 'log'; why: FitReason[] }
  | { form: null; refused: RefuseReason };

/** Fewer changes than this are better read one by one. */
const fewestSpread = 30;
const fewestRelated = 8;
/** Above this share of largest to smallest, the small ones would all lie on the axis. */
const widest = 300;

/** The form that answers a question with such data, and why; or why none does. */
export function chooseChart(question: Question, shape: DataShape): Choice {
  if (shape.series === 0 || shape.points === 0) return refuse('noFigures');
  switch (question) {
    case 'trend':
      return shape.series === 1
        ? take('line', 'oneSeriesInTime')
        : take('smallMultiples', 'manySeriesInTime');
    case 'uncertainty':
      return shape.intervals ? take('quantileDots', 'oneFigureWithInterval') : refuse('noIntervals');
    case 'composition':
      return chooseOrRefuse(shape, 'shareBars', 'partsOfAWhole');
    case 'comparison':
      return chooseComparison(shape);
    case 'change':
      return chooseOrRefuse(shape, 'divergingBars', 'changesBothWays');
    case 'distribution':
      return chooseOrRefuse(shape, 'histogram', 'manyChanges');
    case 'relation':
      return withAxis(chooseOrRefuse(shape, 'scatter', 'twoMeasures'), shape);
    case 'trust':
      return chooseOrRefuse(shape, 'pairedDots', 'testedAgainstNaive');
  }
}

/** Why a form should not be drawn of such data, or null where it may be. */
export function refuseForm(form: AskedForm, shape: DataShape): RefuseReason | null {
  switch (form) {
    case 'line':
    case 'smallMultiples':
      return shape.series === 0 || shape.points === 0 ? 'noFigures' : null;
    case 'manyLines':
      return shape.series > 4 ? 'linesTangle' : null;
    case 'quantileDots':
      return shape.intervals ? null : 'noIntervals';
    case 'shareBars':
      if (!shape.parts) return 'noWhole';
      if (shape.units > 1) return 'unitsDiffer';
      return shape.least < 0 ? 'negativeShares' : null;
    case 'bars':
    case 'intervalDots':
      return shape.units > 1 ? 'unitsDiffer' : null;
    case 'divergingBars':
      return shape.series < 2 ? 'needsTwo' : null;
    case 'histogram':
      return shape.series < fewestSpread ? 'tooFewForSpread' : null;
    case 'scatter':
      if (shape.units > 1) return 'unitsDiffer';
      return shape.series < fewestRelated ? 'tooFewForRelation' : null;
    case 'pairedDots':
      return shape.tested === 0 ? 'untested' : null;
    case 'logAxis':
      return shape.least <= 0 ? 'logNeedsPositive' : null;
    case 'cutBars':
      return 'barsNeedZero';
    case 'pie':
      return 'anglesMislead';
    case 'dualAxes':
      return 'dualAxesMislead';
    case 'stackedAreas':
      return 'stacksHideParts';
  }
}

function chooseComparison(shape: DataShape): Choice {
  if (shape.series === 1) return refuse('oneSeries');
  const fault = refuseForm('intervalDots', shape);
  if (fault) return refuse(fault);
  // Shares answer it where the parts make up a whole.
  if (refuseForm('shareBars', shape) === null) return refuse('addsUpAlready');
  // The length of a bar says how much only from zero on, so a bar never stands on a logarithmic axis.
  return shape.intervals
    ? withAxis(take('intervalDots', 'figuresWithIntervals'), shape)
    : take('bars', 'figuresFromZero');
}

function chooseOrRefuse(shape: DataShape, form: Form, why: FitReason): Choice {
  const refused = refuseForm(form, shape);
  return refused ? refuse(refused) : take(form, why);
}

function withAxis(choice: Choice, shape: DataShape): Choice {
  const wide = shape.most / shape.finest > widest && refuseForm('logAxis', shape) === null;
  return choice.form && wide ? { ...choice, axis: 'log', why: [...choice.why, 'wideRange'] } : choice;
}

function take(form: Form, why: FitReason): Choice {
  return { form, axis: 'linear', why: [why] };
}

function refuse(refused: RefuseReason): Choice {
  return { form: null, refused };
}

/** What the scale of panels side by side depends on: the figures of one panel, and what 100 would stand for. */
export interface PanelRange {
  low: number;
  high: number;
  unit: string | null;
  base: number | null;
}

/** A shared scale flattens the smaller panels; beyond this many times their own range they could not be read. */
const flattest = 6;

/**
 * One scale for all panels where that leaves each readable: by figures, else by an index (100 is the mean of the last
 * season observed), else one for each. With it the range that is shared.
 */
export function chooseScale(panels: readonly PanelRange[]): {
  scale: ScaleKind;
  domain: [number, number] | null;
} {
  if (panels.length > 1) {
    if (new Set(panels.map(({ unit }) => unit)).size === 1) {
      const domain = shareDomain(panels.map(({ low, high }) => [low, high]));
      if (domain) return { scale: 'level', domain };
    }
    if (panels.every(({ base }) => base !== null && base > 0)) {
      const domain = shareDomain(
        panels.map(({ low, high, base }) => [(100 * low) / base!, (100 * high) / base!]),
      );
      if (domain) return { scale: 'index', domain };
    }
  }
  return { scale: 'own', domain: null };
}

function shareDomain(ranges: [number, number][]): [number, number] | null {
  const domain: [number, number] = [
    Math.min(...ranges.map(([low]) => low)),
    Math.max(...ranges.map(([, high]) => high)),
  ];
  const spans = ranges.map(([low, high]) => high - low).toSorted((a, b) => a - b);
  const shared = domain[1] - domain[0];
  const typical = spans[Math.floor(spans.length / 4)]!;
  return Number.isFinite(shared) && shared <= flattest * typical ? domain : null;
}
