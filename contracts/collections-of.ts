import type { ProcessDefinition } from './define-process.ts';

/** Which artifacts of a definition have elements, read off one that may be wrong. */
export interface Collections {
  /** Made as a whole, and gone over by element: by name. */
  roots: Set<string>;
  /** By artifact that is made element by element: the collection whose keys its elements bear. */
  byElement: Map<string, string>;
}

export function readCollections({ team, effects = {} }: ProcessDefinition): Collections {
  const over = new Map<string, string>();
  for (const maker of team) {
    if (maker.maker !== 'agent' || !maker.each) continue;
    for (const artifact of Object.keys(maker.produces)) over.set(artifact, maker.each.over);
  }
  for (const { each, subjects, receipt } of Object.values(effects)) {
    if (each && receipt !== undefined && subjects[0] !== undefined) over.set(receipt, subjects[0]);
  }
  const rootOf = (artifact: string): string => {
    const seen = new Set<string>();
    for (let one = artifact; ;) {
      const above = over.get(one);
      // A ring is told of elsewhere.
      if (above === undefined || seen.has(one)) return one;
      seen.add(one);
      one = above;
    }
  };
  const gone = [
    ...over.values(),
    ...Object.values(effects).flatMap(({ each, subjects }) => (each ? subjects.slice(0, 1) : [])),
  ];
  return {
    roots: new Set(gone.map(rootOf).filter((artifact) => !over.has(artifact))),
    byElement: new Map([...over.keys()].map((artifact) => [artifact, rootOf(artifact)])),
  };
}
