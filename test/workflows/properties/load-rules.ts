import type { Rules } from './rules.ts';

type Folder = {
  fold: typeof import('../../../workflows/fold/fold.ts');
  next: typeof import('../../../workflows/fold/next.ts');
  allow: typeof import('../../../workflows/fold/allow.ts');
  'initial-state': typeof import('../../../workflows/fold/initial-state.ts');
  restart: typeof import('../../../workflows/fold/restart.ts');
  fork: typeof import('../../../workflows/fold/fork.ts');
  'check-decision': typeof import('../../../workflows/fold/check-decision.ts');
  view: typeof import('../../../workflows/fold/view.ts');
  demand: typeof import('../../../workflows/fold/demand.ts');
  versions: typeof import('../../../workflows/fold/versions.ts');
};

/** The rules in a folder: those of the project, or a mutated copy of them. */
export async function loadRules(folder: URL): Promise<Rules> {
  const load = async <K extends keyof Folder>(name: K): Promise<Folder[K]> =>
    (await import(/* @vite-ignore */ new URL(`${name}.ts`, folder).href)) as Folder[K];
  const { fold } = await load('fold');
  const { next } = await load('next');
  const { mayDecide } = await load('allow');
  const { initialState } = await load('initial-state');
  const { restart } = await load('restart');
  const { fork } = await load('fork');
  const { checkDecision } = await load('check-decision');
  const { viewOf } = await load('view');
  const { demandOf } = await load('demand');
  const { versionId } = await load('versions');
  return {
    fold,
    next,
    mayDecide,
    initialState,
    restart,
    fork: (state, performs) => fork(state, { run: `${state.run}-fork`, performs }),
    checkDecision(state, decision) {
      const answer = checkDecision(state, decision);
      return typeof answer === 'string' ? answer : null;
    },
    keyOf(state, agent) {
      const task = viewOf(state).task(agent);
      return task.state === 'keyed' ? task.key : undefined;
    },
    isMade(state, agent) {
      const produces = Object.keys(state.manifest.tasks[agent]?.produces ?? {});
      return produces.every((artifact) => viewOf(state).cell(artifact).state !== 'waiting');
    },
    versionId,
    artifactsOf(state) {
      const { cells } = demandOf(viewOf(state));
      return Object.fromEntries(
        Array.from(cells, ([name, cell]) => [
          name,
          { state: cell.state, firm: cell.firm, version: 'version' in cell ? cell.version : null },
        ]),
      );
    },
  };
}
