import { connect, createServer } from 'node:net';
import { once } from 'node:events';

const loopback = '127.0.0.1';

export async function findFreePort(): Promise<number> {
  const listener = createServer().listen(0, loopback);
  await once(listener, 'listening');
  const address = listener.address();
  listener.close();
  await once(listener, 'close');
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return address.port;
}

/** Whether a program may listen on this port of 127.0.0.1; throws where the system forbids it (EACCES). */
export async function isPortFree(port: number): Promise<boolean> {
  const listener = createServer();
  try {
    listener.listen(port, loopback);
    await once(listener, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
  listener.close();
  await once(listener, 'close');
  return true;
}

/** Resolves when something accepts connections there; rejects with the system's reason otherwise. */
export async function probePort(host: string, port: number, timeoutMilliseconds: number): Promise<void> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(timeoutMilliseconds) });
  } finally {
    socket.destroy();
  }
}
