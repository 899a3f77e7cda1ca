export const ENCODINGS = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1252',
  'big5',
  'gb18030',
  'shift_jis',
] as const;
export type Encoding = (typeof ENCODINGS)[number];

export interface DetectedEncoding {
  encoding: Encoding;
  /** From 0 to 1: 1 where the bytes leave no choice. */
  confidence: number;
  /** How it was told, as part of a sentence. */
  evidence: string;
  /** The next best that could also be read; none where the bytes leave no choice. */
  rival: Encoding | null;
  /** Bytes at the start that only name the encoding. */
  skip: number;
}

export const ENCODING_NAMES: { [encoding in Encoding]: string } = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
  'windows-1252': 'Windows-1252',
  big5: 'Big5',
  gb18030: 'GB18030',
  shift_jis: 'Shift_JIS',
};

const SAMPLE = 64 * 1024;
/** What an encoding that alone can read the bytes is worth: a corrupt file of another one may look like that. */
const ALONE = 0.95;
/** What text scores at least: below it the bytes are noise. */
const LIKELY = 0.15;
/** What a wrong encoding makes of bytes; five of Windows-1252 are not assigned, and no text holds them. */
const FAULTS = /[\uFFFD\u0080-\u009f]/g;

/** Words of tables and the commonest characters: what a right guess is full of, and a wrong one is not. */
const COMMON: { [encoding: string]: Set<string> } = {
  big5: new Set(
    '年月日季週期間合計總額數量單價金額收入支出成本商品名稱類別地區公司客戶編號資料來源備註說明台灣香港北中高雄新市縣人口民國' +
      '銷售萬千百元位的是不在有個這們來到時大上為和說生一二三四五六七八九十電子食品服務業別其他男女',
  ),
  gb18030: new Set(
    '年月日季周期间合计总额数量单价金额收入支出成本商品名称类别地区公司客户编号资料来源备注说明北京上海广东新市县省人口民国' +
      '销售万千百元位的是不在有个这们来到时大上为和说生一二三四五六七八九十电子食品服务业别其他男女',
  ),
  shift_jis: new Set(
    '年月日期間合計総額数量単価金額売上収入支出費用商品名称種別地域会社顧客番号備考日本東京大阪円',
  ),
};

/**
 * The encoding of a file's bytes, told by its byte order mark, by being valid UTF-8, or by which of the others makes
 * the likelier text of the lines that are not ASCII; null where none of them can read it.
 */
export function detectEncoding(bytes: Uint8Array): DetectedEncoding | null {
  const marked = findMark(bytes);
  if (marked) return { ...marked, confidence: 1, evidence: 'its byte order mark says so', rival: null };
  const wide = detectWide(bytes);
  if (wide) return wide;
  const { sample, valid, invalid } = sampleLines(bytes);
  if (invalid === 0) {
    const evidence =
      valid === 0 ? 'it holds ASCII only' : `all ${valid} characters beyond ASCII are valid UTF-8`;
    return { encoding: 'utf-8', confidence: 1, evidence, rival: null, skip: 0 };
  }
  // Other encodings hardly ever look like UTF-8: this is UTF-8 with damage, which reading it will name by line.
  if (valid > invalid * 2) {
    const evidence = `${valid} characters are valid UTF-8, ${invalid} bytes are not`;
    return { encoding: 'utf-8', confidence: valid / (valid + invalid), evidence, rival: null, skip: 0 };
  }
  return detectLegacy(sample);
}

function findMark(bytes: Uint8Array): { encoding: Encoding; skip: number } | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { encoding: 'utf-8', skip: 3 };
  if (bytes[0] === 0xff && bytes[1] === 0xfe && (bytes[2] !== 0 || bytes[3] !== 0)) {
    return { encoding: 'utf-16le', skip: 2 };
  }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: 'utf-16be', skip: 2 };
  return null;
}

/** UTF-16 without a mark: its digits, delimiters and line ends have a NUL beside them, all on the same side. */
function detectWide(bytes: Uint8Array): DetectedEncoding | null {
  const length = Math.min(bytes.length, 4096) & ~1;
  const zeros = [0, 0];
  for (let at = 0; at < length; at += 1) if (bytes[at] === 0) zeros[at & 1]! += 1;
  const [even = 0, odd = 0] = zeros;
  const most = Math.max(even, odd);
  if (most < Math.max(4, length / 20) || Math.min(even, odd) > most / 50) return null;
  return {
    encoding: odd > even ? 'utf-16le' : 'utf-16be',
    confidence: 0.95,
    evidence: `${most} of its first ${length / 2} pairs of bytes have a NUL, always on the same side`,
    rival: null,
    skip: 0,
  };
}

