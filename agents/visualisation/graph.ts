import { END, START, StateGraph } from '@langchain/langgraph';
import { implementAgent } from '../implement-agent.ts';
import { visualisation } from './agent.ts';
import { explainReport } from './explain-report.ts';
import {
  checkCharts,
  checkWrittenReport,
  chooseCharts,
  createDrawCharts,
  createRasteriseCharts,
  createReviseCharts,
  hasUnreadableCharts,
  writeReport,
} from './nodes.ts';
import { VisualisationState } from './state.ts';

export default implementAgent(visualisation, {
  graph: (ports) =>
    new StateGraph(VisualisationState)
      .addNode('chooseCharts', chooseCharts)
      .addNode('drawCharts', createDrawCharts(ports))
      .addNode('checkCharts', checkCharts)
      .addNode('reviseCharts', createReviseCharts(ports))
      .addNode('rasteriseCharts', createRasteriseCharts(ports))
      .addNode('writeReport', writeReport)
      .addNode('checkReport', checkWrittenReport)
      .addEdge(START, 'chooseCharts')
      .addConditionalEdges(
        'chooseCharts',
        ({ charts }) => (charts.length > 0 ? 'drawCharts' : 'writeReport'),
        ['drawCharts', 'writeReport'],
      )
      .addEdge('drawCharts', 'checkCharts')
      .addConditionalEdges(
        'checkCharts',
        (state) => (hasUnreadableCharts(state) ? 'reviseCharts' : 'rasteriseCharts'),
        ['reviseCharts', 'rasteriseCharts'],
      )
      // Revising ends: each chart has a bounded number of revisions, after which it is settled as a table.
      .addConditionalEdges(
        'reviseCharts',
        (state) => (hasUnreadableCharts(state) ? 'drawCharts' : 'rasteriseCharts'),
        ['drawCharts', 'rasteriseCharts'],
      )
      .addEdge('rasteriseCharts', 'writeReport')
      .addEdge('writeReport', 'checkReport')
      .addEdge('checkReport', END)
      .compile(),
  facts: {
    report: ({ charts, html }) => ({ charts: charts.length, bytes: Buffer.byteLength(html) }),
  },
  explain: { report: explainReport },
  jobs: new URL(`./jobs${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
});
