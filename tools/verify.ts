import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findUnmet } from './met-failures.ts';

/**
 * All that has to hold before a change is taken: scripts of package.json. What only reads the code goes side by side;
 * the tests follow once all of that is fine.
 */
const checks = ['types', 'lint', 'format', 'unused', 'duplicates'];

const folder = mkdtempSync(path.join(tmpdir(), 'baton-verify-'));
const report = path.join(folder, 'tests.json');
/** Where the tests write down which failures they met. */
const met = path.join(folder, 'met');
mkdirSync(met);
process.env['BATON_MET_FAILURES'] = met;
const failedSteps: string[] = [];
let passed = 0;
let failed = 0;

try {
  const ended = await Promise.all(checks.map(async (step) => ({ step, fine: await runStep(step) })));
  failedSteps.push(...ended.filter(({ fine }) => !fine).map(({ step }) => step));
  if (failedSteps.length === 0) {
    const fine = await runStep(
      'vitest',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    );
    ({ passed, failed } = countTests());
    const unmet = fine ? findUnmet(met) : [];
    if (unmet.length > 0) console.log(`No test met ${unmet.join(', ')} of contracts/failures.ts.`);
    if (!fine || unmet.length > 0) failedSteps.push('vitest');
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

if (failedSteps.length > 0) {
  // A test file that doesn't load has no failed tests, and is a failure all the same.
  failed = Math.max(failed, 1);
  process.exitCode = 1;
  for (const step of failedSteps) console.log(`\nFailed at: ${step} (npm run ${step} runs it alone)`);
}
console.log(`${passed} passed, ${failed} failed`);

/** Whether it ended well. What a check says is shown once it has ended; what the tests say, as it comes. */
async function runStep(step: string, ...given: string[]): Promise<boolean> {
  const isCheck = checks.includes(step);
  if (!isCheck) console.log(`\n── ${step}`);
  const started = performance.now();
  const command = ['run', '--silent', step, ...(given.length > 0 ? ['--', ...given] : [])];
  const { fine, said } = await runNpm(command, isCheck ? 'pipe' : 'inherit');
  if (isCheck) console.log(`\n── ${step}`);
  process.stdout.write(said);
  console.log(`── ${step}: ${fine ? 'fine' : 'FAILED'}, ${seconds(started)} s`);
  return fine;
}

async function runNpm(
  command: string[],
  output: 'pipe' | 'inherit',
): Promise<{ fine: boolean; said: string }> {
  // On Windows npm is a script, which only a shell starts.
  const child = spawn('npm', command, {
    stdio: ['inherit', output, output],
    shell: process.platform === 'win32',
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part) => (said += String(part)));
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ fine: code === 0, said }));
    child.once('error', (error) => resolve({ fine: false, said: `${said}${error.message}\n` }));
  });
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
