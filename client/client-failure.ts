import { ApplicationFailure } from '@temporalio/common';
import {
  ServiceError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  isGrpcServiceError,
} from '@temporalio/client';
import { toFailure } from '../contracts/failures.ts';

/** gRPC's number for a deadline that passed, for a moment that is not the right one, and for a server that can't be reached. */
const deadlineExceeded = 4;
const failedPrecondition = 9;
const unavailable = 14;

/** What went wrong with a run, as a failure of the table. */
export function toClientFailure(error: unknown, run: string): Error {
  if (error instanceof ApplicationFailure) return error;
  const isFailed = error instanceof WorkflowUpdateFailedError || error instanceof WorkflowFailedError;
  if (isFailed && error.cause instanceof ApplicationFailure) return error.cause;
  if (error instanceof WorkflowNotFoundError) {
    return toFailure('Run.Unknown', `Temporal has no open run ${run}.`, { name: run, cause: error });
  }
  const { code, details } = answerOf(error) ?? {};
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || code === deadlineExceeded) {
    return toFailure('Worker.None', `No worker took up the message to run ${run} in time.`, {
      name: run,
      cause: error,
    });
  }
  if (code === failedPrecondition) {
    // Something else arrived as the run was closing on this message: the server has that step taken again without it.
    return toFailure('Run.Closing', `Run ${run} was about to close when this came.`, {
      name: run,
      cause: error,
    });
  }
  if (code === unavailable) {
    const why = details?.replace(/\.? Resolution note: $/, '');
    return toFailure('Server.Unreachable', `The Temporal server does not answer (${why}).`, {
      name: run,
      cause: error,
    });
  }
  return error instanceof Error ? error : new Error(String(error));
}

function answerOf(error: unknown): { code: number; details: string } | undefined {
  if (isGrpcServiceError(error)) return error;
  if (error instanceof ServiceError && isGrpcServiceError(error.cause)) return error.cause;
  return undefined;
}
