import { hash } from 'node:crypto';
import type { LedgerHead, LedgerRecord } from '../contracts/ports.ts';

/** What the first record of a run names as its previous one. */
export const chainStart = '';

/** A record whose body is its RFC 8785 text, as it is stored. */
export type StoredRecord = Omit<LedgerRecord, 'body'> & { body: string };

/**
 * SHA-256, in hex, over the previous record's hash and the RFC 8785 text of { run, index, epoch, id, kind, body, at }.
 * The text is put together here, its members in order, because the body's text is at hand.
 */
export function hashRecord({ previous, ...record }: Omit<StoredRecord, 'hash'>): string {
  const { at, body, epoch, id, index, kind, run } = record;
  const [atText, idText, kindText, runText] = [at, id, kind, run].map((text) => JSON.stringify(text));
  return hash(
    'sha256',
    `${previous}{"at":${atText},"body":${body},"epoch":${epoch},"id":${idText},"index":${index},"kind":${kindText},"run":${runText}}`,
  );
}

export interface Break {
  index: number;
  problem: string;
}

/** Follows one run's chain record by record and notes where it does not hold. */
export class ChainCheck {
  readonly breaks: Break[] = [];
  readonly #head: LedgerHead | undefined;
  #last: { index: number; hash: string } = { index: -1, hash: chainStart };

  constructor(head?: LedgerHead) {
    this.#head = head;
  }

  /** Records in the order of their index. */
  follow(record: StoredRecord): void {
    const { index, previous } = record;
    const note = (problem: string): number => this.breaks.push({ index, problem });
    const missing = index - this.#last.index - 1;
    if (missing > 0)
      this.breaks.push({
        index: this.#last.index + 1,
        problem: missing === 1 ? 'The record was removed.' : `${missing} records were removed from here on.`,
      });
    if (missing < 0) note('Another record stands at this place.');
    if (missing === 0 && previous !== this.#last.hash) note('It does not follow from the record before it.');
    if (hashRecord(record) !== record.hash) note('The record was altered.');
    if (index === this.#head?.index && record.hash !== this.#head.hash)
      note("It is not the record that the run's history names here.");
    this.#last = { index, hash: record.hash };
  }

  /** To be called after the last record. */
  end(): Break[] {
    if (this.#head && this.#head.index > this.#last.index)
      this.breaks.push({
        index: this.#last.index + 1,
        problem: `The end was cut off: the run's history names record ${this.#head.index}.`,
      });
    return this.breaks;
  }
}
