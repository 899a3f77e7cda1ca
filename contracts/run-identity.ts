import { SearchAttributeType, TypedSearchAttributes, defineSearchAttributeKey } from '@temporalio/common';

const processAttribute = defineSearchAttributeKey('BatonProcess', SearchAttributeType.KEYWORD);
const keyAttribute = defineSearchAttributeKey('BatonKey', SearchAttributeType.KEYWORD);

/** How Temporal's own lists and pages name a run, whoever started it. */
export function identify({ process, key }: { process: string; key: string | null }): {
  typedSearchAttributes: TypedSearchAttributes;
  staticSummary: string;
} {
  return {
    typedSearchAttributes: new TypedSearchAttributes([
      { key: processAttribute, value: process },
      ...(key === null ? [] : [{ key: keyAttribute, value: key }]),
    ]),
    staticSummary: key === null ? process : `${process} ${key}`,
  };
}
