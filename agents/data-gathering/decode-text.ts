import type { Finding } from './agent.ts';
import { detectEncoding, ENCODING_NAMES, ENCODINGS } from './detect-encoding.ts';
import type { DetectedEncoding, Encoding } from './detect-encoding.ts';
import type { Answers, Problem } from './frame.ts';
import { quote, refuse } from './reading.ts';
import type { Reading } from './reading.ts';

/** Of a data file that is read as a whole: what a worker thread parses in well under a second. */
export const MAX_BYTES = 8 * 1024 * 1024;
export const MAX_LINE = 1024 * 1024;
/** Below this a person is asked which encoding it is. */
const SURE = 0.65;

export interface DecodedText {
  text: string;
  encoding: Encoding;
  findings: Finding[];
}

/** The text of a file's bytes; a question where two encodings would do; refuses what is empty, too large, or not text. */
export function decodeText(
  bytes: Uint8Array,
  answers: Answers = {},
): Reading<DecodedText | { question: Problem }> {
  if (bytes.length === 0) return refuse('Data.Empty', 'The file is empty.');
  if (bytes.length > MAX_BYTES) {
    return refuse('Data.TooLarge', `The file has ${bytes.length} bytes; the limit is ${MAX_BYTES}.`);
  }
  const detected = detectEncoding(bytes);
  if (!detected) return refuseBytes(bytes, 'utf-8', 'nor can any other encoding that is known here');
  const answered = ENCODINGS.find((encoding) => encoding === answers['encoding']);
  if (detected.confidence < SURE && detected.rival !== null && !answered) {
    return { ok: true, value: { question: askEncoding(bytes, detected) } };
  }
  const encoding = answered ?? detected.encoding;
  const content = bytes.subarray(detected.skip);
  if (!encoding.startsWith('utf-16')) {
    const zero = content.indexOf(0);
    if (zero >= 0) return refuse('Data.Malformed', `The file is not text: byte ${zero + 1} is NUL.`);
  }
  const text = decodeStrictly(content, encoding);
  if (text === null) return refuseBytes(content, encoding, detected.evidence);
  if (text.includes('\0')) return refuse('Data.Malformed', 'The file is not text: it holds NUL characters.');
  if (text.trim() === '') return refuse('Data.Empty', 'The file holds only blank lines.');
  const findings = encoding === 'utf-8' ? [] : [noteEncoding(encoding, detected, answered !== undefined)];
  return { ok: true, value: { text, encoding, findings } };
}

function decodeStrictly(bytes: Uint8Array, encoding: Encoding): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function noteEncoding(encoding: Encoding, detected: DetectedEncoding, answered: boolean): Finding {
  const why = answered ? 'as answered' : `${detected.evidence}; confidence ${detected.confidence}`;
  return {
    kind: 'encoding',
    severity: 'note',
    message: `Read as ${ENCODING_NAMES[encoding]}: ${why}.`,
    repaired: false,
  };
}

function askEncoding(bytes: Uint8Array, { encoding, rival }: DetectedEncoding): Problem {
  const candidates = rival === null ? [encoding] : [encoding, rival];
  return {
    id: 'encoding',
    kind: 'encoding',
    message:
      'The file does not say how its characters are encoded, and two ways would do: which one reads right?',
    repair: null,
    options: candidates.map((id) => ({ id, label: `${ENCODING_NAMES[id]}: ${quote(sampleOf(bytes, id))}` })),
    columns: [],
    span: null,
  };
}

/** Some of the first line that is not ASCII. */
function sampleOf(bytes: Uint8Array, encoding: Encoding): string {
  const text = new TextDecoder(encoding).decode(bytes.subarray(0, 64 * 1024));
  const line = text.split('\n').find((each) => /\P{ASCII}/u.test(each)) ?? '';
  const at = line.search(/\P{ASCII}/u);
  return line.slice(Math.max(0, at - 8), at + 28);
}

/** Names the first place where the bytes stop being text. */
function refuseBytes(bytes: Uint8Array, encoding: Encoding, evidence: string): Reading<never> {
  const lenient = new TextDecoder(encoding).decode(bytes);
  const before = lenient.slice(0, lenient.indexOf('\uFFFD'));
  const line = before.split('\n').length;
  const tail = before.slice(before.lastIndexOf('\n') + 1);
  const name = ENCODING_NAMES[encoding];
  return refuse(
    'Data.Malformed',
    `Line ${line}, character ${tail.length + 1} is not ${name} text` +
      `${tail ? ` after ${quote(tail.slice(-20))}` : ''} (${evidence}): save the file as UTF-8.`,
  );
}
