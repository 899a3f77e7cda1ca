import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import type { AgentImplementation, GraphPorts } from '../../agents/implement-agent.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import type { Question } from '../../contracts/outcome.ts';
import { readNeed } from '../../contracts/define-agent.ts';
import { readProgress } from '../../contracts/progress.ts';
import { toFailure } from '../../contracts/failures.ts';
import { createAnswerScript } from '../answer-script.ts';
import type { AnswerScript } from '../answer-script.ts';
import { askValue } from '../ask-fields.ts';
import { isAtTerminal, withTerminal } from '../ask-person.ts';
import { describeQuestion } from '../describe-checkpoint.ts';
import { withInterrupt } from '../interrupt.ts';
import { createLogger } from '../logger.ts';
import { describeProgress } from '../describe-progress.ts';
import { paint, print, printJson, readableDuration, say } from '../output.ts';
import { previewArtifact } from '../preview-artifact.ts';
import { readJsonObject } from '../read-input.ts';
import { assertElement, readRecorded } from '../recorded-attempt.ts';
import { firstAnswer } from '../scripted-decision.ts';
import { loadProject } from '../settings.ts';
import type { Settings } from '../settings.ts';

export interface RunAgentOptions {
  input: string;
  /** A run of which an attempt is worked again, with what it was given. */
  from?: string;
  task?: string;
  attempt?: string;
  /** The key of the element that an agent with `each` is given. */
  element?: string;
  fields?: string;
  words?: string;
  answers?: string;
  to?: string;
}

/** One agent alone: in memory, with no server, no store and nothing on record. */
export async function runAgentAlone(
  settings: Settings,
  name: string,
  options: RunAgentOptions,
): Promise<void> {
  const { project } = await loadProject(settings);
  const implementation = project.agents.find(({ agent }) => agent.name === name);
  if (!implementation) {
    const known = project.agents.map(({ agent }) => agent.name).join(', ') || 'none';
    throw toFailure('Agent.Unknown', `There is no agent ${name}; this project has ${known}.`, { name });
  }
  const recorded = await readRecorded(settings, implementation, options);
  const element = options.element ?? recorded?.element;
  const words = options.words ?? recorded?.words;
  assertElement(implementation, element);
  const given = { ...recorded?.needs, ...readJsonObject(options.input, '--input') };
  const fields =
    options.fields === undefined ? (recorded?.fields ?? {}) : readJsonObject(options.fields, '--fields');
  const input: JsonObject = {
    ...readNeeds(implementation, given),
    adjust: readAdjust(implementation, fields),
    ...(words !== undefined && { words }),
    ...(element !== undefined && { element }),
  };
  const script = createAnswerScript(
    options.answers === undefined ? {} : readJsonObject(options.answers, '--answers'),
  );
  const begin = performance.now();
  const values = await withInterrupt(async (signal) =>
    workAlone(settings, project, implementation, { input, answers: recorded?.answers ?? {} }, script, signal),
  );
  script.assertAllAsked();
  const made = checkProduced(implementation, values);
  if (settings.json) {
    printJson(made);
    return;
  }
  print(`${paint('green', 'done')} in ${readableDuration(performance.now() - begin)}`);
  for (const [artifact, value] of Object.entries(made)) {
    if (options.to === undefined) {
      print(paint('bold', artifact));
      for (const line of JSON.stringify(value, null, 2).split('\n')) print(line);
    } else for (const file of previewArtifact(path.resolve(options.to), artifact, value)) print(file);
  }
}

function readNeeds({ agent }: AgentImplementation, given: JsonObject): JsonObject {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(agent.needs, name));
  if (unknown !== undefined)
    throw toFailure(
      'Input.Invalid',
      `${agent.name} needs no ${unknown}; it needs ${Object.keys(agent.needs).join(', ') || 'nothing'}.`,
      { name: unknown },
    );
  const needs: JsonObject = {};
  for (const [name, need] of Object.entries(agent.needs)) {
    const { schema: own, optional, whole } = readNeed(need);
    const schema = whole ? z.record(z.string(), own) : own;
    if (given[name] === undefined) {
      if (optional) continue;
      throw toFailure('Input.Missing', `${agent.name} needs ${name}.`, { name });
    }
    const parsed = schema.safeParse(given[name]);
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!;
      const field = [name, ...issue.path].join('.');
      throw toFailure('Input.Invalid', `${agent.name}: ${field}: ${issue.message}`, { name: field });
    }
    needs[name] = parsed.data as Json;
  }
  return needs;
}

