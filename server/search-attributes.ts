/** What Temporal's lists of runs can be searched by, in the names that `temporal operator` takes. */
export const searchAttributes = {
  BatonProcess: 'Keyword',
  BatonKey: 'Keyword',
  BatonStatus: 'Keyword',
  BatonCheckpoints: 'KeywordList',
} as const satisfies Record<string, 'Keyword' | 'KeywordList'>;

export type SearchAttributeName = keyof typeof searchAttributes;
