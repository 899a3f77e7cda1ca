import { Annotation } from '@langchain/langgraph';
import type { DataProfile, Finding, SeriesTable } from './agent.ts';
import type { SumRelation } from './find-hierarchy.ts';
import type { OpenedFile } from './open-file.ts';
import type { Answers, Frame, LeftOut, Problem } from './frame.ts';

/** What the graph knows so far; everything is plain JSON. */
export const GatheringState = Annotation.Root({
  dataset: Annotation<string>,
  adjust: Annotation<{ leaveOut: string[]; personal?: string[] }>,
  /** The file's text until it has become a frame, and how it is to be read; null before it was opened. */
  text: Annotation<string>,
  form: Annotation<OpenedFile['form'] | null>,
  source: Annotation<SeriesTable['source']>,
  frame: Annotation<Frame | null>,
  problems: Annotation<Problem[]>,
  answers: Annotation<Answers>({
    reducer: (before, more) => ({ ...before, ...more }),
    default: () => ({}),
  }),
  /** Of the table as it was read, and as it was the last time. */
  tableProfile: Annotation<DataProfile | null>,
  lastProfile: Annotation<DataProfile | undefined>,
  repairs: Annotation<number>({ reducer: (_, next) => next, default: () => 0 }),
  /** Whether cells that follow from sums were filled. */
  restored: Annotation<boolean>({ reducer: (_, next) => next, default: () => false }),
  hierarchy: Annotation<SumRelation[]>,
  findings: Annotation<Finding[]>({ reducer: (before, more) => [...before, ...more], default: () => [] }),
  leftOut: Annotation<LeftOut[]>({ reducer: (before, more) => [...before, ...more], default: () => [] }),
  series: Annotation<SeriesTable>,
});

export type Gathering = typeof GatheringState.State;
