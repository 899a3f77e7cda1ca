import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Json } from '../../contracts/json.ts';
import type { Connector, ConnectorCall, Lookup } from '../../contracts/ports.ts';
import { ConnectorRefused } from '../../contracts/ports.ts';
import { canonicalJson } from '../../contracts/json.ts';

const name = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]*$/u, 'a plain file name');

const Destination = z.strictObject({
  /** Below the connector's root. */
  folder: z.string(),
});
const Arguments = z.strictObject({
  files: z
    .array(
      z.strictObject({
        name,
        /** The artifact, and for JSON the member that holds the file's text (its whole content unless given). */
        artifact: z.string(),
        member: z.string().optional(),
        encoding: z.enum(['utf8', 'base64']).default('utf8'),
      }),
    )
    .min(1),
});
const Receipt = z.object({
  idempotencyKey: z.string(),
  digest: z.string().nullable(),
  folder: z.string(),
  files: z.array(z.string()),
});
const receiptName = 'baton-receipt.json';

/**
 * Publishes artifacts as files in a folder of their own for each slot, whole or not at all: they are written beside it
 * and moved into place. The same call again writes the same files.
 */
export function fileConnector(options: { root: string }): Connector {
  const placeOf = (call: ConnectorCall): { final: string; shown: string } => {
    const { folder } = read(Destination, call.destination, 'destination');
    const root = path.resolve(options.root);
    const final = path.resolve(
      root,
      folder,
      call.run,
      ...call.slot.split('/').slice(1).map(encodeURIComponent),
    );
    if (path.relative(root, final).startsWith('..')) {
      throw new ConnectorRefused(
        `The folder ${folder} lies outside the folder that this connector may write to.`,
      );
    }
    return { final, shown: path.relative(root, final) };
  };
  return {
    repeatable: true,
    async call(call) {
      const { final, shown } = placeOf(call);
      if (call.verb === 'undo') {
        await orRefuse(rm(final, { recursive: true, force: true }), final);
        return { folder: shown, removed: true };
      }
      const { files } = read(Arguments, call.arguments, 'arguments');
      const beside = `${final}.${call.n}-${process.pid}.new`;
      await orRefuse(rm(beside, { recursive: true, force: true }), beside);
      await orRefuse(mkdir(beside, { recursive: true }), beside);
      for (const file of files) {
        await orRefuse(writeSynced(path.join(beside, file.name), contentOf(call, file)), file.name);
      }
      const receipt = {
        idempotencyKey: call.idempotencyKey,
        digest: call.digest,
        folder: shown,
        files: files.map((file) => file.name),
      };
      await writeSynced(path.join(beside, receiptName), Buffer.from(canonicalJson(receipt)));
      call.abortSignal.throwIfAborted();
      await rm(final, { recursive: true, force: true });
      await rename(beside, final);
      await syncFolder(path.dirname(final));
      return receipt;
    },
    async lookup(call): Promise<Lookup> {
      const found = await readReceipt(placeOf(call).final);
      // Calls end before their lease does, so nothing earlier can still land when this is asked.
      if (!found) return { holds: 'none', forGood: true };
      if (found.digest === call.digest) return { holds: 'wanted', forGood: true, receipt: found };
      return { holds: found.digest === call.former ? 'former' : 'unknown', forGood: true };
    },
  };
}

function contentOf(call: ConnectorCall, file: z.infer<typeof Arguments>['files'][number]): Uint8Array {
  const subject = call.subjects[file.artifact];
  if (!subject)
    throw new ConnectorRefused(
      `${file.name} is to be made of ${file.artifact}, which this effect does not hand over.`,
    );
  if (file.member === undefined) return subject.content;
  const value = (JSON.parse(Buffer.from(subject.content).toString()) as { [member: string]: Json })[
    file.member
  ];
  if (typeof value !== 'string')
    throw new ConnectorRefused(`${file.artifact} has no text ${file.member} for ${file.name}.`);
  return Buffer.from(value, file.encoding);
}

function read<T extends z.ZodType>(schema: T, value: Json, what: string): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ConnectorRefused(`The file connector's ${what}: ${issue?.path.join('.')}: ${issue?.message}`);
}

async function writeSynced(file: string, content: Uint8Array): Promise<void> {
  const handle = await open(file, 'w');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows can't open a folder for syncing; its rename is durable enough there.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(async () => handle.close());
}

async function readReceipt(folder: string): Promise<z.infer<typeof Receipt> | null> {
  try {
    return Receipt.parse(JSON.parse(await readFile(path.join(folder, receiptName), 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Nothing was published yet, so a disk that says no is a plain refusal. */
async function orRefuse<T>(work: Promise<T>, name: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new ConnectorRefused(
      `Can't write ${name}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
