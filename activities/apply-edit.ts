import { Context } from '@temporalio/activity';
import type { ApplyEditInput, ApplyEditOutput } from '../contracts/messages.ts';
import type { Json } from '../contracts/json.ts';
import { contentsOf } from '../contracts/collection.ts';
import { toFailure } from '../contracts/failures.ts';
import type { Dependencies } from './dependencies.ts';
import { makeArtifact, nameOfElement, referTo, versionOf } from './make-artifact.ts';
import { readValue } from './read-artifacts.ts';
import { recordBook } from './record.ts';
import { findAgent, startHeartbeat } from './run-agent.ts';

/** Makes the artifact that a person's delta asks for; the agent's own code decides whether it can. */
export async function applyEdit(dependencies: Dependencies, input: ApplyEditInput): Promise<ApplyEditOutput> {
  const stopHeartbeat = startHeartbeat(Context.current());
  try {
    return await applyAndKeep(dependencies, input);
  } finally {
    stopHeartbeat();
  }
}

async function applyAndKeep(dependencies: Dependencies, input: ApplyEditInput): Promise<ApplyEditOutput> {
  const head = await recordBook(dependencies.store, input.process, input.book);
  const implementation = findAgent(dependencies, input.agent);
  const { applyEdit: apply } = implementation;
  if (!apply) {
    throw toFailure(
      'Agent.EditFailed',
      `${input.agent} does not say how an edit of ${input.artifact} is applied.`,
      {
        name: input.agent,
      },
    );
  }
  const base = await readValue(dependencies.store, input.artifact, input.base);
  const value = await applyOrExplain(
    async () => apply(input.artifact as never, base as never, input.delta as Json),
    input,
  );
  const element = input.task.slice(input.agent.length + 1) || undefined;
  const made = [makeArtifact(implementation, input.artifact, value, input.schema, element)];
  const [reference] = referTo(made, await dependencies.store.artifacts.put(contentsOf(made)));
  const name = nameOfElement(input.artifact, element);
  return { result: versionOf(reference!), reference: { ...reference!, name }, head };
}

async function applyOrExplain(apply: () => Promise<unknown>, input: ApplyEditInput): Promise<unknown> {
  try {
    return await apply();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw toFailure('Agent.EditFailed', message, { name: input.artifact, cause });
  }
}
