import { describe, expect, it } from 'vitest';
import { chooseLanguage, readLanguage } from '../../../cli/language/choose-language.ts';

describe('the language of the terminal', () => {
  it.each([
    ['what is said outright', 'zh-Hant-HK', { BATON_LANGUAGE: 'en', LANG: 'zh_TW.UTF-8' }, 'zh-Hant-HK'],
    [
      "Baton's own variable before the system's",
      undefined,
      { BATON_LANGUAGE: 'zh-TW', LANG: 'en_US' },
      'zh-Hant-TW',
    ],
    ['LC_ALL before LC_MESSAGES', undefined, { LC_ALL: 'zh_HK.UTF-8', LC_MESSAGES: 'en_GB' }, 'zh-Hant-HK'],
    ['LC_MESSAGES before LANG', undefined, { LC_MESSAGES: 'en_GB.UTF-8', LANG: 'zh_HK' }, 'en'],
    ['an empty variable as none', undefined, { LC_ALL: '', LANG: 'zh_TW.UTF-8' }, 'zh-Hant-TW'],
    ['English where nothing is set', undefined, {}, 'en'],
    ['English for a language that it does not speak', undefined, { LANG: 'de_DE.UTF-8' }, 'en'],
  ])('goes by %s', (_, said, environment, language) => {
    expect(chooseLanguage(said, environment)).toBe(language);
  });

  it.each([
    ['zh-Hant', 'zh-Hant-TW'],
    ['zh-MO', 'zh-Hant-HK'],
    ['ZH_tw.Big5', 'zh-Hant-TW'],
    ['zh_HK@stroke', 'zh-Hant-HK'],
    ['zh_CN.UTF-8', undefined],
    ['zh', undefined],
    ['C', undefined],
    ['english', undefined],
  ])('reads %s as %s', (name, language) => {
    expect(readLanguage(name)).toBe(language);
  });
});
