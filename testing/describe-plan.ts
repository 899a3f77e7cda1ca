import type { Checkpoint } from '../contracts/checkpoint.ts';
import type { Condition, Manifest, Who } from '../contracts/manifest.ts';
import type { Process } from '../contracts/process-types.ts';
import type { State } from '../contracts/state.ts';
import { artifactsOf } from '../workflows/fold/keys.ts';
import { next } from '../workflows/fold/next.ts';

/**
 * A plan as text for snapshots: of a process, who makes what from what, and who is asked; of a run's state, what is
 * next, and how everything stands that it needs. No digest and no time is in it: equal plans give equal text.
 */
export function planOf(process: Pick<Process, 'manifest'>, run?: State | { readonly state: State }): string {
  const state = run && ('state' in run ? run.state : run);
  return `${(state ? planOfState(state) : planOfManifest(process.manifest)).join('\n')}\n`;
}

function planOfManifest({ name, inputs, tasks, outputs, checkpoints, effects, planner }: Manifest): string[] {
  return [
    `process ${name}${planner.kind === 'fixed' ? `, in the order ${planner.order.join(', ')}` : ''}`,
    ...section(
      'inputs',
      Object.keys(inputs).map((field) => `${field}${inputs[field]!.optional ? '?' : ''}`),
    ),
    ...section(
      'tasks',
      Object.entries(tasks).map(([task, { maker, needs, produces, when, each }]) => {
        const from = Object.entries(needs).map(
          ([need, { optional, whole }]) => `${need}${whole ? '*' : ''}${optional ? '?' : ''}`,
        );
        const by = maker === 'agent' ? '' : ` (${maker})`;
        const over = each ? `, for each of ${each.over}` : '';
        return `${task}${by}: ${from.join(', ') || 'nothing'} -> ${Object.keys(produces).join(', ')}${over}${only(when)}`;
      }),
    ),
    ...section(
      'checkpoints',
      Object.entries(checkpoints).map(([checkpoint, one]) => {
        const about = one.kind === 'review' ? `review of ${one.of}` : `before ${one.effect}`;
        return `${checkpoint}: ${about}, ${whoText(one.by)}${one.fourEyes ? ', four eyes' : ''}${only(one.when)}`;
      }),
    ),
    ...section(
      'effects',
      Object.entries(effects).map(([effect, { subjects, connector, each, recall, receipt, when }]) => {
        const gives = receipt === undefined ? '' : ` -> ${receipt}`;
        const more = `${each ? ', for each' : ''}${recall > 0 ? `, recalled within ${recall} ms` : ''}${only(when)}`;
        return `${effect}: ${subjects.join(', ')} by ${connector}${gives}${more}`;
      }),
    ),
    ...section(
      'outputs',
      Object.keys(outputs).map((output) => `${output}${outputs[output]!.optional ? '?' : ''}`),
    ),
  ];
}

function planOfState(state: State): string[] {
  const { ask, start, cancel, applyEdit, perform, wait, close } = next(state);
  return [
    `run of ${state.manifest.name}, epoch ${state.epoch}: ${state.status}`,
    ...section('next', [
      ...cancel.map(({ task }) => `cancel ${task}`),
      ...start.map(({ task, attempt }) => `start ${task}${attempt > 1 ? `, attempt ${attempt}` : ''}`),
      ...applyEdit.map(({ cell }) => `edit ${cell}`),
      ...ask.map(askText),
      ...wait.map(({ slot, milliseconds }) => `wait ${milliseconds} ms before ${slot}`),
      ...perform.map(({ slot, verb, n }) => `${verb} ${slot}${n > 0 ? `, n ${n}` : ''}`),
      ...(close ? [`close as ${close}`] : []),
    ]),
    ...section(
      'artifacts',
      Object.entries(artifactsOf(state)).map(
        ([cell, { state: stands, firm }]) =>
          `${cell}: ${stands}${stands === 'usable' && !firm ? ', not firm' : ''}`,
      ),
    ),
    ...section(
      'effects',
      Object.entries(state.slots).map(
        ([slot, { status, n }]) => `${slot}: ${status}${n > 0 ? `, n ${n}` : ''}`,
      ),
    ),
  ];
}

function askText({ kind, name, cell, task, slot, by, offers, round }: Checkpoint): string {
  const about = slot ?? cell ?? task ?? name;
  const again = round > 0 ? `, round ${round}` : '';
  return `ask ${name} (${kind} of ${about}), ${whoText(by)}: ${offers.join(', ')}${again}`;
}

/** In alphabetical order: that in which things were declared or made is no part of a plan. */
function section(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.toSorted().map((line) => `  ${line}`)];
}

const whoText = (who: Who): string => ('role' in who ? `by role ${who.role}` : `by ${who.person}`);
const only = (when: Condition | undefined): string => (when ? `, when ${JSON.stringify(when)}` : '');
