import { findFault, type Material, unitOf } from './material.ts';

/** Whether the figures of these series may be added up: one unit, and parts of one total. */
export function addUp(material: Material, ids: readonly string[]): boolean {
  const units = new Set(ids.map((id) => unitOf(material, id)));
  if (units.size !== 1) return false;
  const parents = new Map<string, Set<string>>();
  for (const sum of material.table.hierarchy)
    for (const part of sum.parts) parents.set(part, (parents.get(part) ?? new Set()).add(sum.total));
  const above = (id: string, seen = new Set<string>()): Set<string> => {
    for (const parent of parents.get(id) ?? []) if (!seen.has(parent)) above(parent, seen.add(parent));
    return seen;
  };
  const [first, ...others] = ids.map((id) => above(id));
  return first !== undefined && [...first].some((total) => others.every((set) => set.has(total)));
}

/** The smallest parts that make up a whole, each drawable; none where one of its parts is missing. */
export function expandParts(material: Material, whole: string): string[] {
  const seen = new Set([whole]);
  const expand = (id: string): string[] | null => {
    const sum = material.table.hierarchy.find(({ total }) => total === id);
    if (!sum || sum.parts.some((part) => seen.has(part) || findFault(material, part) !== null)) return null;
    for (const part of sum.parts) seen.add(part);
    return sum.parts.flatMap((part) => expand(part) ?? [part]);
  };
  return expand(whole) ?? [];
}

/** `items` in as few groups of nearly equal size as keep each at `size` or less. */
export function splitEvenly<Item>(items: readonly Item[], size: number): Item[][] {
  const groups = Math.ceil(items.length / size);
  return Array.from({ length: groups }, (_, group) =>
    items.slice(
      Math.round((group * items.length) / groups),
      Math.round(((group + 1) * items.length) / groups),
    ),
  );
}
