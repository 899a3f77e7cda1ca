import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { inject } from 'vitest';

/**
 * The address of the Temporal server that all test files of this run share: name task queues and workflow ids of your
 * own. Call it at the top of a test file (`const address = await temporalAddress()`), where no time limit applies: on
 * a machine without the server's program the first call builds it.
 */
export async function temporalAddress(): Promise<string> {
  // Not fetch(), which gives up after five minutes: building can take longer.
  const request = get(inject('temporalServerDesk'));
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const answer = await text(response);
  if (response.statusCode !== 200) throw new Error(answer);
  return answer;
}
