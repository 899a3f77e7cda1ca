import type { Json } from '../contracts/json.ts';

/** Something in what is shown that a person may name: an element's id or a word of a list, and how it is called. */
export interface Named {
  id: string;
  label: string;
  /** The list in which it stands, such as `series` or `periods`. */
  list: string;
  /** It is a word alone, such as a period, and not an element with an `id`. */
  word: boolean;
}

/** The elements with an `id`, in every list of a value, and the words of its own lists. */
export function namesIn(value: Json): Named[] {
  const found = new Map<string, Named>();
  const walk = (part: Json, list: string): void => {
    if (Array.isArray(part)) {
      for (const one of part) walk(one, list);
      return;
    }
    if (!part || typeof part !== 'object') return;
    const { id, label } = part;
    if (typeof id === 'string' && !found.has(id))
      found.set(id, { id, label: typeof label === 'string' ? label : id, list, word: false });
    for (const [name, member] of Object.entries(part)) walk(member, name);
  };
  walk(value, '');
  for (const [list, words] of Object.entries(value && typeof value === 'object' ? value : {}))
    for (const word of Array.isArray(words) ? (words as Json[]) : [])
      if (typeof word === 'string' && /^\S+$/.test(word) && !found.has(word))
        found.set(word, { id: word, label: word, list, word: true });
  return [...found.values()];
}

/** What may be named in a field: what stands in the list of its name (`period` of `periods`), else no word alone. */
export function namesFor(field: string, names: Named[]): Named[] {
  const own = names.filter(({ list }) => list === field || list === `${field}s`);
  return own.length > 0 ? own : names.filter(({ word }) => !word);
}

/** Whether a list of what is shown bears a field's name. */
export function hasOwnNames(field: string, names: Named[]): boolean {
  return names.some(({ list }) => list === field || list === `${field}s`);
}

/** Those that a word may mean: the one with that id, or all whose id or label begins with it, or else holds it. */
export function meant(word: string, names: Named[]): Named[] {
  const exact = names.filter(({ id }) => id === word);
  if (exact.length > 0) return exact;
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[\s_-]+/g, ' ');
  const wanted = plain(word);
  const texts = ({ id, label }: Named): string[] => [plain(id), plain(label)];
  const beginning = names.filter((one) => texts(one).some((text) => text.startsWith(wanted)));
  return beginning.length > 0
    ? beginning
    : names.filter((one) => texts(one).some((text) => text.includes(wanted)));
}

/** Names for a person to see: all where they are few, else the first and the last. */
export function listNames(names: Named[]): string {
  const ids = names.map(({ id }) => id);
  return ids.length <= 8 || names.some(({ word }) => !word) ? ids.join(', ') : `${ids[0]} … ${ids.at(-1)}`;
}
