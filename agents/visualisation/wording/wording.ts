import type { Language } from '../agent.ts';
import * as english from './english.ts';
import { reasons } from './english-reasons.ts';
import * as report from './english-report.ts';
import { hongKong } from './hong-kong.ts';
import { taiwan } from './taiwan.ts';

const englishWording = { ...english, ...report, reasons };

/** Every text of a report in one language, and how it writes figures, periods and lists. */
export type Wording = typeof englishWording;

const wordings: { [language in Language]: Wording } = {
  en: englishWording,
  'zh-Hant-HK': hongKong,
  'zh-Hant-TW': taiwan,
};

export function wordingOf(language: Language): Wording {
  return wordings[language];
}
