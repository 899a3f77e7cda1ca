/** Every text that a source has said by `phrase`, as the catalogue names it: values are `{0}`, `{1}` and so on. */
export function phrasesIn(source: string): string[] {
  const found: string[] = [];
  for (const { index } of source.matchAll(/(?<![\w.])phrase`/g)) {
    found.push(readTemplate(source, index + 'phrase`'.length).text);
  }
  return found;
}

function readTemplate(source: string, from: number): { text: string; end: number } {
  let text = '';
  let values = 0;
  let at = from;
  while (source[at] !== '`') {
    if (source[at] === '\\') {
      text += source[at + 1] === 'n' ? '\n' : (source[at + 1] ?? '');
      at += 2;
    } else if (source.startsWith('${', at)) {
      text += `{${values++}}`;
      at = skipValue(source, at + 2);
    } else text += source[at++];
  }
  return { text, end: at + 1 };
}

/** Past the brace that closes a value, whatever templates, texts and objects it holds. */
function skipValue(source: string, from: number): number {
  let depth = 1;
  let at = from;
  while (depth > 0) {
    const character = source[at];
    if (character === '`') at = readTemplate(source, at + 1).end;
    else if (character === "'" || character === '"') at = source.indexOf(character, at + 1) + 1;
    else {
      if (character === '{') depth++;
      if (character === '}') depth--;
      at++;
    }
  }
  return at;
}
