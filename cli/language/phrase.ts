import type { FailureType } from '../../contracts/failures.ts';
import { failures } from '../../contracts/failures.ts';
import type { Language } from './choose-language.ts';
import { chinese } from './chinese.ts';
import { chineseFailures } from './chinese-failures.ts';
import { inHongKong } from './in-hong-kong.ts';

let current: Language = 'en';

/** Has this process's terminal speak a language from now on. */
export function speak(language: Language): void {
  current = language;
}

/** A text of the terminal in the language that it speaks, with its values put in. */
export function phrase(texts: TemplateStringsArray, ...values: unknown[]): string {
  const english = texts.reduce((text, part, index) => `${text}{${index - 1}}${part}`);
  // Filled in one go: a value that holds `{0}` is a value.
  return translate(english).replaceAll(/\{(\d+)\}/g, (place, index: string) =>
    Number(index) < values.length ? String(values[Number(index)]) : place,
  );
}

/** A fixed text that is written down elsewhere; in English where there is no other. */
export function translate(english: string): string {
  if (current === 'en' || !Object.hasOwn(chinese, english)) return english;
  return inRegion(chinese[english]!);
}

/** What a failure's reader should do. */
export function mendOf(type: FailureType): string {
  const mend = current === 'en' ? undefined : chineseFailures[type]?.mend;
  return mend === undefined ? failures[type].mend : inRegion(mend);
}

/** What a failure is, in a few words; null in English, where its message says it. */
export function kindOfFailure(type: FailureType): string | null {
  const what = current === 'en' ? undefined : chineseFailures[type]?.what;
  return what === undefined ? null : inRegion(what);
}

function inRegion(text: string): string {
  return current === 'zh-Hant-HK' ? inHongKong(text) : text;
}
