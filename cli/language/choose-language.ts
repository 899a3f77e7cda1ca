/** Languages of the terminal, by BCP 47 tag. */
export const languages = ['en', 'zh-Hant-HK', 'zh-Hant-TW'] as const;
export type Language = (typeof languages)[number];

/**
 * The language that somebody's settings ask for: what is said outright, else the first of the environment's variables
 * that is set, as POSIX ranks them; English where it is none of ours. Simplified Chinese is none of ours.
 */
export function chooseLanguage(
  said: string | undefined,
  environment: { [name: string]: string | undefined },
): Language {
  const { BATON_LANGUAGE, LC_ALL, LC_MESSAGES, LANG } = environment;
  const wish = [said, BATON_LANGUAGE, LC_ALL, LC_MESSAGES, LANG].find(Boolean);
  return readLanguage(wish ?? '') ?? 'en';
}

/** A tag such as `zh-Hant-HK`, `zh_TW.UTF-8` or `en`; undefined where it names no language of the terminal. */
export function readLanguage(name: string): Language | undefined {
  const [language, ...others] = name
    .replace(/[.@].*$/, '')
    .toLowerCase()
    .split(/[-_]/);
  if (language === 'en') return 'en';
  if (language !== 'zh') return undefined;
  if (others.includes('hk') || others.includes('mo')) return 'zh-Hant-HK';
  return others.includes('tw') || others.includes('hant') ? 'zh-Hant-TW' : undefined;
}
