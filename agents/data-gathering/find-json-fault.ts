const SPACE = /[ \t\n\r]*/y;
const SCALAR =
  /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;
const KEY = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"[ \t\n\r]*:/uy;

/** Where a text stops being JSON; its length where it only ends too soon. The parser itself does not always say. */
export function findJsonFault(text: string): number {
  const open: ('[' | '{')[] = [];
  let at = 0;
  let wants: 'value' | 'key' | 'end' = 'value';
  // Whether a list or an object may still end before its first member.
  let fresh = false;
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const matched = pattern.test(text);
    if (matched) at = pattern.lastIndex;
    return matched;
  };
  for (;;) {
    skip(SPACE);
    const sign = text[at];
    if (sign === undefined) return text.length;
    const within = open.at(-1);
    if ((sign === ']' || sign === '}') && (wants === 'end' || fresh)) {
      if (within !== (sign === ']' ? '[' : '{')) return at;
      open.pop();
      at += 1;
      wants = 'end';
      fresh = false;
    } else if (wants === 'end') {
      if (sign !== ',' || within === undefined) return at;
      at += 1;
      wants = within === '{' ? 'key' : 'value';
    } else if (wants === 'key') {
      if (!skip(KEY)) return at;
      wants = 'value';
      fresh = false;
    } else if (sign === '[' || sign === '{') {
      open.push(sign);
      at += 1;
      wants = sign === '{' ? 'key' : 'value';
      fresh = true;
    } else {
      if (!skip(SCALAR)) return at;
      wants = 'end';
      fresh = false;
    }
  }
}
