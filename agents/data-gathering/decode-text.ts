import { quote, refuse } from './reading.ts';
import type { Reading } from './reading.ts';

/** Of a data file: what a worker thread parses in well under a second. */
export const MAX_BYTES = 8 * 1024 * 1024;
const MAX_LINE = 1024 * 1024;

/** The text of UTF-8 bytes without its byte order mark; refuses what is empty, over 8 MiB, or not text. */
export function decodeText(bytes: Uint8Array): Reading<string> {
  if (bytes.length === 0) return refuse('Data.Empty', 'The file is empty.');
  if (bytes.length > MAX_BYTES) {
    return refuse('Data.TooLarge', `The file has ${bytes.length} bytes; the limit is ${MAX_BYTES}.`);
  }
  const mark = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
  if (mark === 0xfffe || mark === 0xfeff) {
    return refuse('Data.Malformed', 'The file is UTF-16: save it as UTF-8.');
  }
  const zero = bytes.indexOf(0);
  if (zero >= 0) {
    return refuse('Data.Malformed', `The file is not text: byte ${zero + 1} is NUL.`);
  }
  const text = decodeUtf8(bytes);
  if (!text.ok) return text;
  if (text.value.trim() === '') return refuse('Data.Empty', 'The file holds only blank lines.');
  return checkLines(text.value);
}

function decodeUtf8(bytes: Uint8Array): Reading<string> {
  try {
    return { ok: true, value: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    const lenient = new TextDecoder().decode(bytes);
    const before = lenient.slice(0, lenient.indexOf('\uFFFD'));
    const line = before.split('\n').length;
    const tail = before.slice(before.lastIndexOf('\n') + 1);
    return refuse(
      'Data.Malformed',
      `Line ${line} is not UTF-8 text${tail ? ` after ${quote(tail.slice(-20))}` : ''}: save the file as UTF-8.`,
    );
  }
}

function checkLines(text: string): Reading<string> {
  let start = 0;
  for (let line = 1; start <= text.length; line++) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    if (end - start > MAX_LINE) {
      return refuse('Data.TooLarge', `Line ${line} has ${end - start} characters; the limit is ${MAX_LINE}.`);
    }
    start = end + 1;
  }
  return { ok: true, value: text };
}
