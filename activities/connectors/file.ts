import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Connector, ConnectorCall, Lookup } from '../../contracts/ports.ts';
import { ConnectorRefused } from '../../contracts/ports.ts';
import { canonicalJson } from '../../contracts/json.ts';
import { readTerms } from './read-terms.ts';
import { contentOf } from './subject-parts.ts';
import { isAbsent, refuseWayOut, replaceFolder, writeBeside } from './replace-folder.ts';

const receiptName = 'baton-receipt.json';
const name = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]*$/u, 'a plain file name')
  .refine((file) => file.toLowerCase() !== receiptName, 'another name than the receipt has');

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
    .min(1)
    .refine(
      (files) => new Set(files.map((file) => file.name.toLowerCase())).size === files.length,
      'each file needs a name of its own',
    ),
});
const Receipt = z.object({
  idempotencyKey: z.string(),
  digest: z.string().nullable(),
  folder: z.string(),
  files: z.array(z.string()),
  /** SHA-256 by file, as it was written. */
  written: z.record(z.string(), z.string()).default({}),
});

/**
 * Publishes artifacts as files in a folder of their own for each slot (folder, run, effect, element), whole or not at
 * all: they are written beside it and moved into place. The same call again writes the same files. What others put or
 * changed there is never replaced or removed: the call is refused, and says which file.
 */
export function fileConnector(options: { root: string }): Connector & { readonly root: string } {
  const root = path.resolve(options.root);
  return {
    root,
    repeatable: true,
    undoes: true,
    async call(call) {
      const { final, shown } = placeOf(root, call);
      await refuseWayOut(root, final);
      await refuseForeign(final, shown);
      if (call.verb === 'undo') {
        await replaceFolder(final, null);
        return { folder: shown, removed: true };
      }
      const { files } = readTerms(Arguments, call.arguments, "The file connector's arguments");
      const receipt = {
        idempotencyKey: call.idempotencyKey,
        digest: call.digest,
        folder: shown,
        files: files.map((file) => file.name),
      };
      const contents = new Map(files.map((file) => [file.name, contentOf(call, file)]));
      const written = Object.fromEntries(Array.from(contents, ([file, content]) => [file, hashOf(content)]));
      contents.set(receiptName, Buffer.from(canonicalJson({ ...receipt, written })));
      const beside = await writeBeside(final, contents, call.abortSignal);
      await replaceFolder(final, beside);
      return receipt;
    },
    async lookup(call): Promise<Lookup> {
      const found = await readReceipt(placeOf(root, call).final);
      // Calls end before their lease does, so nothing earlier can still land when this is asked.
      if (!found) return { holds: call.digest === null ? 'wanted' : 'none', forGood: true };
      const { written: _, ...receipt } = found;
      if (found.digest === call.digest) return { holds: 'wanted', forGood: true, receipt };
      return { holds: found.digest === call.former ? 'former' : 'unknown', forGood: true };
    },
  };
}

function placeOf(root: string, call: ConnectorCall): { final: string; shown: string } {
  const { folder } = readTerms(Destination, call.destination, "The file connector's destination");
  const base = path.resolve(root, folder);
  if (base !== root && !base.startsWith(root + path.sep))
    throw new ConnectorRefused(
      `The folder ${folder} lies outside the folder that this connector may write to.`,
    );
  const final = path.join(base, ...[call.run, ...call.slot.split('/')].map(toFolderName));
  return { final, shown: path.relative(root, final) };
}

/** A run's id or an element's key as one folder's name, whatever it holds; different ones stay different. */
function toFolderName(text: string): string {
  const encoded = encodeURIComponent(text).replaceAll('*', '%2A');
  // Names that start with a dot are this connector's own, and `.` and `..` lead elsewhere.
  return encoded === '' ? '%' : encoded.replace(/^\./, '%2E');
}

/** What lies in the slot's folder has to be what the slot wrote there. */
async function refuseForeign(folder: string, shown: string): Promise<void> {
  const found = await namesIn(folder);
  if (!found) return;
  const receipt = await readReceipt(folder);
  if (!receipt) throw new ConnectorRefused(`${shown} is there already, and Baton did not write it.`);
  const foreign = found.filter((file) => file !== receiptName && !receipt.files.includes(file));
  if (foreign.length > 0)
    throw new ConnectorRefused(
      `${shown} holds what Baton did not write: ${foreign.join(', ')}. Move it first.`,
    );
  for (const [file, written] of Object.entries(receipt.written)) {
    if (found.includes(file) && hashOf(await readFile(path.join(folder, file))) !== written)
      throw new ConnectorRefused(
        `${path.join(shown, file)} was changed since Baton wrote it. Move it first.`,
      );
  }
}

async function namesIn(folder: string): Promise<string[] | null> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw new ConnectorRefused(
      `Can't look into ${folder}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

const hashOf = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

async function readReceipt(folder: string): Promise<z.infer<typeof Receipt> | null> {
  try {
    return Receipt.parse(JSON.parse(await readFile(path.join(folder, receiptName), 'utf8')));
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}
