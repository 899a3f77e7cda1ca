import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { AgentImplementation } from '../agents/implement-agent.ts';
import type { DataFolders } from '../agents/data-gathering/read-dataset.ts';
import type { Trigger } from '../contracts/define-trigger.ts';
import type { Connector } from '../contracts/ports.ts';
import type { Manifest } from '../contracts/manifest.ts';
import type { Process } from '../contracts/process-types.ts';
import { toFailure } from '../contracts/failures.ts';

/** What a project has: the default export of its `baton.config.ts`, from which worker and command line are made. */
export interface Project {
  processes: readonly Process[];
  agents: readonly AgentImplementation[];
  connectors?: { readonly [name: string]: Connector };
  /** Where data sets may be read from. */
  data?: Partial<DataFolders>;
  /** Signed messages that start runs: `baton hooks` takes them. */
  triggers?: { readonly [name: string]: Trigger };
  models?: { readonly [route: string]: BaseChatModel };
}

/** Throws `Process.Invalid` where a process needs an agent or a connector that the project does not have. */
export function defineProject(project: Project): Project {
  const agents = new Set(project.agents.map(({ agent }) => agent.name));
  const names = new Set<string>();
  for (const { name, manifest } of project.processes) {
    if (names.has(name)) throw invalid(name, `Two processes are called ${name}: name one of them otherwise.`);
    names.add(name);
    checkManifest(project, agents, manifest);
  }
  for (const [name, { process }] of Object.entries(project.triggers ?? {}))
    if (!project.processes.includes(process))
      throw invalid(name, `The trigger ${name} starts ${process.name}: add it to \`processes\`.`);
  return project;
}

/** Also of the processes that are its agents. */
function checkManifest(project: Project, agents: ReadonlySet<string>, manifest: Manifest): void {
  const { name } = manifest;
  for (const [task, { maker, process }] of Object.entries(manifest.tasks)) {
    if (process) checkManifest(project, agents, process.manifest);
    else if (maker === 'agent' && !agents.has(task)) {
      throw invalid(
        task,
        `${name} has ${task} in its team, and no agent here implements it: add it to \`agents\`.`,
      );
    }
  }
  for (const [effect, { connector, undoable }] of Object.entries(manifest.effects)) {
    if (!Object.hasOwn(project.connectors ?? {}, connector)) {
      throw invalid(
        connector,
        `The effect ${effect} of ${name} uses the connector ${connector}: add it to \`connectors\`.`,
      );
    }
    if (undoable && !project.connectors?.[connector]?.undoes) {
      throw invalid(
        effect,
        `The effect ${effect} of ${name} is undoable, and the connector ${connector} can't undo: give it one that \`undoes\`, or leave \`undoable\` out.`,
      );
    }
  }
}

const invalid = (name: string, message: string): Error => toFailure('Process.Invalid', message, { name });
