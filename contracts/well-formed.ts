/** Levels to which a value that the fold hashes may be nested: deeper ones would exhaust the stack there. */
const depthAtMost = 200;

/** Whether every text of a JSON value, member names included, is well-formed Unicode, and it is not nested too deep to hash. */
export function isWellFormed(value: unknown): boolean {
  // No recursion: what is nested too deep must be refused, not overflow the stack.
  const left: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    if (typeof one.value === 'string' && !one.value.isWellFormed()) return false;
    if (typeof one.value !== 'object' || one.value === null) continue;
    if (one.depth >= depthAtMost) return false;
    for (const [name, member] of Object.entries(one.value)) {
      if (!name.isWellFormed()) return false;
      left.push({ value: member, depth: one.depth + 1 });
    }
  }
  return true;
}

/** Characters that the message of a failure may have. */
const messageAtMost = 2000;

/** A text that may go into a failure's message: half a surrogate pair would end the worker that sends it. */
export function toMessage(text: string): string {
  const cut = text.length > messageAtMost ? `${text.slice(0, messageAtMost - 1)}…` : text;
  return cut.toWellFormed();
}
