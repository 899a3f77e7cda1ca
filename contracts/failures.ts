import { ApplicationFailure } from '@temporalio/common';
import { toMessage } from './well-formed.ts';

interface Row {
  retryable: boolean;
  /** What the user can do. */
  mend: string;
}

/** Every failure that Baton itself raises: whether Temporal retries it, and what its reader should do. */
export const failures = {
  'Project.NotFound': {
    retryable: false,
    mend: 'Go to the folder of your baton.config.ts, or name the file with --config.',
  },
  'Project.NotModule': {
    retryable: false,
    mend: 'Write "type": "module" into its package.json: `npm pkg set type=module`.',
  },
  'Project.NotEmpty': {
    retryable: false,
    mend: 'Name a new folder, or an empty one: nothing is overwritten.',
  },
  'Package.Missing': {
    retryable: false,
    mend: 'Install the package with the command that the message gives; only what names it needs it.',
  },
  'Process.Unknown': {
    retryable: false,
    mend: 'Name a process that this worker has; `baton doctor` lists them.',
  },
  'Process.Invalid': { retryable: false, mend: 'Mend the definition at the place named, then start again.' },
  'Process.NotFinished': {
    retryable: false,
    mend: 'Look at the run that is named: `baton show RUN`. Retry takes it up again; else supply its artifacts, or stop.',
  },
  'Input.Invalid': {
    retryable: false,
    mend: 'Give the input fields, and artifacts supplied with them, as the process declares them.',
  },
  'Time.Invalid': {
    retryable: false,
    mend: "Give a length of time such as '2 hours', or a moment to come with its offset from UTC, such as 2030-12-01T09:00+08:00.",
  },
  'Input.Missing': { retryable: false, mend: 'Give every field that is not optional.' },
  'Key.InUse': {
    retryable: false,
    mend: 'Use the run that holds this business key, or start with another key.',
  },
  'Trigger.Unknown': {
    retryable: false,
    mend: "Post to /hooks/NAME, with a name from the project's `triggers`.",
  },
  'Message.Malformed': {
    retryable: false,
    mend: 'Send JSON in UTF-8, in the form that the trigger reads.',
  },
  'Message.TooLarge': { retryable: false, mend: 'Send less: what is large comes as a reference.' },
  'Message.BadSignature': {
    retryable: false,
    mend: 'Sign webhook-id, webhook-timestamp and the body as Standard Webhooks has it, with the present secret.',
  },
  'Message.Expired': { retryable: false, mend: 'Sign it anew, with the present time.' },
  'Schedule.Invalid': {
    retryable: false,
    mend: "Give a cron line such as '0 9 * * 1-5', an interval such as '2 hours', or a calendar, and a time zone such as Asia/Hong_Kong.",
  },
  'Schedule.Exists': {
    retryable: false,
    mend: 'Choose another name, or delete the schedule that has it: `baton schedule delete NAME`.',
  },
  'Schedule.Unknown': {
    retryable: false,
    mend: 'Check the name; `baton schedule list` lists the schedules.',
  },
  'Run.Unknown': { retryable: false, mend: 'Check the run id; `baton runs` lists the runs.' },
  'Run.Closed': { retryable: false, mend: 'Re-run it: `baton rerun RUN --from TASK` shows the plan first.' },
  'Run.Closing': { retryable: true, mend: 'The last step is under way: ask again in a moment.' },
  'Run.TooLong': {
    retryable: false,
    mend: 'Divide the work among several runs, or keep facts short: a re-run takes up what this one made.',
  },
  'Run.OldEpoch': { retryable: false, mend: 'A newer re-run of this run is live; work with that one.' },
  'Task.Unknown': { retryable: false, mend: 'Name one of the tasks that the message lists.' },
  'Agent.Unknown': {
    retryable: false,
    mend: 'Register the agent with the worker that serves this task queue.',
  },
  'Agent.Failed': {
    retryable: true,
    mend: 'Read the cause; retry, redo with other fields, or supply the artifact.',
  },
  'Agent.TimedOut': {
    retryable: true,
    mend: "Raise the agent's `timeout`, or make its graph save smaller steps.",
  },
  'Agent.InvalidOutput': { retryable: false, mend: 'Make the graph return what `produces` declares.' },
  'Agent.InvalidFacts': {
    retryable: false,
    mend: 'Make the facts that the graph returns match the declared schema.',
  },
  'Agent.EditFailed': { retryable: false, mend: 'Change the edit, or approve without it.' },
  'Agent.NoModel': { retryable: false, mend: 'Give the worker a model for this route.' },
  'Agent.BadAnswer': { retryable: false, mend: 'Answer in the form that the question asks for.' },
  'Data.NotFound': { retryable: false, mend: "Check the data set's name or path." },
  'Data.NotAllowed': {
    retryable: false,
    mend: 'Put the file under an allowed data folder, or allow its folder.',
  },
  'Data.Malformed': { retryable: false, mend: 'Mend the file at the place named.' },
  'Data.TooLarge': { retryable: false, mend: 'Give a smaller file, or raise the limit.' },
  'Data.Empty': { retryable: false, mend: 'Give a file with a header and at least one row.' },
  'Data.Unfit': { retryable: false, mend: 'Leave the series out, or give a longer history.' },
  'Checkpoint.NotOpen': { retryable: false, mend: 'Look at the run again: this is not being asked now.' },
  'Checkpoint.Stale': {
    retryable: false,
    mend: 'What you saw has changed since: look again, then decide on what is there now.',
  },
  'Checkpoint.NotOffered': {
    retryable: false,
    mend: 'Choose one of the decisions that the checkpoint offers.',
  },
  'Decision.Unsigned': {
    retryable: false,
    mend: 'Decide through a door: the command line, the desk, or the client with a signing key.',
  },
  'Decision.Untrusted': { retryable: false, mend: "Have the door's key added to the run's trusted keys." },
  'Decision.BadSignature': { retryable: false, mend: 'Sign the decision again; it was altered on its way.' },
  'Decision.Expired': { retryable: false, mend: 'Decide again; the signature was good for a limited time.' },
  'Decision.WrongRun': {
    retryable: false,
    mend: 'This decision was signed for another run or epoch: look again and decide there.',
  },
  'Decision.Malformed': { retryable: false, mend: 'Send the decision in the documented form.' },
  'Decision.IdInUse': { retryable: false, mend: 'Another decision bears this id: mint a new one.' },
  'Decision.NotAllowed': {
    retryable: false,
    mend: 'Someone in the role that the checkpoint names has to decide.',
  },
  'Decision.FourEyes': {
    retryable: false,
    mend: 'Someone who neither started, supplied nor edited it has to decide.',
  },
  'Decision.InvalidEdit': {
    retryable: false,
    mend: 'Edit only what the checkpoint lets you edit, in its form.',
  },
  'Decision.InvalidChanges': {
    retryable: false,
    mend: 'Ask for changes in the fields that the agent declares.',
  },
  'Decision.InvalidAnswer': { retryable: false, mend: 'Answer in the form that the question asks for.' },
  'Decision.InvalidSupply': { retryable: false, mend: 'Supply the artifact in its declared form.' },
  'Command.Refused': { retryable: false, mend: "Look at the run's state: this does not apply to it now." },
  'Effect.Refused': {
    retryable: false,
    mend: 'Mend what the other side names, then retry, leave it, or stop.',
  },
  'Effect.Uncertain': {
    retryable: false,
    mend: 'Find out on the other side whether it happened, and say so.',
  },
  'Effect.NoConnector': { retryable: false, mend: 'Register the connector with the worker.' },
  'Credential.Missing': {
    retryable: false,
    mend: 'Set the environment variable where the worker is started, then start it again.',
  },
  'Effect.Leased': {
    retryable: true,
    mend: 'Another attempt may still be at work; it is tried again when its lease ends.',
  },
  'Artifact.Unknown': {
    retryable: false,
    mend: 'The store does not hold this content; check that worker and client use the same store.',
  },
  'Artifact.NotMade': {
    retryable: false,
    mend: 'Name an artifact that the run has; `baton show RUN` lists them.',
  },
  'Artifact.NoSuchPlace': {
    retryable: false,
    mend: 'Name a place that is there; `baton show RUN --artifact NAME` prints the whole artifact.',
  },
  'Artifact.Erased': {
    retryable: false,
    mend: 'The content was erased; make it again from its task, or supply it.',
  },
  'Artifact.Altered': {
    retryable: false,
    mend: 'The stored content no longer matches its digest: restore it from a backup.',
  },
  'Store.Unavailable': {
    retryable: true,
    mend: "Check the store's folder: it must be writable, with space left.",
  },
  'Store.Newer': { retryable: false, mend: 'The store was written by a newer Baton: update this one.' },
  'Ledger.Broken': {
    retryable: false,
    mend: 'A record was altered, removed, reordered or cut off: see which, and restore it from a backup.',
  },
  'Snapshot.Fenced': { retryable: false, mend: 'A newer attempt of this task is at work; nothing to do.' },
  'Server.NotFound': {
    retryable: false,
    mend: 'Set TEMPORAL_ADDRESS, install the `temporal` program, or install Go 1.26.',
  },
  'Server.StartFailed': { retryable: false, mend: "Read the last lines of the server's log, shown above." },
  'Server.Unreachable': {
    retryable: true,
    mend: 'Start the server, or set TEMPORAL_ADDRESS to where it is.',
  },
  'Server.PortInUse': { retryable: false, mend: 'Choose another port, or end the program that holds it.' },
  'Worker.None': { retryable: false, mend: 'Start a worker: `baton dev`.' },
  'File.NotWritable': { retryable: false, mend: 'Choose a folder that you may write to.' },
} as const satisfies Record<string, Row>;

export type FailureType = keyof typeof failures;

/** The one way to raise a failure of the table; `details[0]` names what it happened to. */
export function toFailure(
  type: FailureType,
  message: string,
  options: { name?: string; cause?: unknown } = {},
): ApplicationFailure {
  return ApplicationFailure.create({
    type,
    message: toMessage(message),
    nonRetryable: !failures[type].retryable,
    details: [{ name: options.name?.toWellFormed() ?? null, mend: failures[type].mend }],
    ...(options.cause instanceof Error ? { cause: options.cause } : {}),
  });
}

/** The table's row for a failure type, if it is one of Baton's. */
export function isFailureType(type: unknown): type is FailureType {
  return typeof type === 'string' && Object.hasOwn(failures, type);
}
