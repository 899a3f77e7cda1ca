/** Levels of lists and objects that a file's JSON may have: what is deeper is no table, and breaks who walks it. */
export const MAX_JSON_DEPTH = 100;

/** Where a text opens one list or object too many within others; -1 where it does not. */
export function findTooDeep(text: string): number {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === 0x5c) at += 1;
      else if (code === 0x22) quoted = false;
    } else if (code === 0x22) quoted = true;
    else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > MAX_JSON_DEPTH) return at;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return -1;
}
