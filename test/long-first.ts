import path from 'node:path';
import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

/** The files that take longest, the longest first: begun late, one of them would be waited for alone at the end. */
const long = [
  'e2e/kill/kill-worker',
  'cli/whole-life',
  'readme',
  'cli/run-and-dev',
  'workflows/mutants/mutants',
  'workflows/properties/properties',
  'cli/bad-input',
  'e2e/kill/zombie',
  'e2e/kill/kill-server',
  'e2e/kill/kill-elements',
  'package',
  'server/start-server',
].map((name) => path.join(import.meta.dirname, `${name}.test.ts`));

/** Long files first, then those that share a process, one after another. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => long.indexOf(moduleId) + 1 || long.length + 1;
    const shares = ({ project }: TestSpecification): number => Number(project.config.isolate === false);
    return files.toSorted(
      (one, other) =>
        rank(one) - rank(other) || shares(one) - shares(other) || (one.moduleId < other.moduleId ? -1 : 1),
    );
  }
}
