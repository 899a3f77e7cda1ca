/** Names as they stand on the wire. Never rename one: histories hold them. */
export const messageNames = {
  act: 'decideUpdate',
  state: 'stateQuery',
  cancel: 'cancelSignal',
} as const;
