import { expect, it } from 'vitest';
import { z } from 'zod';
import { httpConnector } from '../../activities/connectors/http.ts';
import { defineEffect } from '../../contracts/define-effect.ts';
import { defineProcess } from '../../contracts/define-process.ts';
import { defineProject } from '../../worker/define-project.ts';

const pay = defineEffect({
  subject: 'amount',
  connector: 'bank',
  destination: { url: 'https://bank.example/payments/{slot}', method: 'PUT' },
  consequences: 'The amount is paid.',
  undoable: true,
});
const payment = defineProcess({
  name: 'payment',
  input: z.object({ amount: z.number() }),
  output: {},
  team: [],
  effects: { pay },
});
const allow = ['https://bank.example'];

it('refuses an undoable effect whose connector can not undo, by its name', () => {
  const without = { processes: [payment], agents: [], connectors: { bank: httpConnector({ allow }) } };
  expect(() => defineProject(without)).toThrow(
    "The effect pay of payment is undoable, and the connector bank can't undo",
  );
  const bank = httpConnector({ allow, undo: 'DELETE' });
  expect(defineProject({ ...without, connectors: { bank } }).processes).toEqual([payment]);
});
