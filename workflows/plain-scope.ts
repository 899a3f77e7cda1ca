import { CancellationScope } from '@temporalio/workflow';

/** A scope without a timeout: what it runs needs no promises around it, of which the SDK would trace each. */
export class PlainScope extends CancellationScope {
  protected override runInContext<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }
}
