/** Everything that is ready at once. */
export function chooseDerived<T>(ready: T[]): T[] {
  return ready;
}
