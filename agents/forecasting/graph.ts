import { END, Send, START, StateGraph } from '@langchain/langgraph';
import { implementAgent } from '../implement-agent.ts';
import type { GraphPorts } from '../implement-agent.ts';
import { forecasting } from './agent.ts';
import { applyEdit } from './apply-edit.ts';
import { explainForecast } from './explain-forecast.ts';
import { createNodes, mustReconcileAgain } from './nodes.ts';
import { isOpen } from './settle-plan.ts';
import { ForecastingState } from './state.ts';

export default implementAgent(forecasting, {
  graph: buildGraph,
  facts: {
    forecast: ({ series }) => ({
      worstMase: Math.max(...series.map(({ backtest }) => backtest.mase)),
      series: series.length,
      edited: series.some(({ edited }) => edited),
    }),
  },
  applyEdit: (_, base, delta) => applyEdit(base, delta),
  previews: {
    forecast: async (forecast, { series }) => {
      if (!series) return null;
      // The library that draws is large, and needed only where somebody looks.
      const { previewForecast } = await import('../visualisation/preview-forecast.ts');
      return previewForecast({ table: series, forecast });
    },
  },
  explain: { forecast: explainForecast },
  // Compiled, the same file ends in `.js`.
  jobs: new URL(`./jobs${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
});

/**
 * check → testMethods → forecastSeries → reconcileSums → write. Unfit series, and those for which every method was rejected, are asked
 * about, one question a kind. `testMethods` runs again for series that a person wants forecast all the same;
 * `reconcileSums` repeats in another way until totals and parts add up.
 */
function buildGraph(ports: Pick<GraphPorts, 'compute' | 'log' | 'progress'>) {
  const nodes = createNodes(ports);
  return new StateGraph(ForecastingState)
    .addNode('check', nodes.check)
    .addNode('ask', nodes.ask)
    .addNode('settle', nodes.settle)
    .addNode('testMethods', nodes.testMethods)
    .addNode('forecastSeries', nodes.forecastSeries)
    .addNode('reconcileSums', nodes.reconcileSums)
    .addNode('write', nodes.write)
    .addEdge(START, 'check')
    .addConditionalEdges('check', afterJudging, ['ask', 'testMethods', 'forecastSeries'])
    .addEdge('ask', 'settle')
    .addConditionalEdges('settle', afterJudging, ['ask', 'testMethods', 'forecastSeries'])
    .addConditionalEdges('testMethods', afterJudging, ['ask', 'testMethods', 'forecastSeries'])
    .addConditionalEdges(
      'forecastSeries',
      ({ series }) => (series.hierarchy.length > 0 ? 'reconcileSums' : 'write'),
      ['reconcileSums', 'write'],
    )
    .addConditionalEdges(
      'reconcileSums',
      (state) => (mustReconcileAgain(state) ? 'reconcileSums' : 'write'),
      ['reconcileSums', 'write'],
    )
    .addEdge('write', END)
    .compile();
}

/** Fit series are tested first, so that all that a person has to decide after it is asked at once. */
function afterJudging({ plans, concerns }: ForecastingState): 'testMethods' | 'forecastSeries' | Send[] {
  const untested = plans.some(isOpen);
  if (concerns.length > 0 && !untested) return concerns.map((concern) => new Send('ask', concern));
  return untested ? 'testMethods' : 'forecastSeries';
}
