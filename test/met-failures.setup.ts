import path from 'node:path';
import { chai, expect } from 'vitest';
import { noteMet } from '../tools/met-failures.ts';

/** Assertions by which a test says which failure it met. */
const matchers = ['toBe', 'toEqual', 'toStrictEqual', 'toMatchObject', 'toThrow', 'toContain', 'toMatch'];
const folder = process.env['BATON_MET_FAILURES'];
/** Files without a server, a store or a command: rules tried alone say nothing of what a user meets. */
const rulesAlone = /^(workflows|contracts)\/|^failures\.test\.ts$/;

const { Assertion, util } = chai;
const watched = Symbol.for('baton.met-failures');
if (folder !== undefined && !Object.hasOwn(Assertion.prototype, watched)) {
  Object.defineProperty(Assertion.prototype, watched, { value: true });
  for (const matcher of matchers) {
    util.overwriteMethod(
      Assertion.prototype,
      matcher,
      (matchAsBefore: (...given: unknown[]) => unknown) =>
        function (this: object, ...given: unknown[]) {
          const result = matchAsBefore.apply(this, given);
          const file = path
            .relative(import.meta.dirname, expect.getState().testPath ?? '')
            .replaceAll('\\', '/');
          // Only what held counts: a matcher that fails has thrown by now.
          if (util.flag(this, 'negate') !== true && !rulesAlone.test(file)) noteMet(folder, given);
          return result;
        },
    );
  }
}
