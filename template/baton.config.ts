import { defineProject } from 'batonflow/worker';
import { notice, writerAgent } from './processes/notice.ts';

/** All that a worker of this project runs; the command line reads it too. */
export default defineProject({
  processes: [notice],
  agents: [writerAgent],
});
