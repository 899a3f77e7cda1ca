import type { Version } from '../../../contracts/artifact.ts';
import type { EffectStart } from '../../../contracts/state.ts';
import { hash } from './behaviour.ts';

/** The world outside: what each slot's place holds, counted. It knows nothing of the run's state. */
export class Receiver {
  readonly held = new Map<string, string>();
  readonly answered = new Map<string, Version>();
  /** What should never have been asked of it. */
  readonly complaints: string[] = [];

  clone(): Receiver {
    const copy = new Receiver();
    for (const [slot, content] of this.held) copy.held.set(slot, content);
    for (const [key, receipt] of this.answered) copy.answered.set(key, receipt);
    copy.complaints.push(...this.complaints);
    return copy;
  }

  /** Does what is asked, once for each idempotency key. */
  call(effect: Pick<EffectStart, 'slot' | 'n' | 'verb' | 'digest'>): Version {
    const key = `${effect.slot} ${effect.n} ${effect.verb}`;
    const before = this.answered.get(key);
    if (before) return before;
    const { slot, verb, digest } = effect;
    if (verb === 'do' && this.held.has(slot)) this.complaints.push(`${key}: filled twice`);
    if (verb !== 'do' && !this.held.has(slot)) this.complaints.push(`${key}: holds nothing`);
    if (verb !== 'undo' && digest === null) this.complaints.push(`${key}: no content`);
    if (verb === 'undo' || digest === null) this.held.delete(slot);
    else this.held.set(slot, digest);
    const seed = hash([key, digest]);
    const receipt = { digest: `receipt-${seed}`, facts: { n: seed % 3 } };
    this.answered.set(key, receipt);
    return receipt;
  }

  /** Whether a call of this identity has landed. */
  landed(effect: Pick<EffectStart, 'slot' | 'n' | 'verb'>): boolean {
    return this.answered.has(`${effect.slot} ${effect.n} ${effect.verb}`);
  }
}
