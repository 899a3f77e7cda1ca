import type { DeskRow, RunRow } from '../../contracts/ports.ts';
import { waitsUntil } from '../waits-until.ts';
import { commandLine } from '../how-to-call.ts';
import { findRun, hasStore, withStore } from '../open-folder.ts';
import { print, printJson, printTable, readableMoment } from '../output.ts';
import type { Settings } from '../settings.ts';

export interface RunsOptions {
  process?: string;
  status?: string;
  key?: string;
  parent?: string;
  limit: number;
}

export async function listRuns(settings: Settings, options: RunsOptions): Promise<void> {
  const { process: of, status, key, parent } = options;
  const read = async (): Promise<{ rows: RunRow[]; open: DeskRow[] }> =>
    withStore(settings, async (store) => ({
      rows: await store.runs.list({
        ...(of !== undefined && { process: of }),
        ...(status !== undefined && { status }),
        ...(key !== undefined && { key }),
        ...(parent !== undefined && { parent: (await findRun(store, parent)).run }),
        limit: options.limit,
      }),
      open: await store.desk.open(of === undefined ? {} : { process: of }),
    }));
  const { rows, open } = hasStore(settings) ? await read() : { rows: [], open: [] };
  const asks = (run: string): string[] =>
    open.filter((one) => one.run === run).map(({ checkpoint }) => checkpoint.name);
  if (settings.json) {
    printJson(rows.map(({ start: _start, ...row }) => ({ ...row, asks: asks(row.run) })));
    return;
  }
  if (rows.length === 0) {
    const narrowed = of ?? status ?? key ?? parent;
    print(
      narrowed === undefined
        ? `No runs in ${settings.folder} yet: \`${commandLine(settings, 'run', 'PROCESS')}\` makes one.`
        : `No runs in ${settings.folder} are like that.`,
    );
    return;
  }
  printTable([
    ['RUN', 'STATUS', 'KEY', 'STARTED', 'BY', 'ASKS'],
    ...rows.map((row) => [
      row.run,
      statusOf(row),
      row.key ?? '-',
      row.startedAt.slice(0, 19).replace('T', ' '),
      row.startedBy,
      asks(row.run).join(', ') || '-',
    ]),
  ]);
}

function statusOf(row: RunRow): string {
  const until = waitsUntil(row);
  if (until !== null) return `waits until ${readableMoment(until)}`;
  return row.epoch > 1 ? `${row.status}, epoch ${row.epoch}` : row.status;
}
