import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { create, type Font } from 'fontkitten';

/** The package that brings Traditional Chinese, which is too large for every installation. */
const chinesePackage = '@expo-google-fonts/noto-sans-tc';

interface FontFile {
  path: string;
  font: Font;
}

let known: FontFile[] | undefined;

/** The fonts at hand, each read once a thread: those that come along, and the Chinese ones where they are installed. */
export function findFonts(): FontFile[] {
  known ??= [
    ...['NotoSans-Regular.ttf', 'NotoSans-Bold.ttf'].map(
      (file) => new URL(`../fonts/${file}`, import.meta.resolve('@embedpdf/fonts-latin')),
    ),
    ...['400Regular/NotoSansTC_400Regular.ttf', '700Bold/NotoSansTC_700Bold.ttf'].flatMap(resolveChinese),
  ].map((url) => {
    const path = fileURLToPath(url);
    const font = create(readFileSync(path));
    if (font.isCollection) throw new Error(`${path} holds several fonts; one is needed.`);
    return { path, font };
  });
  return known;
}

function resolveChinese(file: string): URL[] {
  try {
    const url = new URL(import.meta.resolve(`${chinesePackage}/${file}`));
    return existsSync(url) ? [url] : [];
  } catch {
    return [];
  }
}

// They have no shape of their own: joiners and variation selectors.
const shapeless = /\p{Join_Control}|\p{Variation_Selector}/u;

/** The letters of a text for which none of these fonts has a glyph but `.notdef`, the box; each once, in order. */
export function findMissing(text: string, fonts: readonly { font: Font }[] = findFonts()): string[] {
  return [...new Set(text)].filter(
    (letter) =>
      letter >= ' ' &&
      !shapeless.test(letter) &&
      fonts.every(({ font }) => font.glyphForCodePoint(letter.codePointAt(0)!).id === 0),
  );
}

/** What brings letters that are missing, or null where no package is known to. */
export function suggestFont(missing: readonly string[], hasChinese = knowsChinese()): string | null {
  const chinese = missing.some((letter) => /[\p{Script=Han}\u3000-\u303F\uFF00-\uFFEF]/u.test(letter));
  return chinese && !hasChinese ? `npm install ${chinesePackage}` : null;
}

function knowsChinese(): boolean {
  return findFonts().some(({ path }) => path.includes('NotoSansTC'));
}

const mostNamed = 12;

/** Missing letters with their code points, the first dozen of many. */
export function nameLetters(missing: readonly string[]): string {
  const named = missing
    .slice(0, mostNamed)
    .map((letter) => `${letter} U+${letter.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`);
  return `${named.join(', ')}${missing.length > mostNamed ? ` … (${missing.length})` : ''}`;
}