function readAdjust({ agent }: AgentImplementation, fields: JsonObject): JsonObject {
  if (!agent.adjust) return fields;
  const parsed = agent.adjust.safeParse(fields);
  if (parsed.success) return parsed.data as JsonObject;
  const issue = parsed.error.issues[0]!;
  const field = issue.path.join('.');
  throw toFailure('Input.Invalid', `${agent.name}: --fields: ${field}: ${issue.message}`, { name: field });
}

async function workAlone(
  settings: Settings,
  project: Awaited<ReturnType<typeof loadProject>>['project'],
  implementation: AgentImplementation,
  { input, answers: before }: { input: JsonObject; answers: { [question: string]: Json } },
  script: AnswerScript,
  signal: AbortSignal,
): Promise<{ [artifact: string]: unknown }> {
  const [{ createComputePool }, { createDatasetLocator, createDatasetReader }, { openWork }] =
    await Promise.all([
      import('../../worker/compute-pool.ts'),
      import('../../agents/data-gathering/read-dataset.ts'),
      import('../../activities/open-work.ts'),
    ]);
  const logger = createLogger(settings);
  const folders = { named: project.data?.named ?? {}, folders: project.data?.folders ?? [] };
  const pool = createComputePool();
  const ports: GraphPorts = {
    compute: pool.computeOf(implementation),
    readData: createDatasetReader(folders),
    locateData: createDatasetLocator(folders),
    model: (route = 'default') => {
      const model = project.models?.[route];
      if (model) return model;
      throw toFailure('Agent.NoModel', `This project has no language model for the route ${route}.`, {
        name: route,
      });
    },
    log: (fields, message) => logger.info(fields, message),
    progress(said) {
      const read = readProgress(said);
      if (read) say(paint('dim', describeProgress(read)));
    },
  };
  const thread = randomUUID();
  let saved: Uint8Array | undefined;
  let answers = before;
  try {
    for (;;) {
      const work = openWork(implementation, {
        ports,
        logger,
        thread,
        save: async (content) => {
          saved = content;
        },
        saved,
      });
      const end = await work.run({ input: async () => input, answers, signal });
      if (end.kind === 'done') return end.values;
      if (end.kind === 'asks') answers = { ...answers, ...(await answerAll(end.questions, script)) };
    }
  } finally {
    await pool.close();
  }
}

/** Answers by the script; else by the person at this terminal, or, where there is none, with the first that is offered. */
async function answerAll(questions: Question[], script: AnswerScript): Promise<{ [question: string]: Json }> {
  const answers: { [question: string]: Json } = {};
  for (const [index, question] of questions.entries()) {
    const { title, lines } = describeQuestion(question.prompt);
    print(paint('bold', `▸ ${title}`));
    for (const line of lines) print(`  ${line}`);
    const stated = script.answer(question, index);
    if (stated === undefined && isAtTerminal()) {
      const answer = await withTerminal(async (ask) => askValue(ask, 'answer', question.answer ?? {}));
      if (answer === undefined)
        throw toFailure('Agent.BadAnswer', 'It was not answered.', { name: question.id });
      answers[question.id] = answer;
    } else {
      answers[question.id] = stated ?? firstAnswer(question.answer ?? {});
      say(
        `  answered ${JSON.stringify(answers[question.id])} ${stated === undefined ? '(the first offered)' : '(by --answers)'}`,
      );
    }
  }
  return answers;
}

function checkProduced(
  { agent }: AgentImplementation,
  values: { [artifact: string]: unknown },
): { [artifact: string]: Json } {
  return Object.fromEntries(
    Object.entries(agent.produces).map(([name, schema]) => {
      const parsed = schema.safeParse(values[name]);
      if (parsed.success) return [name, parsed.data as Json];
      const issue = parsed.error.issues[0]!;
      throw toFailure(
        'Agent.InvalidOutput',
        `${agent.name}: ${[name, ...issue.path].join('.')}: ${issue.message}`,
        { name },
      );
    }),
  );
}
