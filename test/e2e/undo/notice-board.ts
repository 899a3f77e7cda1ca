import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { fileConnector } from '../../../activities/connectors/file.ts';
import { httpConnector } from '../../../activities/connectors/http.ts';
import { defineAgent } from '../../../contracts/define-agent.ts';
import { defineEffect } from '../../../contracts/define-effect.ts';
import { authorise, defineProcess, review } from '../../../contracts/define-process.ts';
import { defineProject } from '../../../worker/define-project.ts';
import type { Project } from '../../../worker/define-project.ts';
import { oneStep } from '../trace/one-step.ts';

const Notice = z.object({ text: z.string() });
const writer = defineAgent({ name: 'writer', needs: { subject: z.string() }, produces: { notice: Notice } });
const clerk = defineAgent({
  name: 'clerk',
  needs: { notice: Notice, filing: z.json(), posting: z.json() },
  produces: { minute: Notice },
});

/** Filed first, then posted on the board, then rung out: the bell can't be unrung, and the file takes a registrar. */
export const noticeOf = (url: string) =>
  defineProcess({
    name: 'notice',
    input: z.object({ subject: z.string() }),
    amendable: ['subject'],
    output: { minute: Notice },
    team: [writer, clerk],
    checkpoints: {
      mayPost: authorise('post', { by: 'porter' }),
      readMinute: review('minute', { by: 'chair' }),
    },
    effects: {
      file: defineEffect({
        subject: 'notice',
        connector: 'files',
        destination: { folder: 'notices' },
        arguments: { files: [{ name: 'notice.txt', artifact: 'notice', member: 'text' }] },
        consequences: 'The notice is filed.',
        receipt: 'filing',
        amendable: true,
        undoable: { by: 'registrar' },
      }),
      post: defineEffect({
        subject: ['notice', 'filing'],
        connector: 'board',
        destination: { url: `${url}/board/{slot}`, method: 'PUT' },
        consequences: 'The notice hangs on the board.',
        receipt: 'posting',
        undoable: true,
      }),
      ring: defineEffect({
        subject: ['posting'],
        connector: 'board',
        destination: { url: `${url}/bell/{slot}` },
        consequences: 'The bell was rung.',
      }),
    },
  });

export interface Board extends AsyncDisposable {
  readonly url: string;
  /** What arrived, in order: method and place. */
  readonly calls: string[];
  /** What hangs there, by place. */
  readonly holds: Map<string, string>;
  /** Statuses that the next calls get, without anything being done. */
  readonly answers: number[];
}

/** A board that takes a call again, under its key, without acting on it again. */
export async function openBoard(): Promise<Board> {
  const calls: string[] = [];
  const holds = new Map<string, string>();
  const keys = new Set<string>();
  const answers: number[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      const place = decodeURIComponent(request.url!);
      calls.push(`${request.method} ${place}`);
      const status = answers.shift();
      if (status !== undefined) return response.writeHead(status).end();
      const key = String(request.headers['idempotency-key']);
      if (!keys.has(key) && request.method === 'DELETE') holds.delete(place);
      else if (!keys.has(key)) holds.set(place, body);
      keys.add(key);
      return response.end('{}');
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    holds,
    answers,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function noticeProject(root: string, url: string): Project {
  return defineProject({
    processes: [noticeOf(url)],
    agents: [
      oneStep(writer, ({ subject }) => ({ notice: { text: `About ${subject}` } })),
      oneStep(clerk, ({ notice }) => ({ minute: { text: `Posted: ${notice.text}` } })),
    ],
    connectors: {
      files: fileConnector({ root }),
      board: httpConnector({ allow: [{ origin: url, internal: true }], repeatable: true, undo: 'DELETE' }),
    },
  });
}
