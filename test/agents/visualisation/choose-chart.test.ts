import { expect, test } from 'vitest';
import {
  type AskedForm,
  chooseChart,
  chooseScale,
  type DataShape,
  type Question,
  questions,
  refuseForm,
} from '../../../agents/visualisation/choose-chart.ts';

const one: DataShape = {
  series: 1,
  points: 60,
  least: 10,
  most: 20,
  finest: 10,
  units: 1,
  parts: false,
  intervals: true,
  tested: 1,
};
const five = { ...one, series: 5, tested: 5 };
const hundred = { ...five, series: 100 };

const cases: [string, Question, DataShape, string][] = [
  ['one series in time', 'trend', one, 'line linear: oneSeriesInTime'],
  ['several series in time', 'trend', five, 'smallMultiples linear: manySeriesInTime'],
  ['series in other units', 'trend', { ...five, units: 3 }, 'smallMultiples linear: manySeriesInTime'],
  ['nothing', 'trend', { ...one, series: 0 }, 'refused: noFigures'],
  ['a figure with its interval', 'uncertainty', one, 'quantileDots linear: oneFigureWithInterval'],
  ['a figure without one', 'uncertainty', { ...one, intervals: false }, 'refused: noIntervals'],
  ['parts of a whole', 'composition', { ...five, parts: true }, 'shareBars linear: partsOfAWhole'],
  ['series that are no parts', 'composition', five, 'refused: noWhole'],
  ['a part below zero', 'composition', { ...five, parts: true, least: -1 }, 'refused: negativeShares'],
  ['parts in two units', 'composition', { ...five, parts: true, units: 2 }, 'refused: unitsDiffer'],
  ['figures with intervals', 'comparison', five, 'intervalDots linear: figuresWithIntervals'],
  ['figures without', 'comparison', { ...five, intervals: false }, 'bars linear: figuresFromZero'],
  ['figures in two units', 'comparison', { ...five, units: 2 }, 'refused: unitsDiffer'],
  ['one figure', 'comparison', one, 'refused: oneSeries'],
  ['parts, which shares compare', 'comparison', { ...five, parts: true }, 'refused: addsUpAlready'],
  [
    'figures of very different size',
    'comparison',
    { ...five, most: 1e6 },
    'intervalDots log: figuresWithIntervals, wideRange',
  ],
  [
    'the same with a figure of zero',
    'comparison',
    { ...five, most: 1e6, least: 0 },
    'intervalDots linear: figuresWithIntervals',
  ],
  [
    'the same as bars',
    'comparison',
    { ...five, most: 1e6, intervals: false },
    'bars linear: figuresFromZero',
  ],
  ['changes', 'change', five, 'divergingBars linear: changesBothWays'],
  ['one change', 'change', one, 'refused: needsTwo'],
  ['a hundred changes', 'distribution', hundred, 'histogram linear: manyChanges'],
  ['five changes', 'distribution', five, 'refused: tooFewForSpread'],
  ['two figures of a hundred', 'relation', hundred, 'scatter linear: twoMeasures'],
  ['the same, one huge', 'relation', { ...hundred, most: 1e5 }, 'scatter log: twoMeasures, wideRange'],
  ['two figures of five', 'relation', five, 'refused: tooFewForRelation'],
  ['tested forecasts', 'trust', five, 'pairedDots linear: testedAgainstNaive'],
  ['untested ones', 'trust', { ...five, tested: 0 }, 'refused: untested'],
];

test.each(cases)('%s, asked for %s', (_, question, shape, meant) => {
  const choice = chooseChart(question, shape);
  expect(
    choice.form ? `${choice.form} ${choice.axis}: ${choice.why.join(', ')}` : `refused: ${choice.refused}`,
  ).toBe(meant);
});

test('what misleads is refused whatever the data, and what only fits some where it does not', () => {
  const refused = (shape: DataShape): string[] =>
    (['pie', 'dualAxes', 'stackedAreas', 'cutBars', 'manyLines', 'logAxis'] as AskedForm[]).map(
      (form) => refuseForm(form, shape) ?? 'fits',
    );
  const always = ['anglesMislead', 'dualAxesMislead', 'stacksHideParts', 'barsNeedZero'];
  expect(refused({ ...hundred, series: 12, parts: true })).toEqual([...always, 'linesTangle', 'fits']);
  expect(refused({ ...one, least: 0 })).toEqual([...always, 'fits', 'logNeedsPositive']);
});

test('no choice is a form that is refused for the same data, and a log axis never holds bars or zero', () => {
  const shapes = [0, 1, 2, 12, 100].flatMap((series) =>
    [-5, 0, 1].flatMap((least) =>
      [2, 1e6].flatMap((most) =>
        [true, false].flatMap((parts) =>
          [true, false].map((intervals) => ({ ...one, series, least, most, finest: 1, parts, intervals })),
        ),
      ),
    ),
  );
  for (const shape of shapes)
    for (const question of questions) {
      const choice = chooseChart(question, shape);
      if (!choice.form) continue;
      expect(refuseForm(choice.form, shape)).toBeNull();
      if (choice.axis === 'log') expect([shape.least > 0, /bars/i.test(choice.form)]).toEqual([true, false]);
    }
});

const panel = (low: number, high: number, base: number | null = (low + high) / 2, unit = 'EUR') => ({
  low,
  high,
  base,
  unit,
});

test('panels share an axis where each stays readable: by figures, else by an index, else none', () => {
  expect(chooseScale([panel(10, 20), panel(15, 30)])).toEqual({ scale: 'level', domain: [10, 30] });
  expect(chooseScale([panel(8, 12, 10), panel(900, 1200, 1000)])).toEqual({
    scale: 'index',
    domain: [80, 120],
  });
  expect(chooseScale([panel(8, 12, 10), panel(9, 12, 10, 'USD')])).toEqual({
    scale: 'index',
    domain: [80, 120],
  });
  // Nothing is a share of zero or of less.
  expect(chooseScale([panel(-1, 1, 0), panel(900, 1200)]).scale).toBe('own');
  expect(chooseScale([panel(8, 12, 10), panel(10, 10_000, 20)]).scale).toBe('own');
  expect(chooseScale([panel(1, 2)])).toEqual({ scale: 'own', domain: null });
});
