type Encoding = 'big5' | 'gb18030' | 'shift_jis' | 'windows-1252' | 'utf-16le' | 'utf-16be';

const tables = new Map<Encoding, Map<string, number[]>>();

/** Bytes in an encoding that Node can decode only: found by decoding all bytes and pairs of them. */
export function encodeText(text: string, encoding: Encoding): Uint8Array {
  if (encoding === 'utf-16le') return new Uint8Array(Buffer.from(text, 'utf16le'));
  if (encoding === 'utf-16be') return new Uint8Array(Buffer.from(text, 'utf16le').swap16());
  let table = tables.get(encoding);
  if (!table) {
    table = new Map();
    const decoder = new TextDecoder(encoding);
    const pairs = encoding === 'windows-1252' ? [] : range(0x40, 0xff);
    for (const lead of range(0x80, 0xff)) {
      for (const bytes of [[lead], ...pairs.map((trail) => [lead, trail])]) {
        const decoded = decoder.decode(Uint8Array.from(bytes));
        if (Array.from(decoded).length === 1 && decoded !== '\uFFFD' && !table.has(decoded))
          table.set(decoded, bytes);
      }
    }
    tables.set(encoding, table);
  }
  return Uint8Array.from(
    Array.from(text).flatMap((character) => {
      const bytes = character < '\u0080' ? [character.charCodeAt(0)] : table.get(character);
      if (!bytes) throw new Error(`${character} can't be written in ${encoding}.`);
      return bytes;
    }),
  );
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}
