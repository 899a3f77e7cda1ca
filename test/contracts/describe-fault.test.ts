import { Validator } from '@cfworker/json-schema';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { describeFault } from '../../contracts/describe-fault.ts';
import type { JsonSchema } from '../../contracts/json.ts';

const schema = z.toJSONSchema(
  z.strictObject({
    exclude: z.array(z.string().min(2)).max(2).optional(),
    horizon: z.int().min(1).max(36).optional(),
    share: z.number().gt(0).lt(1).optional(),
    tone: z.enum(['plain', 'warm']).optional(),
    reason: z.enum(['late', 'wrong']).nullable().optional(),
    kind: z.literal('note').optional(),
    set: z
      .array(z.strictObject({ series: z.string(), value: z.number() }))
      .min(1)
      .optional(),
    nothing: z.strictObject({}).optional(),
  }),
  { io: 'input' },
) as JsonSchema;

const described = (value: unknown): string =>
  describeFault(new Validator(schema, '2020-12', true).validate(value).errors, schema);

it.each<[unknown, string]>([
  [{ foo: 1 }, 'has no foo; it has exclude, horizon, share, tone, reason, kind, set, nothing'],
  [{ nothing: { foo: 1 } }, 'nothing: has no foo; it has no fields'],
  [{ set: [{ series: 'a', value: 1, note: '' }] }, 'set.0: has no note; it has series, value'],
  [{ set: [{ series: 'a' }] }, 'set.0: needs value'],
  [{ set: [{}] }, 'set.0: needs series, value'],
  [{ set: [] }, 'set: has to list 1 or more'],
  [{ set: [{ series: 'a', value: 'x' }] }, 'set.0.value: has to be a number'],
  [{ exclude: 'mining' }, 'exclude: has to be a list'],
  [{ exclude: ['aa', 'bb', 'cc'] }, 'exclude: has to list 2 or fewer'],
  [{ exclude: ['a'] }, 'exclude.0: has to have 2 characters or more'],
  [{ horizon: 'long' }, 'horizon: has to be a whole number'],
  [{ horizon: 0 }, 'horizon: has to be 1 or more'],
  [{ horizon: 37 }, 'horizon: has to be 36 or less'],
  [{ share: 0 }, 'share: has to be more than 0'],
  [{ share: 1 }, 'share: has to be less than 1'],
  [{ tone: 'cold' }, 'tone: has to be one of plain, warm'],
  [{ reason: 'why' }, 'reason: has to be one of late, wrong, or has to be null'],
  [{ kind: 'letter' }, 'kind: has to be note'],
  [[], 'has to be an object with fields'],
])('%j: %s', (value, message) => {
  expect(described(value)).toBe(message);
});

it('follows references within the schema, and says what it has no words for as the validator does', () => {
  const other = {
    $defs: { amount: { type: 'number', minimum: 3 } },
    properties: { amount: { $ref: '#/$defs/amount' }, odd: { not: {} } },
  } as JsonSchema;
  const said = (value: unknown): string =>
    describeFault(new Validator(other, '2020-12', true).validate(value).errors, other);
  expect(said({ amount: 2 })).toBe('amount: has to be 3 or more');
  expect(said({ odd: 1 })).toBe('odd: Instance matched "not" schema.');
  expect(describeFault([], other)).toBe('does not have the form that is asked for');
});
