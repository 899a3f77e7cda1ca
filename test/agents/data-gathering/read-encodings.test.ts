import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../agents/data-gathering/decode-text.ts';
import { detectEncoding } from '../../../agents/data-gathering/detect-encoding.ts';
import { openFile } from '../../../agents/data-gathering/open-file.ts';
import { encodeText } from './encode-text.ts';

const traditional = '月份,銷售額,成本\n民國113年5月,1234,500\n民國113年6月,1300,510\n';
const simplified = '月份,销售额,成本\n2024年5月,1234,500\n2024年6月,1300,510\n';
const japanese = '年月,売上高,カテゴリ\n2024年5月,1234,食品\n2024年6月,1300,りんご\n';
const german = 'Monat;Umsätze (€);Größe\nMärz 2024;1,5;3\nMai 2024;2,5;4\n';

function decode(bytes: Uint8Array, answers = {}) {
  const decoded = decodeText(bytes, answers);
  if (!decoded.ok) throw new Error(decoded.message);
  return decoded.value;
}

describe('the encoding of a file', () => {
  it.each([
    ['big5', traditional],
    ['gb18030', simplified],
    ['gb18030', traditional],
    ['shift_jis', japanese],
    ['windows-1252', german],
    ['utf-16le', traditional],
    ['utf-16be', german],
  ] as const)('is told without a mark, and the text comes out whole: %s', (encoding, text) => {
    const bytes = encodeText(text, encoding);
    const decoded = decode(bytes);
    expect(decoded).toMatchObject({ text, encoding });
    const confidence = detectEncoding(bytes)?.confidence ?? 0;
    expect(confidence).toBeGreaterThanOrEqual(0.65);
    expect(confidence).toBeLessThan(1);
    expect('findings' in decoded && decoded.findings).toMatchObject([
      { kind: 'encoding', message: expect.stringContaining(`confidence ${confidence}`) as string },
    ]);
  });

  it.each([
    ['utf-8', Buffer.from(`\uFEFF${traditional}`)],
    ['utf-16le', encodeText(`\uFEFF${traditional}`, 'utf-16le')],
    ['utf-16be', encodeText(`\uFEFF${traditional}`, 'utf-16be')],
  ])('is what its byte order mark says, and the mark is no part of the text: %s', (encoding, bytes) => {
    expect(detectEncoding(bytes)).toMatchObject({ encoding, confidence: 1 });
    expect(decode(bytes)).toMatchObject({ text: traditional, encoding });
  });

  it('is UTF-8 without a remark where all bytes are', () => {
    expect(decode(Buffer.from(traditional))).toEqual({ text: traditional, encoding: 'utf-8', findings: [] });
  });

  it('is asked where two would do, with what each would read, and taken as answered', () => {
    const bytes = encodeText('a,月\n', 'big5');
    const asked = decode(bytes);
    const question = 'question' in asked ? asked.question : null;
    expect(question).toMatchObject({ id: 'encoding', repair: null });
    expect(question?.options[0]).toEqual({ id: 'big5', label: 'Big5: "a,月"' });
    expect(question?.options).toHaveLength(2);
    expect(decode(bytes, { encoding: 'big5' })).toMatchObject({ text: 'a,月\n', encoding: 'big5' });
  });

  it('that was guessed or answered wrongly is refused by line, where its bytes stop making sense', () => {
    const rows = Array.from({ length: 2000 }, (_, row) => `2024年5月,${row},銷售\n`).join('');
    const broken = Buffer.concat([encodeText(traditional + rows, 'big5'), Buffer.from([0xa4, 0x0a])]);
    expect(decodeText(broken)).toMatchObject({
      ok: false,
      type: 'Data.Malformed',
      message: expect.stringMatching(
        /^Line 2004, character 1 is not Big5 text \(its \d+ characters beyond ASCII/,
      ) as string,
    });
    const answered = decodeText(encodeText(german, 'windows-1252'), { encoding: 'utf-8' });
    expect(answered.ok === false && answered.message).toMatch(/^Line 1, character 10 is not UTF-8 text/);
  });
});

describe('a packed file', () => {
  const open = (bytes: Uint8Array) => openFile(bytes, {});

  it('is read as what it holds', () => {
    expect(open(gzipSync(traditional))).toMatchObject({
      ok: true,
      value: { form: 'delimited', text: traditional },
    });
  });

  it('that unpacks to more than the limit is refused', () => {
    const bomb = gzipSync(new Uint8Array(64 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(100_000);
    expect(open(bomb)).toMatchObject({
      ok: false,
      type: 'Data.TooLarge',
      message: expect.stringContaining('unpacks to over 8388608 bytes') as string,
    });
  });

  it('that is cut off is refused', () => {
    expect(open(gzipSync(traditional.repeat(50)).subarray(0, 60))).toMatchObject({
      ok: false,
      type: 'Data.Malformed',
      message: expect.stringMatching(/can not be unpacked/) as string,
    });
  });
});
