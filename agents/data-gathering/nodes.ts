import { z } from 'zod';
import { toFailure } from '../../contracts/failures.ts';
import { sha256Hex } from '../../contracts/json.ts';
import { askPerson } from '../ask-person.ts';
import type { GraphPorts } from '../implement-agent.ts';
import { compareProfiles } from './compare-profile.ts';
import type { Problem } from './frame.ts';
import type {
  findProblems,
  findSeries,
  openBytes,
  openParquet,
  profileText,
  repairProblems,
} from './jobs.ts';
import { pickSeries } from './pick-series.ts';
import { isParquet } from './read-parquet.ts';
import type { Reading } from './reading.ts';
import type { Gathering } from './state.ts';

interface Jobs {
  openBytes: typeof openBytes;
  openParquet: typeof openParquet;
  profileText: typeof profileText;
  findProblems: typeof findProblems;
  repairProblems: typeof repairProblems;
  findSeries: typeof findSeries;
}

type Ports = Pick<GraphPorts, 'compute' | 'readData' | 'progress'>;
type Update = Partial<Gathering>;

/** Rounds of repair before the table is given up. */
const MAX_REPAIRS = 12;

/** The steps of the graph; parsing and searching run on another thread. */
export function createNodes(ports: Ports) {
  const run = async <Job extends keyof Jobs>(
    job: Job,
    input: Parameters<Jobs[Job]>[0],
    abortSignal?: AbortSignal,
  ): Promise<Awaited<ReturnType<Jobs[Job]>>> =>
    (await ports.compute(job, input, abortSignal ? { abortSignal } : {})) as Awaited<ReturnType<Jobs[Job]>>;

  return {
    read: async ({ dataset, answers }: Gathering, config: Config): Promise<Update> => {
      const { bytes } = await ports.readData(dataset);
      ports.progress({ text: 'bytes read', done: bytes.length, of: bytes.length });
      const read = isParquet(bytes)
        ? await run('openParquet', { bytes }, config.signal)
        : await run('openBytes', { bytes, answers }, config.signal);
      const opened = accept(read, dataset);
      const { text, form, findings, problems } = opened;
      return {
        text,
        form: problems.length === 0 ? form : null,
        problems,
        findings,
        source: { bytes: bytes.length, digest: sha256Hex(bytes), rows: 0, columns: 0 },
        frame: null,
      };
    },

    profile: async (
      { dataset, text, form, answers, source, adjust, lastProfile }: Gathering,
      config: Config,
    ): Promise<Update> => {
      const profiled = accept(
        await run(
          'profileText',
          { text, form: form ?? 'delimited', answers, personal: adjust?.personal ?? [] },
          config.signal,
        ),
        dataset,
      );
      const { frame, problems, leftOut, rows, columnCount, profile } = profiled;
      ports.progress({ text: 'rows read', done: rows });
      const drift = lastProfile && profile ? compareProfiles(lastProfile, profile) : [];
      return {
        frame,
        tableProfile: profile,
        problems,
        findings: [...profiled.findings, ...drift],
        leftOut,
        source: { ...source, rows, columns: columnCount },
        // The text is needed again only if an answer changes how it is read.
        text: frame === null ? text : '',
      };
    },

    check: async (
      { dataset, frame, answers, restored, repairs }: Gathering,
      config: Config,
    ): Promise<Update> => {
      if (frame === null) throw new Error('The table was not profiled before it was checked.');
      const problems = accept(
        await run('findProblems', { frame, answers, restored }, config.signal),
        dataset,
      );
      if (problems.length > 0 && repairs >= MAX_REPAIRS) {
        throw toFailure(
          'Data.Unfit',
          `${dataset} still has problems after ${repairs} repairs: ${problems[0]?.message}`,
          {
            name: dataset,
          },
        );
      }
      return { problems };
    },

    repair: async ({ frame, problems, repairs, restored }: Gathering, config: Config): Promise<Update> => {
      if (frame === null) throw new Error('The table was not profiled before it was repaired.');
      const repaired = await run('repairProblems', { frame, problems }, config.signal);
      const summed = problems.some(({ repair }) => repair === 'restoreFromSums');
      return { ...repaired, repairs: repairs + 1, restored: restored || summed };
    },

    /** Runs once for each open question, so that all of them are asked together. */
    ask: (problem: Problem): Update => {
      const [first, ...rest] = problem.options.map(({ id }) => id);
      const answer = askPerson({
        prompt: {
          question: problem.message,
          options: problem.options.map(({ id, label }) => ({ id, label })),
        },
        answer: z.enum([first ?? '', ...rest]),
      });
      return { answers: { [problem.id]: answer } };
    },

    structure: async ({ frame, adjust }: Gathering, config: Config): Promise<Update> => {
      if (frame === null) throw new Error('The table was not profiled before its series were sought.');
      return await run('findSeries', { frame, leaveOut: adjust?.leaveOut ?? [] }, config.signal);
    },

    pick: (state: Gathering): Update => {
      return { series: pickSeries(state) };
    },
  };
}

interface Config {
  signal?: AbortSignal;
}

function accept<T>(reading: Reading<T>, dataset: string): T {
  if (reading.ok) return reading.value;
  throw toFailure(reading.type, `${dataset}: ${reading.message}`, { name: dataset });
}
