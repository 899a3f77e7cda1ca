/** A limit of the code: the number is read from where it stands, what it means is said here. */
export interface Limit {
  what: string;
  /** Where the number stands: a constant's name, or an expression whose first group is the number. */
  of: readonly [file: string, number: string | RegExp];
  unit: string;
  beyond: string;
}

export const limits: { [group: string]: readonly Limit[] } = {
  'What people send': [
    {
      what: 'A signed act as a whole: decision, change of an input, supplied artifact, answer',
      of: ['contracts/signed-act.ts', 'actBytesAtMost'],
      unit: 'bytes',
      beyond: '`Decision.Malformed`, before it is signed and again where it arrives',
    },
    {
      what: "A decision's reason",
      of: ['contracts/messages.ts', /reason: z\.string\(\)\.max\(([\d_]+)\)/],
      unit: 'characters',
      beyond: '`Decision.Malformed`',
    },
    {
      what: 'The words with which changes are asked for',
      of: ['contracts/messages.ts', /words: z\.string\(\)\.max\(([\d_]+)\)/],
      unit: 'characters',
      beyond: '`Decision.Malformed`',
    },
    {
      what: 'An id that a caller mints for its act (at least 8)',
      of: ['contracts/messages.ts', /id: z\.string\(\)\.min\(8\)\.max\(([\d_]+)\)/],
      unit: 'characters',
      beyond: '`Decision.Malformed`',
    },
    {
      what: 'How long a signature is good for',
      of: ['client/door.ts', 'goodFor'],
      unit: 'milliseconds',
      beyond: '`Decision.Expired`',
    },
    {
      what: 'Tries of an act while its run is about to end, or has yet to hear of what the desk shows',
      of: ['client/send-act.ts', 'triesAtMost'],
      unit: 'tries',
      beyond: 'the failure that it met: `Run.Closing`, `Checkpoint.NotOpen` or `Checkpoint.Stale`',
    },
  ],
  'What agents give': [
    {
      what: 'The facts of one artifact, as JSON',
      of: ['activities/make-artifact.ts', 'factsAtMost'],
      unit: 'bytes',
      beyond: '`Agent.InvalidFacts`',
    },
    {
      what: 'A question: its prompt and the schema of its answer, as JSON',
      of: ['activities/make-question.ts', 'questionAtMost'],
      unit: 'bytes',
      beyond: '`Agent.InvalidOutput`',
    },
    {
      what: 'How deep facts, questions and acts may be nested',
      of: ['contracts/well-formed.ts', 'depthAtMost'],
      unit: 'levels',
      beyond: '`Agent.InvalidFacts`, `Agent.InvalidOutput`, `Decision.Malformed`',
    },
    {
      what: 'Supersteps of a graph in one attempt',
      of: ['activities/run-graph.ts', 'superstepsAtMost'],
      unit: 'supersteps',
      beyond: '`Agent.Failed`, and not tried again',
    },
    {
      what: "A failure's message, as it is kept",
      of: ['contracts/well-formed.ts', 'messageAtMost'],
      unit: 'characters',
      beyond: 'cut off, ending in …',
    },
    {
      what: "A failure's stack, as Temporal keeps it",
      of: ['activities/sendable-failure.ts', 'stackAtMost'],
      unit: 'characters',
      beyond: 'cut off',
    },
    {
      what: "A failure's causes, one below the other",
      of: ['activities/sendable-failure.ts', 'causesAtMost'],
      unit: 'causes',
      beyond: 'left out',
    },
  ],
  Definitions: [
    {
      what: 'The name of a process, task, checkpoint, effect, artifact or input',
      of: ['contracts/check-names.ts', /name\.length <= (\d+)/],
      unit: 'characters',
      beyond: '`Process.Invalid`',
    },
    {
      what: 'Steps for which the plan of a re-run is thought through',
      of: ['workflows/fold/plan.ts', 'limit'],
      unit: 'steps',
      beyond: 'the plan shows what was found up to there',
    },
  ],
  Effects: [
    {
      what: 'Calls of a connector in one attempt',
      of: ['activities/call-connector.ts', 'callsAtMost'],
      unit: 'calls',
      beyond: 'looked up; where that does not tell, `Effect.Uncertain`',
    },
    {
      what: 'How long one lookup may take',
      of: ['activities/call-connector.ts', 'lookupAtMost'],
      unit: 'milliseconds',
      beyond: 'taken for unanswered',
    },
    {
      what: 'How long a connector gets to stop once its time is over',
      of: ['activities/call-connector.ts', 'stopAtMost'],
      unit: 'milliseconds',
      beyond: 'no longer waited for',
    },
    {
      what: "What is read and kept of an HTTP connector's answer",
      of: ['activities/connectors/http.ts', 'answerAtMost'],
      unit: 'bytes',
      beyond: 'cut off, and the receipt says `complete: false`',
    },
  ],
  'Data files (the agent data-gathering)': [
    {
      what: 'A file',
      of: ['agents/data-gathering/decode-text.ts', 'MAX_BYTES'],
      unit: 'bytes',
      beyond: '`Data.TooLarge`',
    },
    {
      what: 'A line',
      of: ['agents/data-gathering/decode-text.ts', 'MAX_LINE'],
      unit: 'characters',
      beyond: '`Data.TooLarge`',
    },
    {
      what: 'Columns of a table',
      of: ['agents/data-gathering/parse-table.ts', 'MAX_COLUMNS'],
      unit: 'columns',
      beyond: '`Data.TooLarge`',
    },
    {
      what: 'Series in a long table',
      of: ['agents/data-gathering/pivot-table.ts', 'MAX_SERIES'],
      unit: 'series',
      beyond: '`Data.TooLarge`',
    },
    {
      what: 'Columns among which sums and derived columns are sought',
      of: ['agents/data-gathering/find-sums.ts', 'MAX_RELATED'],
      unit: 'columns',
      beyond: 'none are sought, and a remark says so',
    },
    {
      what: 'Columns among which differences, ratios and products of two are sought',
      of: ['agents/data-gathering/find-derived.ts', 'MAX_FOR_PAIRS'],
      unit: 'columns',
      beyond: 'none of these are sought',
    },
    {
      what: 'Periods with several rows that contradict each other',
      of: ['agents/data-gathering/check-frame.ts', 'MAX_CONFLICTS'],
      unit: 'periods',
      beyond: '`Data.Malformed`',
    },
    {
      what: 'Long gaps asked about one by one',
      of: ['agents/data-gathering/check-frame.ts', 'MAX_GAP_QUESTIONS'],
      unit: 'gaps',
      beyond: 'one question about all of them',
    },
    {
      what: 'Rounds of repair',
      of: ['agents/data-gathering/nodes.ts', 'MAX_REPAIRS'],
      unit: 'rounds',
      beyond: '`Data.Unfit`',
    },
  ],
  'Forecasts and charts': [
    {
      what: 'Periods forecast ahead',
      of: ['agents/forecasting/agent.ts', /horizon: z\.int\(\)\.min\(1\)\.max\((\d+)\)/],
      unit: 'periods',
      beyond: '`Input.Invalid` in *market-outlook*, whose input says the same',
    },
    {
      what: "A chart's title, as a person may ask for it",
      of: ['agents/visualisation/agent.ts', /title: z\.string\(\)\.min\(1\)\.max\((\d+)\)/],
      unit: 'characters',
      beyond: '`Decision.InvalidChanges`',
    },
  ],
};
