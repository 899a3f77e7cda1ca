#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Half of the time that a short command takes is compiling: the next one finds it done.
enableCompileCache();
const { runCommandLine } = await import('./command-line.ts');
await runCommandLine(process.argv);