/** Lines that are not ASCII, up to a sample, and how far all of them are valid UTF-8. */
function sampleLines(bytes: Uint8Array): { sample: Uint8Array; valid: number; invalid: number } {
  const lines: Uint8Array[] = [];
  let size = 0;
  let valid = 0;
  let invalid = 0;
  let start = 0;
  while (start < bytes.length) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline;
    let ascii = true;
    for (let at = start; at < end;) {
      if (bytes[at]! < 0x80) {
        at += 1;
        continue;
      }
      ascii = false;
      const length = sequenceLength(bytes, at);
      if (length > 0) valid += 1;
      else invalid += 1;
      at += length || 1;
    }
    if (!ascii && size < SAMPLE) {
      lines.push(bytes.subarray(start, Math.min(end, start + SAMPLE)));
      size += end - start;
    }
    start = end + 1;
  }
  return { sample: Buffer.concat(lines.flatMap((line) => [line, new Uint8Array([10])])), valid, invalid };
}

function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  const length =
    lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
  for (let next = 1; next < length; next += 1) if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

function detectLegacy(sample: Uint8Array): DetectedEncoding | null {
  const candidates = (['big5', 'gb18030', 'shift_jis', 'windows-1252'] as const).flatMap((encoding) => {
    const text = new TextDecoder(encoding).decode(sample);
    const { length: faults } = text.match(FAULTS) ?? [];
    const { length: strange } = text.match(/\P{ASCII}/gu) ?? [];
    // A few faults are damage, which reading the file names by line; more mean that it is another encoding.
    if ((faults ?? 0) > (strange ?? 0) * 0.01) return [];
    return [
      { encoding, ...(encoding === 'windows-1252' ? scoreLatin(text) : scoreWide(sample, text, encoding)) },
    ];
  });
  const [best, second] = candidates.sort((a, b) => b.score - a.score);
  if (!best || best.score < LIKELY) return null;
  const certainty = best.score / (best.score + (second?.score ?? 0) || 1);
  const weight = best.count / (best.count + 1);
  return {
    encoding: best.encoding,
    confidence: Number((second ? Math.min(0.99, certainty * weight) : ALONE).toFixed(2)),
    evidence: second
      ? `its ${best.count} characters beyond ASCII make likelier text so than as ${ENCODING_NAMES[second.encoding]}`
      : 'nothing else can read its bytes',
    rival: second?.encoding ?? null,
    skip: 0,
  };
}

/** How common the characters are: by word lists, and by the rows that each standard keeps for its common ones. */
function scoreWide(
  bytes: Uint8Array,
  text: string,
  encoding: 'big5' | 'gb18030' | 'shift_jis',
): { score: number; count: number } {
  const common = COMMON[encoding];
  let listed = 0;
  for (const character of text) if (common?.has(character)) listed += 1;
  let count = 0;
  let score = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const lead = bytes[at]!;
    if (lead < 0x80) continue;
    count += 1;
    if (encoding === 'shift_jis' && lead >= 0xa1 && lead <= 0xdf) {
      score += 0.1;
      continue;
    }
    score += rowScore(encoding, lead, bytes[at + 1] ?? 0);
    at += 1;
    const third = bytes[at + 1] ?? 0;
    if (encoding === 'gb18030' && bytes[at]! < 0x40 && third >= 0x81) at += 2;
  }
  return { score: count === 0 ? 0 : Math.min(1, (score * 0.6 + listed * 0.6) / count), count };
}

function rowScore(encoding: 'big5' | 'gb18030' | 'shift_jis', lead: number, trail: number): number {
  switch (encoding) {
    case 'big5':
      return lead >= 0xa4 && lead <= 0xc6 ? 1 : lead >= 0xa1 && lead <= 0xa3 ? 0.7 : 0;
    case 'gb18030':
      if (trail < 0xa1) return 0;
      return lead >= 0xb0 && lead <= 0xd7 ? 1 : lead >= 0xa1 && lead <= 0xa3 ? 0.7 : 0;
    case 'shift_jis':
      if (lead === 0x82 || lead === 0x83 || (lead >= 0x88 && lead <= 0x97)) return 1;
      return lead === 0x81 ? 0.7 : 0;
  }
}

/** Accented letters stand among plain ones, and signs such as £ or ° stand alone. */
function scoreLatin(text: string): { score: number; count: number } {
  let count = 0;
  let score = 0;
  for (const run of text.matchAll(/\P{ASCII}+/gu)) {
    const [characters] = run;
    const around = `${text[run.index - 1] ?? ''}${text[run.index + characters.length] ?? ''}`;
    count += characters.length;
    if (/^[À-ÖØ-öø-ÿŠšŽžŒœŸ]{1,2}$/.test(characters) && /[a-z]/i.test(around)) score += characters.length;
    else if (/^[À-ÖØ-öø-ÿ]$/.test(characters)) score += 0.5;
    else if (/^[€£¥§©®°²³µ·«»–—‘’“”…\u00a0]$/.test(characters)) score += 0.7;
  }
  return { score: count === 0 ? 0 : score / count, count };
}
