import type { Json } from '../contracts/json.ts';

/** Something in what is shown that a person may name: an element's id, and how it is called. */
export interface Named {
  id: string;
  label: string;
}

/** The elements with an `id`, in every list of a value. */
export function namesIn(value: Json): Named[] {
  const found = new Map<string, Named>();
  const walk = (part: Json): void => {
    if (Array.isArray(part)) {
      part.forEach(walk);
      return;
    }
    if (!part || typeof part !== 'object') return;
    const { id, label } = part;
    if (typeof id === 'string' && !found.has(id))
      found.set(id, { id, label: typeof label === 'string' ? label : id });
    Object.values(part).forEach(walk);
  };
  walk(value);
  return [...found.values()];
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
