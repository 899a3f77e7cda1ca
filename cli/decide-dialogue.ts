import type { Interface } from 'node:readline/promises';
import type { DecisionRequest } from '../client/create-client.ts';
import type { Checkpoint, Verb } from '../contracts/checkpoint.ts';
import { askFields, askValue } from './ask-fields.ts';
import { verbMeanings } from './describe-checkpoint.ts';
import { paint, print } from './output.ts';

type Chosen = Omit<DecisionRequest, 'checkpoint' | 'digest' | 'id'>;

/** Takes a decision at the terminal; null where the person leaves it for later. */
export async function askDecision(terminal: Interface, checkpoint: Checkpoint): Promise<Chosen | null> {
  for (;;) {
    checkpoint.offers.forEach((verb, index) =>
      print(`  ${index + 1}  ${verb.padEnd(13)} ${paint('dim', verbMeanings[verb])}`),
    );
    print(`  q  ${'later'.padEnd(13)} ${paint('dim', 'leave it open')}`);
    const typed = (await terminal.question('Your decision: ')).trim();
    if (typed === 'q' || typed === 'later') return null;
    const verb = checkpoint.offers[Number(typed) - 1] ?? checkpoint.offers.find((one) => one === typed);
    if (verb) {
      const chosen = await completeDecision(terminal, checkpoint, verb);
      if (chosen) return chosen;
    } else print(`  Type a number from 1 to ${checkpoint.offers.length}, or q.`);
  }
}

async function completeDecision(
  terminal: Interface,
  checkpoint: Checkpoint,
  verb: Verb,
): Promise<Chosen | null> {
  const { accepts } = checkpoint;
  switch (verb) {
    case 'edit':
      return accepts.edit ? { verb, delta: await askFields(terminal, accepts.edit) } : null;
    case 'changes':
    case 'redo':
      return askChanges(terminal, checkpoint, verb);
    case 'answer': {
      const answer = await askValue(terminal, 'answer', accepts.answer ?? {});
      return answer === undefined ? null : { verb, answer };
    }
    case 'supply': {
      const artifacts = await askFields(terminal, { type: 'object', properties: accepts.supply ?? {} });
      return Object.keys(artifacts).length === 0 ? null : { verb, artifacts };
    }
    case 'reject':
    case 'stop': {
      const reason = (await terminal.question('  reason: ')).trim();
      return { verb, ...(reason && { reason }) };
    }
    default:
      return { verb };
  }
}

async function askChanges(
  terminal: Interface,
  checkpoint: Checkpoint,
  verb: 'changes' | 'redo',
): Promise<Chosen | null> {
  const tasks = Object.keys(checkpoint.accepts.changes ?? {});
  const task =
    tasks.length === 1 ? tasks[0] : await askValue(terminal, 'whom', { type: 'string', enum: tasks });
  if (typeof task !== 'string') return null;
  const schema = checkpoint.accepts.changes?.[task];
  if (!schema) return null;
  print('  Leave blank what should stay as it is.');
  const fields = await askFields(terminal, schema);
  const inputs = await askFields(terminal, { type: 'object', properties: checkpoint.accepts.inputs ?? {} });
  const words = (await terminal.question('  in words: ')).trim();
  return {
    verb,
    changes: { task, fields, ...(Object.keys(inputs).length > 0 && { inputs }), ...(words && { words }) },
  };
}
