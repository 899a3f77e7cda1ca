import { Connection, type ConnectionOptions } from '@temporalio/client';
import { endCallsOnClose } from './end-calls-on-close.ts';
import { probePort } from './free-port.ts';
import { describeError, ServerError } from './server-error.ts';

export type Access = Pick<ConnectionOptions, 'tls' | 'apiKey' | 'connectTimeout'>;

/**
 * Connects, or throws `Server.Unreachable` at once where nothing listens (the client alone waits ten seconds). Closing
 * the connection ends the calls that are under way.
 */
export async function connectTo(address: string, access: Access = {}): Promise<Connection> {
  const [host, port] = splitAddress(address);
  const { interceptors, endCalls } = endCallsOnClose();
  try {
    await probePort(host, port, 5_000);
    const connection = await Connection.connect({ address, connectTimeout: 5_000, ...access, interceptors });
    const close = connection.close.bind(connection);
    connection.close = async () => {
      endCalls();
      await close();
    };
    return connection;
  } catch (error) {
    throw new ServerError(
      'Server.Unreachable',
      `No Temporal server answers at ${address} (${describeError(error)}). Start one there, or set TEMPORAL_ADDRESS=host:port to where it is.`,
      { cause: error },
    );
  }
}

function splitAddress(address: string): [host: string, port: number] {
  const match = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(address);
  if (match) return [match[1] ?? '', Number(match[2])];
  return [address, 7233];
}
