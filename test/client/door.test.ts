import { expect, it } from 'vitest';
import { createDoor } from '../../client/door.ts';
import type { ActRequest } from '../../client/door.ts';
import type { Json } from '../../contracts/json.ts';

const half = '\ud83d';
const someone = { id: 'a-clerk', roles: ['clerk'] };
const answering = (answer: Json): ActRequest => ({
  kind: 'decide',
  run: 'run-1',
  epoch: 1,
  checkpoint: 'question:ask:q',
  digest: 'd',
  verb: 'answer',
  answer,
});

it('a door signs no text that can not be hashed, whoever says it', () => {
  const door = createDoor();
  let deep: Json = 'deep';
  for (let level = 0; level < 10_000; level++) deep = [deep];
  for (const answer of [half, { [half]: 1 }, deep])
    expect(() => door.sign(answering(answer), someone)).toThrow(
      expect.objectContaining({ type: 'Decision.Malformed' }),
    );
  expect(() => door.sign(answering('yes'), { ...someone, id: half })).toThrow(
    expect.objectContaining({ type: 'Decision.Malformed' }),
  );
  expect(door.sign(answering('😀'), someone).signed.data.length).toBeGreaterThan(0);
});
