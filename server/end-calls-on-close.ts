import { defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import type { ConnectionOptions } from '@temporalio/client';

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];
type Call = ReturnType<Parameters<Interceptor>[1]>;
type Metadata = Parameters<Call['start']>[0];

const unavailable = 14;
const details = 'the connection was closed';

/**
 * The SDK's retries for the calls of one connection, until it is closed: what is under way then, waits to be tried
 * again, or comes later ends as unavailable. By itself the SDK would try again on the closed connection, from a timer,
 * and what that throws ends the process.
 */
export function endCallsOnClose(): { interceptors: Interceptor[]; endCalls: () => void } {
  const usual = defaultGrpcRetryOptions();
  const retry = makeGrpcRetryInterceptor({
    ...usual,
    retryableDecider: (attempt, status) => !closed && usual.retryableDecider(attempt, status),
  });
  const underWay = new Set<Call>();
  let closed = false;
  const watch = (options: Parameters<Interceptor>[0], nextCall: Parameters<Interceptor>[1]): Call => {
    if (closed) return endedCall;
    const call = nextCall(options);
    const start = call.start.bind(call);
    call.start = (metadata, listener = {}) => {
      underWay.add(call);
      start(metadata, {
        onReceiveMetadata: (received) => listener.onReceiveMetadata?.(received),
        onReceiveMessage: (message) => listener.onReceiveMessage?.(message),
        onReceiveStatus(status) {
          underWay.delete(call);
          listener.onReceiveStatus?.(status);
        },
      });
    };
    return call;
  };
  return {
    // The first is asked first: each attempt of a call passes `watch` anew. It is never the outermost, of which alone
    // more than a Call is wanted.
    interceptors: [retry, watch as Interceptor],
    endCalls: () => {
      closed = true;
      for (const call of underWay) call.cancelWithStatus(unavailable, details);
    },
  };
}

/** A call that has nowhere to go. */
const endedCall: Call = {
  start(metadata, listener) {
    // Not at once: whoever starts a call does not expect its end before its message is sent.
    setImmediate(() => {
      listener?.onReceiveMessage?.(null);
      listener?.onReceiveStatus?.({ code: unavailable, details, metadata: emptied(metadata) });
    });
  },
  sendMessage() {},
  sendMessageWithContext() {},
  startRead() {},
  halfClose() {},
  cancelWithStatus() {},
  getPeer: () => 'nowhere',
  getAuthContext: () => null,
};

/** What was sent may hold a key, and an answer is part of what errors say. */
function emptied(metadata: Metadata): Metadata {
  const empty = metadata.clone();
  for (const key of Object.keys(empty.getMap())) empty.remove(key);
  return empty;
}
