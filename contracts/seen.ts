import type { Json } from './json.ts';

/** Whether what a run remembers of an act's id is this act: the same decision on the same digest, or the same command, by the same person. */
export function isSeenAs(
  seen: Json | undefined,
  act: { kind: string; person: string; verb?: string; digest?: string },
): boolean {
  if (typeof seen !== 'object' || seen === null || Array.isArray(seen)) return false;
  if (seen['by'] !== act.person) return false;
  return act.kind === 'decide'
    ? seen['verb'] === act.verb && seen['digest'] === act.digest
    : seen['type'] === act.kind;
}
