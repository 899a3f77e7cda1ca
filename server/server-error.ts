export type ServerErrorType =
  | 'Server.NotFound'
  | 'Server.StartFailed'
  | 'Server.Unreachable'
  | 'Server.PortInUse';

/** Says in its message what was tried, on which name, and what to do about it. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly type: ServerErrorType;

  constructor(type: ServerErrorType, message: string, options?: ErrorOptions) {
    super(message, options);
    this.type = type;
  }
}

export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // fetch() says only "fetch failed"; the reason is in the cause.
  const cause = error.cause instanceof Error ? error.cause.message : '';
  return cause && !error.message.includes(cause) ? `${error.message}: ${cause}` : error.message;
}
