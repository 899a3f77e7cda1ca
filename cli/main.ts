#!/usr/bin/env node
// Nothing is imported before: an older Node would stumble over what it does not know, and say nothing of why.
if (Number.parseInt(process.versions.node, 10) < 24) {
  process.stderr.write(
    `Baton needs Node 24 or later; this is ${process.version}. On Linux, npm scripts and npx find the one that comes along.\n`,
  );
  process.exit(2);
}
const { enableCompileCache } = await import('node:module');
// Half of the time that a short command takes is compiling: the next one finds it done.
enableCompileCache();
const { runCommandLine } = await import('./command-line.ts');
await runCommandLine(process.argv);

export {};
