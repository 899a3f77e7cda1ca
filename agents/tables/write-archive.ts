import { crc32 } from 'node:zlib';

/** 1980-01-01, the first day that a ZIP archive can say: a true one would make the same content other bytes. */
const first = 0x21;
const utf8 = 0x800;
const version = 20;

/**
 * A ZIP archive of texts, the same bytes for the same texts wherever it is made: entries are stored as they are, since
 * compressors differ from one machine to the next.
 */
export function writeArchive(entries: readonly (readonly [name: string, text: string])[]): Uint8Array {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of entries) {
    const title = Buffer.from(name);
    const content = Buffer.from(text);
    const about = Buffer.alloc(26);
    [version, utf8, 0, 0, first].forEach((value, at) => about.writeUInt16LE(value, 2 * at));
    [crc32(content), content.length, content.length].forEach((value, at) =>
      about.writeUInt32LE(value, 10 + 4 * at),
    );
    about.writeUInt16LE(title.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\u0001\u0002'), Buffer.from([version, 0]), about, place, title);
    const body = [Buffer.from('PK\u0003\u0004'), about, title, content];
    bodies.push(...body);
    offset += body.reduce((sum, { length }) => sum + length, 0);
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(
    directory.reduce((sum, { length }) => sum + length, 0),
    8,
  );
  end.writeUInt32LE(offset, 12);
  return new Uint8Array(Buffer.concat([...bodies, ...directory, Buffer.from('PK\u0005\u0006'), end]));
}
