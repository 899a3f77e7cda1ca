import { assertMeets } from '../../client/keep-artifact.ts';
import type { ActAnswer } from '../../contracts/messages.ts';
import { toFailure } from '../../contracts/failures.ts';
import { readValue } from '../ask-fields.ts';
import { isAtTerminal, PersonLeft, withTerminal } from '../ask-person.ts';
import { withClientOf } from '../connect.ts';
import type { Connected } from '../connect.ts';
import type { RunRow } from '../../contracts/ports.ts';
import type { State } from '../../contracts/state.ts';
import { commandLine } from '../how-to-call.ts';
import { print, printJson, say } from '../output.ts';
import { readJson, readJsonObject } from '../read-input.ts';
import { printOpen } from '../print-open.ts';
import { printSection } from '../sections.ts';
import { readPerson } from '../settings.ts';
import type { Settings } from '../settings.ts';
import type { Json } from '../../contracts/json.ts';
import type { RerunPlan } from '../../contracts/fold.ts';
import { baseOf } from '../../contracts/element-names.ts';

export interface PersonOptions {
  as?: string;
  role?: string[];
}

/** Does one thing to a run as a person, and says what it opened. */
export async function act(
  settings: Settings,
  run: string,
  done: string,
  work: (connected: Connected & { row: RunRow }) => Promise<ActAnswer>,
): Promise<void> {
  await withClientOf(settings, run, async (connected) => {
    const answer = await work(connected);
    print(`${connected.row.run}: ${done}`);
    printOpen(answer);
    if (settings.json) printJson({ run: connected.row.run, ...answer });
  });
}

export async function provide(
  settings: Settings,
  run: string,
  options: PersonOptions & { artifacts: string },
): Promise<void> {
  const artifacts = readJsonObject(options.artifacts, '--artifacts');
  await act(settings, run, `provided ${Object.keys(artifacts).join(', ')}`, async ({ client, row }) =>
    client.provide(row.run, artifacts, readPerson(options)),
  );
}

export async function amend(
  settings: Settings,
  run: string,
  field: string,
  given: string,
  options: PersonOptions,
): Promise<void> {
  await act(settings, run, `${field} amended`, async ({ client, row }) => {
    const { inputs } = (await client.state(row.run)).state.manifest;
    const input = inputs[field];
    const amendable = Object.keys(inputs).filter((one) => inputs[one]!.amendable);
    if (!input?.amendable)
      throw toFailure(
        'Command.Refused',
        `The input ${field} of ${row.process} can't be amended; ${amendable.join(', ') || 'none'} can.`,
        { name: field },
      );
    const fromFile = given === '-' || given.startsWith('@');
    const value = fromFile ? (readJson(given, field) as Json) : readValue(given, input.schema);
    assertMeets(value, input.schema, 'Input.Invalid', field);
    return client.amend(row.run, field, value, readPerson(options));
  });
}

export async function recall(
  settings: Settings,
  run: string,
  slot: string,
  options: PersonOptions,
): Promise<void> {
  await act(settings, run, `${slot} recalled; it is asked again`, async ({ client, row }) =>
    client.recall(row.run, slot, readPerson(options)),
  );
}

export async function cancel(
  settings: Settings,
  run: string,
  options: PersonOptions & { undo?: boolean; yes?: boolean },
): Promise<void> {
  const undo = options.undo ?? false;
  if (undo && !(await agreeToUndo(settings, run, options.yes ?? false))) return;
  await act(
    settings,
    run,
    undo ? 'cancelling, undoing what was done' : 'cancelling',
    async ({ client, row }) => client.cancel(row.run, readPerson(options), { undo }),
  );
}

/** Shows what was done in the world, newest first, and what becomes of it; then asks. */
async function agreeToUndo(settings: Settings, run: string, yes: boolean): Promise<boolean> {
  return withClientOf(settings, run, async ({ client, row }) => {
    const done = doneEffects((await client.state(row.run)).state);
    print(`Cancelling ${row.run}:`);
    printSection(
      'Was done, newest first',
      done.length === 0
        ? ['nothing']
        : done.map(({ slot, consequences, afterwards }) => `${slot}: ${consequences} ${afterwards}`),
    );
    print();
    const agreed = yes || (await confirm());
    if (agreed) return true;
    say('Nothing was done; with --yes it is.');
    if (settings.json) printJson({ run: row.run, done, accepted: false });
    return false;
  });
}

interface DoneEffect {
  slot: string;
  consequences: string;
  /** What a cancel with undo makes of it. */
  afterwards: string;
}

function doneEffects({ slots, manifest }: State): DoneEffect[] {
  return Object.entries(slots)
    .filter(([, { status }]) => status === 'done')
    .map(([slot]) => {
      const { consequences, undoable, undoBy } = manifest.effects[baseOf(slot)]!;
      const asked = undoBy && ('role' in undoBy ? `someone in the role ${undoBy.role}` : undoBy.person);
      const undone = asked === undefined ? 'It is undone.' : `It is undone if ${asked} agrees.`;
      return { slot, consequences, afterwards: undoable ? undone : "It stays: it can't be undone." };
    })
    .toReversed();
}

export async function rerun(
  settings: Settings,
  run: string,
  options: PersonOptions & { from: string; yes?: boolean },
): Promise<void> {
  await withClientOf(settings, run, async ({ client, row }) => {
    const plan = await client.planRerun(row.run, options.from);
    print(
      `Re-running ${row.run} from ${options.from}, ${row.closedAt === null ? 'in its present epoch' : `as epoch ${plan.epoch}`}:`,
    );
    describePlan(plan);
    print();
    const agreed = options.yes ?? (await confirm());
    const done = agreed ? await client.rerun(row.run, options.from, readPerson(options)) : null;
    if (done)
      print(`${done.run} runs again, epoch ${done.epoch}: \`${commandLine(settings, 'show', done.run)}\``);
    else say('Nothing was done; with --yes it is.');
    if (settings.json) printJson({ plan, done });
  });
}

function describePlan({ again, stays, asks, slots }: RerunPlan): void {
  printSection('Runs again', again.length > 0 ? again : ['nothing']);
  printSection('Stays', stays);
  printSection(
    'People are asked again, where what is remade differs',
    asks.map(({ kind, name, place }) => `${name} (${kind} of ${place})`),
  );
  printSection(
    'Done in the world already',
    slots.map(
      ({ slot, digest, affected }) =>
        `${slot} holds ${digest.slice(0, 12)}: ${affected ? 'a person is asked what to do with other content' : 'not touched'}`,
    ),
  );
}

async function confirm(): Promise<boolean> {
  if (!isAtTerminal()) return false;
  try {
    return await withTerminal(async (ask) => (await ask('Go on? y/N ')).toLowerCase() === 'y');
  } catch (error) {
    if (error instanceof PersonLeft) return false;
    throw error;
  }
}
