import type { Facts } from '../contracts/artifact.ts';
import type { Checkpoint, Verb } from '../contracts/checkpoint.ts';
import { isFailureType } from '../contracts/failures.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import { mendOf, phrase } from './language/phrase.ts';
import { labelled } from './output.ts';

/** What each decision leads to, in one line. */
export const verbMeanings: { [V in Verb]: string } = {
  approve: 'approve it as shown',
  edit: 'change it by hand; you see the result before it counts',
  withdrawEdit: 'take the edit back',
  changes: 'ask for changes: an agent makes it again',
  reject: 'reject it',
  leave: 'leave it as it is',
  amend: 'replace what was done by what is shown',
  undo: 'undo what was done',
  undoThenDo: 'undo what was done, then do what is shown',
  answer: 'answer',
  supply: 'supply it yourself',
  retry: 'try once more',
  redo: 'have it made again, with other fields or words',
  without: 'go on without it',
  stop: 'stop the run',
  happened: 'it did happen',
  didNot: 'it did not happen',
};

const titles: { [K in Checkpoint['kind']]: (checkpoint: Checkpoint) => string } = {
  review: ({ name, cell }) =>
    cell === undefined ? phrase`${name}: may this be used?` : phrase`${name}: may ${cell} be used?`,
  authorise: ({ name, shown }) => phrase`${name}: shall this happen? ${shown.effect?.consequences ?? ''}`,
  correction: ({ shown, offers }) => {
    const effect = shown.effect?.name ?? phrase`An effect`;
    return offers.includes('undo')
      ? phrase`${effect} was done, and is not wanted any more. Shall it be undone?`
      : phrase`${effect} was done with other content. What now?`;
  },
  question: ({ task, shown }) =>
    phrase`${task ?? phrase`An agent`} asks: ${describeQuestion(shown.question ?? null).title}`,
  input: ({ task }) => phrase`${task ?? phrase`This`} is supplied by a person.`,
  exception: ({ task, slot, shown }) =>
    phrase`${task ?? slot ?? phrase`This`} can't go on: ${shown.failure?.message ?? phrase`see below`}`,
};

/** Who is asked what, and exactly what will happen. */
export function describeCheckpoint(checkpoint: Checkpoint): string[] {
  const { by, fourEyes, shown, kind } = checkpoint;
  const who = 'role' in by ? phrase`someone in the role ${by.role}` : by.person;
  const lines = [
    titles[kind](checkpoint),
    labelled(phrase`asked of`, fourEyes ? phrase`${who}, who took no part in it` : who),
  ];
  for (const [artifact, subject] of Object.entries(shown.subjects)) {
    lines.push(
      subject
        ? labelled(phrase`subject`, `${artifact} ${subject.digest.slice(0, 12)}  ${factsText(subject.facts)}`)
        : labelled(phrase`subject`, phrase`${artifact}: absent`),
    );
  }
  if (shown.effect) {
    lines.push(
      labelled(phrase`through`, phrase`${shown.effect.connector}, to ${inWords(shown.effect.destination)}`),
    );
    if (JSON.stringify(shown.effect.arguments) !== '{}')
      lines.push(labelled(phrase`with`, inWords(shown.effect.arguments)));
    if (shown.effect.filled)
      lines.push(labelled(phrase`holds`, phrase`${shown.effect.filled.slice(0, 12)} already`));
  }
  if (shown.lapsed)
    lines.push(
      labelled(
        phrase`lapsed`,
        phrase`an earlier edit or supply no longer fits: ${shown.lapsed.digest.slice(0, 12)}`,
      ),
    );
  if (shown.draft) lines.push(...describeDraft(shown.draft));
  if (shown.failure) lines.push(...describeFailure(shown.failure.type));
  if (kind === 'question')
    lines.push(...describeQuestion(shown.question ?? null).lines, ...describeAnswers(checkpoint));
  return lines;
}

function describeFailure(type: string): string[] {
  return [
    labelled(phrase`failure`, type),
    ...(isFailureType(type) ? [labelled(phrase`mend`, mendOf(type))] : []),
  ];
}

/** What may be answered, where there is a choice that the question itself does not spell out. */
function describeAnswers({ accepts, shown }: Checkpoint): string[] {
  const choices = accepts.answer?.['enum'];
  if (!Array.isArray(choices)) return [];
  const told = JSON.stringify(shown.question ?? null);
  return choices.every((choice) => told.includes(`"id":${JSON.stringify(choice)}`))
    ? []
    : [labelled(phrase`answers`, choices.map(inWords).join(', '))];
}

function describeDraft(draft: NonNullable<Checkpoint['shown']['draft']>): string[] {
  const result =
    draft.failure ??
    (draft.result
      ? phrase`makes ${draft.result.digest.slice(0, 12)}  ${factsText(draft.result.facts)}`
      : phrase`is being applied`);
  return [labelled(phrase`edit`, phrase`${JSON.stringify(draft.delta)} by ${draft.by}: ${result}`)];
}

/** A question's text, and what it says beside it: choices with what they mean, figures. */
export function describeQuestion(prompt: Json): { title: string; lines: string[] } {
  if (typeof prompt === 'string') return { title: prompt, lines: [] };
  if (isObject(prompt) && prompt['question'] === undefined && prompt['prompt'] !== undefined)
    return describeQuestion(prompt['prompt']);
  if (!isObject(prompt) || typeof prompt['question'] !== 'string')
    return { title: JSON.stringify(prompt), lines: [] };
  const { question, kind: _kind, ...details } = prompt;
  return { title: question as string, lines: Object.entries(details).flatMap(describeDetail) };
}

function describeDetail([name, value]: [string, Json]): string[] {
  if (!Array.isArray(value))
    return [`${name.padEnd(10)} ${typeof value === 'string' ? value : JSON.stringify(value)}`];
  return value.map((one, index) => `${(index === 0 ? name : '').padEnd(10)} ${describeItem(one)}`);
}

/** JSON without its brackets: `folder out, files a.txt, b.txt`. */
function inWords(value: Json): string {
  if (Array.isArray(value)) return value.map(inWords).join(value.some(hasSeveralParts) ? '; ' : ', ');
  if (isNamedPart(value)) return value.name;
  if (isObject(value))
    return Object.entries(value)
      .map(([name, member]) => `${name} ${inWords(member)}`)
      .join(', ');
  return String(value);
}

/** A file or the like that is one member of an artifact: which artifact, the line of the subject says. */
function isNamedPart(value: Json): value is { name: string } {
  return (
    isObject(value) &&
    typeof value['name'] === 'string' &&
    Object.keys(value).every((member) => ['name', 'artifact', 'member'].includes(member))
  );
}

const hasSeveralParts = (value: Json): boolean => isObject(value) && !isNamedPart(value);

/** `id  label: detail`, as far as an item has them. */
function describeItem(item: Json): string {
  if (typeof item === 'string') return item;
  if (!isObject(item)) return JSON.stringify(item);
  const { id, label, ...rest } = item;
  const named = [id, label === id ? undefined : label].filter((part) => typeof part === 'string').join('  ');
  const details = Object.values(rest).map((part) => (typeof part === 'string' ? part : JSON.stringify(part)));
  return [named, details.join(', ')].filter((part) => part !== '').join(': ');
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function factsText(facts: Facts): string {
  return Object.entries(facts)
    .map(
      ([name, value]) =>
        `${name} ${typeof value === 'number' ? Number(value.toPrecision(6)) : String(value)}`,
    )
    .join(', ');
}
