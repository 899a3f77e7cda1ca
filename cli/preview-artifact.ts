import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Json } from '../contracts/json.ts';
import { toFailure } from '../contracts/failures.ts';
import { makeFolder } from '../store/make-folder.ts';

/** Members that are files of their own, and how their text is to be read. */
const fileMembers: { [member: string]: { extension: string; encoding: 'utf8' | 'base64' } } = {
  html: { extension: 'html', encoding: 'utf8' },
  csv: { extension: 'csv', encoding: 'utf8' },
  svg: { extension: 'svg', encoding: 'utf8' },
  png: { extension: 'png', encoding: 'base64' },
  xlsx: { extension: 'xlsx', encoding: 'base64' },
};
const safe = (name: string): string => name.replaceAll(/[^\p{L}\p{N}._-]/gu, '_').slice(0, 80);

/**
 * Writes an artifact where a person can look at it: its JSON, each page, table and picture in it, and a page that was
 * drawn of it. Gives the paths.
 */
export function previewArtifact(
  folder: string,
  name: string,
  value: Json,
  page: string | null = null,
): string[] {
  const written: string[] = [];
  const write = (file: string, content: string | Uint8Array): void => {
    const target = path.join(folder, file);
    try {
      makeFolder(folder);
      writeFileSync(target, content);
    } catch (cause) {
      throw toFailure('File.NotWritable', (cause as Error).message, { name: target, cause });
    }
    written.push(target);
  };
  const walk = (part: Json, prefix: string): void => {
    if (Array.isArray(part)) {
      for (const [index, one] of part.entries()) {
        const id =
          one && typeof one === 'object' && !Array.isArray(one) && typeof one['id'] === 'string'
            ? one['id']
            : String(index);
        walk(one, `${prefix}-${safe(id)}`);
      }
      return;
    }
    if (!part || typeof part !== 'object') return;
    for (const [member, content] of Object.entries(part)) {
      const as = Object.hasOwn(fileMembers, member) ? fileMembers[member] : undefined;
      if (as && typeof content === 'string')
        write(`${prefix}.${as.extension}`, Buffer.from(content, as.encoding));
      else walk(content, `${prefix}-${safe(member)}`);
    }
  };
  write(`${safe(name)}.json`, `${JSON.stringify(value, null, 2)}\n`);
  walk(value, safe(name));
  if (page !== null) write(`${safe(name)}-preview.html`, page);
  return written;
}
