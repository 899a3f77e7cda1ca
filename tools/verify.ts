import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** All that has to hold before a change is taken: scripts of package.json, the quick ones first. Stops at the first that fails. */
const steps = ['types', 'lint', 'format', 'unused', 'duplicates'];

const folder = mkdtempSync(path.join(tmpdir(), 'baton-verify-'));
const report = path.join(folder, 'tests.json');
let failedStep: string | undefined;
let passed = 0;
let failed = 0;

try {
  failedStep = steps.find((step) => !runStep(step));
  if (failedStep === undefined) {
    const ended = runStep('vitest', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`);
    ({ passed, failed } = countTests());
    if (!ended) failedStep = 'vitest';
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

if (failedStep !== undefined) {
  // A test file that doesn't load has no failed tests, and is a failure all the same.
  failed = Math.max(failed, 1);
  process.exitCode = 1;
  console.log(`\nFailed at: ${failedStep} (npm run ${failedStep} runs it alone)`);
}
console.log(`${passed} passed, ${failed} failed`);

function runStep(step: string, ...given: string[]): boolean {
  console.log(`\n── ${step}`);
  const started = performance.now();
  const command = ['run', '--silent', step, ...(given.length > 0 ? ['--', ...given] : [])];
  // On Windows npm is a script, which only a shell starts.
  const { status, error } = spawnSync('npm', command, {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (error) console.log(error.message);
  console.log(`── ${step}: ${status === 0 ? 'fine' : 'FAILED'}, ${seconds(started)} s`);
  return status === 0;
}

function seconds(started: number): string {
  return ((performance.now() - started) / 1000).toFixed(1);
}

function countTests(): { passed: number; failed: number } {
  try {
    const counted = JSON.parse(readFileSync(report, 'utf8')) as {
      numPassedTests: number;
      numFailedTests: number;
    };
    return { passed: counted.numPassedTests, failed: counted.numFailedTests };
  } catch {
    // Vitest ended before it wrote its report.
    return { passed: 0, failed: 1 };
  }
}
