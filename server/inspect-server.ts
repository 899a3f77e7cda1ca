import type { Connection } from '@temporalio/client';
import { type Access, connectTo } from './connect.ts';
import { type SearchAttributeName, searchAttributes } from './search-attributes.ts';
import { describeError } from './server-error.ts';

/** gRPC's numbers of the answers that are told apart here. */
const notFound = 5;
const permissionDenied = 7;
const unimplemented = 12;
// A new namespace is described at once, but takes the server's cache two seconds to be found by other calls.
const cannotList = [notFound, permissionDenied, unimplemented];

/** Temporal's numbers of search attribute types (temporal.api.enums.v1.IndexedValueType). */
const indexedValueTypes = { Keyword: 2, KeywordList: 7 } as const;

interface MissingSearchAttribute {
  name: SearchAttributeName;
  type: (typeof searchAttributes)[SearchAttributeName];
  /** Command line that adds it. */
  command: string;
}

type NamespaceInspection =
  | { exists: false; command: string }
  | {
      exists: true;
      /** Days that closed runs are kept. */
      retentionDays: number;
      retentionCommand: string;
      /** `unknown` where the server doesn't let this caller list them, or made the namespace a moment ago. */
      missingSearchAttributes: MissingSearchAttribute[] | 'unknown';
    };

export type ServerInspection =
  | { address: string; reachable: false; reason: string }
  | { address: string; reachable: true; serverVersion: string; namespace: NamespaceInspection };

/** Looks at a server without changing it: what is there, what Baton misses, and the command that adds it. */
export async function inspectServer(
  address: string,
  namespace = 'default',
  access: Access = {},
): Promise<ServerInspection> {
  let connection: Connection;
  try {
    connection = await connectTo(address, access);
  } catch (error) {
    return { address, reachable: false, reason: describeError(error) };
  }
  try {
    const { serverVersion } = await connection.workflowService.getSystemInfo({});
    return {
      address,
      reachable: true,
      serverVersion: serverVersion ?? 'unknown',
      namespace: await inspectNamespace(connection, address, namespace),
    };
  } finally {
    await connection.close();
  }
}

async function inspectNamespace(
  connection: Connection,
  address: string,
  namespace: string,
): Promise<NamespaceInspection> {
  const target = `--namespace ${namespace} --address ${address}`;
  const retentionDays = await readRetentionDays(connection, namespace);
  if (retentionDays === undefined) {
    return { exists: false, command: `temporal operator namespace create --retention 30d ${target}` };
  }
  const missing = await listMissingSearchAttributes(connection, namespace);
  return {
    exists: true,
    retentionDays,
    retentionCommand: `temporal operator namespace update --retention 30d ${target}`,
    missingSearchAttributes:
      missing === 'unknown'
        ? missing
        : missing.map((name) => ({
            name,
            type: searchAttributes[name],
            command: `temporal operator search-attribute create --name ${name} --type ${searchAttributes[name]} ${target}`,
          })),
  };
}

/** Undefined where there is no such namespace. */
export async function readRetentionDays(
  connection: Connection,
  namespace: string,
): Promise<number | undefined> {
  try {
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    return Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / 86_400;
  } catch (error) {
    if (hasCode(error, notFound)) return undefined;
    throw error;
  }
}

async function listMissingSearchAttributes(
  connection: Connection,
  namespace: string,
): Promise<SearchAttributeName[] | 'unknown'> {
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    const names = Object.keys(searchAttributes) as SearchAttributeName[];
    return names.filter((name) => customAttributes?.[name] !== indexedValueTypes[searchAttributes[name]]);
  } catch (error) {
    if (cannotList.some((code) => hasCode(error, code))) return 'unknown';
    throw error;
  }
}

/** Adds what is missing of Baton's search attributes and returns their names; done twice, it adds nothing. */
export async function addSearchAttributes(
  connection: Connection,
  namespace = 'default',
): Promise<SearchAttributeName[]> {
  const missing = await listMissingSearchAttributes(connection, namespace);
  const names = missing === 'unknown' ? (Object.keys(searchAttributes) as SearchAttributeName[]) : missing;
  if (names.length === 0) return [];
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(
      names.map((name) => [name, indexedValueTypes[searchAttributes[name]]]),
    ),
  });
  return names;
}

function hasCode(error: unknown, code: number): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
