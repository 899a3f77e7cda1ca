import { expect, test } from 'vitest';
import { verbMeanings } from '../../../cli/describe-checkpoint.ts';
import { chinese } from '../../../cli/language/chinese.ts';
import { chineseFailures } from '../../../cli/language/chinese-failures.ts';
import { inHongKong } from '../../../cli/language/in-hong-kong.ts';
import { failures } from '../../../contracts/failures.ts';
import { readProduction } from '../../sources.ts';
import { phrasesIn } from './phrases-in.ts';

const said = new Set([
  ...[...readProduction()].flatMap(([file, source]) => (file.startsWith('cli/') ? phrasesIn(source) : [])),
  ...Object.values(verbMeanings),
]);
const placesIn = (text: string): string[] =>
  [...text.matchAll(/\{\d+\}/g)].map(([place]) => place).toSorted();
const chineseTexts = [
  ...Object.values(chinese),
  ...Object.values(chineseFailures).flatMap(({ what, mend }) => [what, mend]),
];

test('every text of the terminal has its Chinese', () => {
  expect([...said].filter((text) => !Object.hasOwn(chinese, text))).toEqual([]);
});

test('every failure has its Chinese', () => {
  expect(Object.keys(failures).filter((type) => !Object.hasOwn(chineseFailures, type))).toEqual([]);
});

test('the catalogue holds nothing that is not said any more', () => {
  expect(Object.keys(chinese).filter((text) => !said.has(text))).toEqual([]);
});

test('a text in Chinese has every value of its English, once', () => {
  const uneven = Object.entries(chinese).filter(
    ([english, text]) => placesIn(english).join() !== placesIn(text).join(),
  );
  expect(uneven).toEqual([]);
});

test('commands and options in a mend are the same in Chinese', () => {
  const codes = (text: string): string[] =>
    [...text.matchAll(/`([^`]+)`|(--[a-z-]+)/g)].map(([one]) => one).toSorted();
  for (const [type, { mend }] of Object.entries(chineseFailures)) {
    expect([type, codes(mend)]).toEqual([type, codes(failures[type as keyof typeof failures].mend)]);
  }
});

test('the Chinese is Traditional, and of its region', () => {
  const simplified = /[请这们执为说还没经过动给签选项数据错误连务个]/u;
  const strays = chineseTexts.filter((text) => simplified.test(text));
  expect(strays).toEqual([]);
  expect(inHongKong('請檢查網路，並由使用者核准。')).toBe('請檢查網絡，並由用戶批核。');
});
