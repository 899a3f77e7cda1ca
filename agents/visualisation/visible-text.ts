const invisible =
  /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u061C\u115F\u1160\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;

/** Text from data with control, bidirectional and zero-width characters spelt out, as in `[U+202E]`. */
export function showInvisible(text: string): string {
  return text.replace(
    invisible,
    (character) => `[U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`,
  );
}

const entities: { [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Untrusted text, safe between tags and inside quoted attributes, with nothing invisible left in it. */
export function escapeText(text: string): string {
  return showInvisible(text).replace(/[&<>"']/g, (character) => entities[character]!);
}

/** Estimated width in pixels of a text in Noto Sans: wide enough that what is planned with it fits. */
export function measureText(text: string, fontSize: number): number {
  let ems = 0;
  for (const character of text) ems += widthInEms(character);
  return ems * fontSize;
}

function widthInEms(character: string): number {
  if (/[ .,:;'|!iIjl()[\]-]/.test(character)) return 0.32;
  if (/[mwMW@%—]/.test(character)) return 0.9;
  if (/[A-Z_+−–=<>&#]/.test(character)) return 0.66;
  // Han, kana, hangul, full-width forms and emoji take a whole em.
  return /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFF60\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u.test(
    character,
  )
    ? 1
    : 0.575;
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** A text's characters as people see them. */
export function splitCharacters(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Labels no wider than `width`, cut in the middle and still told apart from one another. */
export function fitLabels(labels: readonly string[], width: number, fontSize: number): string[] {
  const taken = new Set<string>();
  return labels.map((label) => {
    let fitted = fitLabel(label, width, fontSize);
    for (let count = 2; taken.has(fitted); count += 1) {
      const suffix = ` (${count})`;
      fitted = fitLabel(label, width - measureText(suffix, fontSize), fontSize) + suffix;
    }
    taken.add(fitted);
    return fitted;
  });
}

/** A name short enough to stand in a sentence, cut in the middle if it must be. */
export function shortenName(name: string): string {
  return fitLabel(name, 320, 18);
}

function fitLabel(label: string, width: number, fontSize: number): string {
  if (measureText(label, fontSize) <= width) return label;
  const characters = splitCharacters(label);
  // No character is narrower than a quarter of the size: of a very long label most need not be tried.
  const most = Math.min(characters.length - 1, Math.ceil((4 * width) / fontSize));
  for (let kept = most; kept > 2; kept -= 1) {
    // The start tells more than the end; the end often tells variants apart.
    const head = Math.ceil(kept * 0.65);
    const tail = kept - head;
    const fitted = `${characters.slice(0, head).join('').trimEnd()}…${characters
      .slice(characters.length - tail)
      .join('')
      .trimStart()}`;
    if (measureText(fitted, fontSize) <= width) return fitted;
  }
  return `${characters[0] ?? ''}…`;
}
