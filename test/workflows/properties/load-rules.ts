import type { Rules } from './rules.ts';

type Folder = {
  fold: typeof import('../../../workflows/fold/fold.ts');
  next: typeof import('../../../workflows/fold/next.ts');
  allow: typeof import('../../../workflows/fold/allow.ts');
  'initial-state': typeof import('../../../workflows/fold/initial-state.ts');
  restart: typeof import('../../../workflows/fold/restart.ts');
  fork: typeof import('../../../workflows/fold/fork.ts');
  'check-decision': typeof import('../../../workflows/fold/check-decision.ts');
  keys: typeof import('../../../workflows/fold/keys.ts');
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
  const { taskKey, isMade, artifactsOf } = await load('keys');
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
    keyOf: taskKey,
    isMade,
    versionId,
    artifactsOf,
  };
}
