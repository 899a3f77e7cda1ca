/** A member that the record holds itself: names may come from data, and `constructor` is none of ours. */
export function own<T>(record: { [key: string]: T } | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

/** The record without one member; itself where it has no such member. */
export function drop<T>(record: { [key: string]: T }, key: string): { [key: string]: T } {
  if (!Object.hasOwn(record, key)) return record;
  const { [key]: _, ...rest } = record;
  return rest;
}

/** The object without some of its optional members. */
export function omit<T extends object, K extends keyof T>(object: T, ...keys: K[]): Omit<T, K> {
  const copy = { ...object };
  for (const key of keys) delete copy[key];
  return copy;
}
