/** `artifact`, `agent` or `effect` alone, or with the key of an element: cells, tasks and slots are named alike. */
export function nameOf(base: string, element: string | undefined): string {
  return element === undefined ? base : `${base}/${element}`;
}

/** The base of a name and the key of its element; keys may hold slashes, bases never do. */
export function splitName(name: string): { base: string; element?: string } {
  const at = name.indexOf('/');
  return at < 0 ? { base: name } : { base: name.slice(0, at), element: name.slice(at + 1) };
}

/** The artifact, agent or effect that a cell, task or slot belongs to. */
export function baseOf(name: string): string {
  return splitName(name).base;
}
