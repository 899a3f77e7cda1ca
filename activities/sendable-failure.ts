import { ActivityFailure, ApplicationFailure, TemporalFailure } from '@temporalio/common';
import { toMessage } from '../contracts/well-formed.ts';

/** Causes that are sent along; a chain can be a circle. */
const causesAtMost = 5;
/** Characters of a stack that are sent along. */
const stackAtMost = 8000;

/** A failure whose texts, and those of its causes, can be sent: half a surrogate pair in one would end the worker. */
export function toSendable(error: unknown): unknown {
  if (!(error instanceof Error)) return toMessage(String(error));
  // What Temporal itself raises, such as a cancellation, says what it says by its class.
  if (error instanceof TemporalFailure && !(error instanceof ApplicationFailure)) return error;
  return copyOf(error, causesAtMost);
}

function copyOf(error: Error, causes: number): Error {
  const message = toMessage(error.message);
  const cause =
    error.cause instanceof Error && causes > 0 && !(error.cause instanceof ActivityFailure)
      ? copyOf(error.cause, causes - 1)
      : undefined;
  const copy =
    error instanceof ApplicationFailure
      ? ApplicationFailure.create({
          type: (error.type ?? 'Error').toWellFormed(),
          message,
          nonRetryable: error.nonRetryable ?? false,
          ...(error.details && { details: error.details }),
          ...(error.nextRetryDelay !== undefined && { nextRetryDelay: error.nextRetryDelay }),
          ...(error.category && { category: error.category }),
          ...(cause && { cause }),
        })
      : Object.assign(new Error(message, cause && { cause }), { name: error.name.toWellFormed() });
  if (error.stack !== undefined) copy.stack = error.stack.slice(0, stackAtMost).toWellFormed();
  return copy;
}
