import type { FitReason, OmitReason, RefuseReason } from '../choose-chart.ts';

/** Why charts are drawn as they are, or not at all. */
export const reasons = {
  fits: {
    oneSeriesInTime: 'one series in time is a line',
    manySeriesInTime: 'many lines in one picture tangle, so each series has a panel',
    oneFigureWithInterval: 'one uncertain figure is easiest to judge as outcomes that can be counted',
    partsOfAWhole: 'parts of one whole are shares of it; lengths are read more exactly than angles of a pie',
    figuresWithIntervals:
      'figures with intervals are dots with lines, as the length of a bar would hide them',
    figuresFromZero: 'single figures are bars from zero',
    changesBothWays: 'changes up and down are bars to both sides of zero',
    manyChanges: 'so many changes are counted by range',
    twoMeasures: 'two figures of each series are a dot with two axes of one meaning each',
    testedAgainstNaive: 'two errors of one series are two dots on one line',
    wideRange:
      'the largest is hundreds of times the smallest and all are positive, so the axis is logarithmic',
  } satisfies { [reason in FitReason]: string },
  refused: {
    noFigures: 'there are no figures for it',
    needsTwo: 'it needs two series or more',
    noIntervals: 'the forecast states no intervals',
    noWhole: 'the series are not all the parts of one whole',
    addsUpAlready: 'the shares of the whole say it',
    negativeShares: 'a part below zero has no share',
    unitsDiffer: 'the units differ',
    tooFewForSpread: 'so few changes are better read one by one',
    tooFewForRelation: 'with so few series a pattern would be chance',
    untested: 'no forecast could be tested on the past',
    oneSeries: 'there is one series',
    anglesMislead: 'angles are read less exactly than lengths',
    dualAxesMislead: 'with two axes any two lines can be made to meet',
    stacksHideParts: 'only the lowest part of a stack has a level base',
    linesTangle: 'more than four lines in one picture tangle',
    logNeedsPositive: 'a logarithm needs figures above zero',
    barsNeedZero: 'the length of a bar says how much only from zero on',
  } satisfies { [reason in RefuseReason]: string },
  omitted: {
    noLikePeriod: 'nothing ahead has a like period that was observed',
    noPositiveStart: 'a change in percent needs a positive figure to start from',
    noFiniteError: 'its backtest gave no finite error',
  } satisfies { [reason in OmitReason]: string },
  faults: {
    notInTable: 'it is not in the table of series',
    noForecast: 'it has no forecast',
    noPeriods: 'the forecast has no periods',
    noObserved: 'it has no observed figures',
    observedNotFinite: 'an observed figure is not a finite number',
    lengths: (count: number): string => `its forecast does not have ${count} figures in each line`,
    forecastNotFinite: 'a forecast figure is not a finite number',
    tooLarge: 'a figure is too large to draw',
    notNested: 'its intervals do not lie within one another',
  },
  problems: {
    empty: 'no figures to draw',
    tooMany: (count: number, most: number): string => `${count} in one chart, more than ${most}`,
    broken: 'its drawing reaches out of the picture',
    overlap: (count: number): string => `${count} texts lie over others`,
    clipped: (count: number): string => `${count} texts reach out of the picture`,
  },
  notDrawn: (fault: string): string => `Not drawn: ${fault}.`,
  noPicture: (details: string): string => `No picture of this: ${details}.`,
  noPng: (characters: string, command: string | null): string =>
    `No PNG of this: the fonts here lack ${characters}${command ? ` (Traditional Chinese comes with: ${command})` : ''}. The page and the SVG have the text, drawn with the reader’s own fonts.`,
};
