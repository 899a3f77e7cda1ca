import { accessSync, constants, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { findOnPath, isExecutableFile, readTemporalVersion } from '../../server/find-program.ts';
import { inspectServer } from '../../server/inspect-server.ts';
import type { ServerInspection } from '../../server/inspect-server.ts';
import { cacheFolder, findModuleFolder, locateProgramCache } from '../../server/program-cache.ts';
import { connectTo } from '../../server/connect.ts';
import type { RunRow } from '../../contracts/ports.ts';
import { findAddress, listPollers } from '../connect.ts';
import { exitCodes } from '../exit-codes.ts';
import { describeCredentials } from '../describe-credentials.ts';
import { commandLine } from '../how-to-call.ts';
import { doorFile, hasStore, storeFolder, withStore } from '../open-folder.ts';
import { paint, print, printJson } from '../output.ts';
import { loadProject } from '../settings.ts';
import type { Settings } from '../settings.ts';

/** `good`, `note` (worth knowing) or `bad` (something will not work until it is mended). */
interface Finding {
  about: string;
  state: 'good' | 'note' | 'bad';
  found: string;
  mend?: string;
}

const nodeNeeded = 24;

/** Looks at everything that runs stand on, and says what is missing and how to get it; changes nothing. */
export async function doctor(settings: Settings): Promise<void> {
  const findings: Finding[] = [];
  for (const look of [lookAtNode, lookAtProject, lookAtStore, lookAtDoor, lookAtServers, lookAtPrograms]) {
    const found = await look(settings);
    findings.push(...found);
    if (!settings.json) found.forEach(printFinding);
  }
  const bad = findings.filter(({ state }) => state === 'bad').length;
  print();
  print(bad === 0 ? 'All is well.' : `${bad} to mend.`);
  if (settings.json) printJson({ well: bad === 0, findings });
  if (bad > 0) process.exitCode = exitCodes.failed;
}

function printFinding({ about, state, found, mend }: Finding): void {
  const mark = { good: paint('green', '✓'), note: paint('yellow', '–'), bad: paint('red', '✗') }[state];
  print(`${mark} ${about.padEnd(12)} ${found}`);
  if (mend !== undefined) print(`  ${''.padEnd(12)} ${mend}`);
}

function lookAtNode(): Finding[] {
  const major = Number(process.versions.node.split('.')[0]);
  return [
    major >= nodeNeeded
      ? { about: 'Node', state: 'good', found: process.version }
      : { about: 'Node', state: 'bad', found: process.version, mend: `Install Node ${nodeNeeded} or later.` },
  ];
}

async function lookAtProject(settings: Settings): Promise<Finding[]> {
  try {
    const { project, file } = await loadProject(settings);
    const names = (list: string[]): string => list.join(', ') || 'none';
    return [
      { about: 'project', state: 'good', found: path.relative('.', file) },
      { about: 'processes', state: 'good', found: names(project.processes.map(({ name }) => name)) },
      { about: 'agents', state: 'good', found: names(project.agents.map(({ agent }) => agent.name)) },
      { about: 'connectors', state: 'good', found: names(Object.keys(project.connectors ?? {})) },
      ...describeCredentials(project.connectors ?? {}, process.env),
    ];
  } catch (error) {
    return [{ about: 'project', state: 'bad', found: (error as Error).message }];
  }
}

async function lookAtStore(settings: Settings): Promise<Finding[]> {
  const folder = storeFolder(settings);
  if (!hasStore(settings)) {
    const parent = nearestFolder(folder);
    return [
      isWritable(parent)
        ? { about: 'store', state: 'note', found: `none in ${settings.folder} yet; the first run makes it` }
        : {
            about: 'store',
            state: 'bad',
            found: `none in ${settings.folder}, and ${parent} can't be written to`,
            mend: 'Choose another folder with --folder, or allow writing there.',
          },
    ];
  }
  try {
    const runs = await withStore(settings, async (store) => store.runs.list());
    const open = runs.filter(({ closedAt }) => closedAt === null).length;
    const found = `${folder}: ${runs.length} runs, ${open} of them open`;
    return [
      isWritable(folder)
        ? { about: 'store', state: 'good', found }
        : { about: 'store', state: 'bad', found, mend: `Allow writing to ${folder}.` },
    ];
  } catch (error) {
    return [{ about: 'store', state: 'bad', found: (error as Error).message }];
  }
}

function lookAtDoor(settings: Settings): Finding[] {
  const file = doorFile(settings);
  if (!existsSync(file))
    return [{ about: 'door', state: 'note', found: 'no key yet; the first start makes it' }];
  const mode = statSync(file).mode & 0o777;
  if (process.platform === 'win32' || (mode & 0o077) === 0)
    return [{ about: 'door', state: 'good', found: `${file}, for its owner only` }];
  return [
    {
      about: 'door',
      state: 'bad',
      found: `${file} may be read by others (${mode.toString(8)}): they could sign decisions`,
      mend: `chmod 600 ${file}`,
    },
  ];
}

async function lookAtServers(settings: Settings): Promise<Finding[]> {
  let address: string;
  try {
    address = await findAddress(settings);
  } catch {
    return [
      {
        about: 'server',
        ...(await lacking(settings, `none runs for ${settings.folder}`)),
        mend: `\`${commandLine(settings, 'dev')}\` starts one; or set TEMPORAL_ADDRESS.`,
      },
    ];
  }
  const inspection = await inspectServer(address, settings.namespace);
  if (!inspection.reachable) return [{ about: 'server', state: 'bad', found: inspection.reason }];
  const found: Finding = {
    about: 'server',
    state: 'good',
    found: `${address}, Temporal ${inspection.serverVersion}`,
  };
  if (!inspection.namespace.exists) return [found, ...describeNamespace(settings, inspection)];
  return [found, ...describeNamespace(settings, inspection), await lookAtWorkers(settings, address)];
}

/** What is missing is worth knowing as long as no run waits for it. */
async function lacking(settings: Settings, found: string): Promise<Pick<Finding, 'state' | 'found'>> {
  const openRuns = async (): Promise<RunRow[]> =>
    withStore(settings, async (store) => store.runs.list({ status: 'open' }));
  // A store that can't be read is a finding of its own.
  const runs = hasStore(settings) ? await openRuns().catch(() => []) : [];
  if (runs.length === 0) return { state: 'note', found };
  const are = runs.length === 1 ? 'a run is' : `${runs.length} runs are`;
  return { state: 'bad', found: `${found}, and ${are} open` };
}

function describeNamespace(
  { namespace }: Settings,
  inspection: Extract<ServerInspection, { reachable: true }>,
): Finding[] {
  const about = 'namespace';
  const { namespace: inspected } = inspection;
  if (!inspected.exists)
    return [{ about, state: 'bad', found: `there is no namespace ${namespace}`, mend: inspected.command }];
  const { retentionDays, retentionCommand, missingSearchAttributes: missing } = inspected;
  const short = retentionDays < 7;
  const found = `${namespace}, closed runs kept ${Number(retentionDays.toFixed(2))} days`;
  const kept: Finding = short
    ? { about, state: 'note', found, mend: `Longer: ${retentionCommand}` }
    : { about, state: 'good', found };
  if (missing === 'unknown')
    return [kept, { about: 'attributes', state: 'note', found: "the server doesn't say which it has" }];
  if (missing.length === 0)
    return [kept, { about: 'attributes', state: 'good', found: 'search attributes are registered' }];
  return [
    kept,
    ...missing.map(({ name, command }): Finding => ({
      about: 'attributes',
      state: 'bad',
      found: `the search attribute ${name} is missing`,
      mend: command,
    })),
  ];
}

async function lookAtWorkers(settings: Settings, address: string): Promise<Finding> {
  const connection = await connectTo(address);
  try {
    const pollers = await listPollers(connection, settings);
    const about = 'workers';
    if (pollers.length > 0)
      return {
        about,
        state: 'good',
        found: `${pollers.length} on ${settings.taskQueue}: ${pollers.join(', ')}`,
      };
    return {
      about,
      ...(await lacking(settings, `none polls ${settings.taskQueue}`)),
      mend: `\`${commandLine(settings, 'dev')}\` starts one.`,
    };
  } finally {
    await connection.close();
  }
}

/** Where a server of its own would come from. */
async function lookAtPrograms({ address }: Settings): Promise<Finding[]> {
  if (address !== undefined) return [];
  const about = 'temporal';
  const [onPath] = await findOnPath('temporal', process.env);
  if (onPath !== undefined) {
    try {
      return [{ about, state: 'good', found: `${onPath}, ${await readTemporalVersion(onPath)}` }];
    } catch (error) {
      return [{ about, state: 'note', found: `${onPath}: ${(error as Error).message}` }];
    }
  }
  const cache = await locateProgramCache(cacheFolder(process.env), await findModuleFolder());
  if (await isExecutableFile(cache.program))
    return [{ about, state: 'good', found: `${cache.program} (kept)` }];
  const [go] = await findOnPath('go', process.env);
  return [
    go === undefined
      ? {
          about,
          state: 'note',
          found: `no program is kept, and there is no Go; ${cache.version} is downloaded when it is needed`,
          mend: 'Where that is not allowed: set TEMPORAL_ADDRESS, install `temporal`, or install Go 1.26.',
        }
      : {
          about,
          state: 'note',
          found: `${cache.version} is downloaded, or built with ${go}, when it is needed`,
        },
  ];
}

function nearestFolder(folder: string): string {
  let nearest = path.resolve(folder);
  while (!existsSync(nearest) && path.dirname(nearest) !== nearest) nearest = path.dirname(nearest);
  return nearest;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
}
