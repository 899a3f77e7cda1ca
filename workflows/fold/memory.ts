import type { Manifest } from '../../contracts/manifest.ts';

interface Remembered {
  parts: readonly unknown[];
  value: unknown;
}

/** What was last computed under a name, and from which parts: hashes are dear, and most states share most parts. */
export type Memory = Map<string, Map<string, Remembered>>;

// One memory a manifest object: it lives as long as the run does, and holds one entry a kind and name.
const memories = new WeakMap<Manifest, Memory>();

export function memoryOf(manifest: Manifest): Memory {
  const known = memories.get(manifest);
  if (known) return known;
  const memory: Memory = new Map();
  memories.set(manifest, memory);
  return memory;
}

/** The value made from these parts, made anew only where a part differs by identity from the last time. */
export function remember<T>(
  memory: Memory,
  kind: string,
  name: string,
  parts: readonly unknown[],
  make: () => T,
): T {
  let ofKind = memory.get(kind);
  if (!ofKind) memory.set(kind, (ofKind = new Map()));
  const last = ofKind.get(name);
  if (last && isSame(last.parts, parts)) return last.value as T;
  const value = make();
  ofKind.set(name, { parts, value });
  return value;
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}
