import { Connection, type ConnectionOptions } from '@temporalio/client';
import { probePort } from './free-port.ts';
import { describeError, ServerError } from './server-error.ts';

export type Access = Pick<ConnectionOptions, 'tls' | 'apiKey' | 'connectTimeout'>;

/** Connects, or throws `Server.Unreachable` at once where nothing listens (the client alone waits ten seconds). */
export async function connectTo(address: string, access: Access = {}): Promise<Connection> {
  const [host, port] = splitAddress(address);
  try {
    await probePort(host, port, 5_000);
    return await Connection.connect({ address, connectTimeout: 5_000, ...access });
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
