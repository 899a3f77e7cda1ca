import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { access, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ResolveOptions, resolveTemporalProgram } from '../../server/resolve-program.ts';
import { behavesLikeGo, makeScratchFolder, saysTemporalVersion, writeScript } from './fake-programs.ts';

const run = promisify(execFile);
// Nothing listens on port 1: an address without a network behind it.
const noNetwork = 'http://127.0.0.1:1';

let folder: string;
let builds: string;
beforeEach(async () => {
  folder = await makeScratchFolder();
  builds = join(folder, 'builds');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function options(environment: NodeJS.ProcessEnv, more: ResolveOptions = {}): ResolveOptions {
  return { environment, cache: join(folder, 'cache'), downloadOrigin: noNetwork, ...more };
}

function onPath(...folders: string[]): NodeJS.ProcessEnv {
  return { PATH: folders.map((name) => join(folder, name)).join(delimiter) };
}

test('TEMPORAL_ADDRESS wins over every program', async () => {
  await writeScript(join(folder, 'a', 'temporal'), saysTemporalVersion('9.9.9'));
  const environment = { ...onPath('a'), TEMPORAL_ADDRESS: 'temporal.example:7233' };
  expect(await resolveTemporalProgram(options(environment))).toEqual({
    source: 'address',
    address: 'temporal.example:7233',
  });
});

test('a program on the PATH is used, and one that is not the Temporal CLI is passed over', async () => {
  await writeScript(join(folder, 'a', 'temporal'), 'echo "a calendar, version 2"');
  const genuine = await writeScript(join(folder, 'b', 'temporal'), saysTemporalVersion('9.9.9'));
  expect(await resolveTemporalProgram(options(onPath('a', 'b')))).toEqual({
    source: 'path',
    program: genuine,
    version: '9.9.9 (Server 1.0.0, UI 1.0.0)',
  });
});

test('without a network it is built with Go, reported, and kept for the next time', async () => {
  await writeScript(join(folder, 'a', 'go'), behavesLikeGo('1.26.4', builds));
  const lines: string[] = [];
  const built = await resolveTemporalProgram(options(onPath('a'), { report: (line) => lines.push(line) }));
  expect(built).toMatchObject({ source: 'build', version: 'built' });
  expect(lines.join('\n')).toContain('4 to 5 minutes');

  // The kept program wins at once: neither Go nor a network is there any more.
  const kept = await resolveTemporalProgram(options(onPath('nothing')));
  expect(kept).toEqual({ ...built, source: 'cache' });
  expect(await readFile(builds, 'utf8')).toBe('build\n');
});

test('two processes that need it at once build it once', async () => {
  await writeScript(join(folder, 'a', 'go'), behavesLikeGo('1.26.4', builds));
  const module = JSON.stringify(join(import.meta.dirname, '../../server/resolve-program.ts'));
  const script = `
    const { resolveTemporalProgram } = await import(${module});
    console.log((await resolveTemporalProgram(${JSON.stringify(options(onPath('a')))})).version);`;
  const outputs = await Promise.all(
    [1, 2].map(() => run(process.execPath, ['--input-type=module', '-e', script])),
  );
  expect(outputs.map(({ stdout }) => stdout)).toEqual(['built\n', 'built\n']);
  expect(await readFile(builds, 'utf8')).toBe('build\n');
});

test('a kept program that does not run is made anew', async () => {
  await writeScript(join(folder, 'a', 'go'), behavesLikeGo('1.26.4', builds));
  const built = await resolveTemporalProgram(options(onPath('a')));
  if (built.source === 'address') throw new Error('a program was expected');
  await writeFile(built.program, 'damaged');
  expect(await resolveTemporalProgram(options(onPath('a')))).toMatchObject({ source: 'build' });
});

test('a build that fails leaves nothing behind and shows what Go said', async () => {
  await writeScript(
    join(folder, 'a', 'go'),
    `if [ "$1" = version ]; then echo go1.27.0; exit 0; fi; echo "no space left on device" >&2; exit 1`,
  );
  await expect(resolveTemporalProgram(options(onPath('a')))).rejects.toMatchObject({
    type: 'Server.NotFound',
    message: expect.stringContaining('no space left on device'),
  });
  const [kept] = await readdir(join(folder, 'cache', 'temporal'));
  expect(await readdir(join(folder, 'cache', 'temporal', kept ?? ''))).toEqual(['lock']);
});

test('where the network allows it, the official archive is preferred to a build', async () => {
  await writeScript(join(folder, 'archive', 'temporal'), saysTemporalVersion('downloaded'));
  await writeScript(join(folder, 'a', 'go'), behavesLikeGo('1.26.4', builds));
  await run('tar', ['-czf', join(folder, 'temporal.tar.gz'), '-C', join(folder, 'archive'), 'temporal']);
  const archive = await readFile(join(folder, 'temporal.tar.gz'));
  const asked: string[] = [];
  const service = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.url === '/archive.tar.gz') response.end(archive);
    else response.end(JSON.stringify({ archiveUrl: `${origin}/archive.tar.gz`, fileToExtract: 'temporal' }));
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  const address = service.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  try {
    const found = await resolveTemporalProgram(options(onPath('a'), { downloadOrigin: origin }));
    expect(found).toMatchObject({
      source: 'download',
      version: expect.stringContaining('downloaded'),
    });
    expect(asked[1]).toMatch(/^GET \/cli\/v1\.8\.2\?arch=(amd64|arm64)&platform=\w+&format=tar\.gz$/);
    await expect(access(builds)).rejects.toThrow('ENOENT');
    if (found.source === 'address') throw new Error('a program was expected');
    expect((await readdir(dirname(found.program))).sort()).toEqual(['lock', 'temporal']);
  } finally {
    service.close();
  }
});

test('an archive that breaks off is not kept, and the next way is tried', async () => {
  await writeScript(join(folder, 'a', 'go'), behavesLikeGo('1.26.4', builds));
  const service = createServer((request, response) => {
    if (request.url === '/archive.tar.gz') {
      response.writeHead(200, { 'content-length': 1_000_000 }).write('half', () => response.destroy());
    } else
      response.end(JSON.stringify({ archiveUrl: `${origin}/archive.tar.gz`, fileToExtract: 'temporal' }));
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  const address = service.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  try {
    const found = await resolveTemporalProgram(options(onPath('a'), { downloadOrigin: origin }));
    expect(found).toMatchObject({ source: 'build', version: 'built' });
  } finally {
    service.close();
  }
});

test('where nothing serves, one error names each way tried and what to do', async () => {
  await writeScript(join(folder, 'a', 'go'), behavesLikeGo('1.22.1', builds));
  const failure = await resolveTemporalProgram(options(onPath('a'))).catch((error: unknown) => error);
  expect(failure).toMatchObject({ type: 'Server.NotFound' });
  const { message } = failure as Error;
  for (const part of [
    'TEMPORAL_ADDRESS: not set',
    'on the PATH: there is none',
    'a program kept at',
    'the official download: fetch failed',
    'building it with Go: Go 1.26 or later is needed',
    'set TEMPORAL_ADDRESS=host:port',
  ]) {
    expect(message).toContain(part);
  }
});

test('a cache folder that cannot be written to is named', async () => {
  await writeFile(join(folder, 'file'), '');
  const cache = join(folder, 'file', 'cache');
  await expect(resolveTemporalProgram(options(onPath('a'), { cache }))).rejects.toMatchObject({
    type: 'Server.NotFound',
    message: expect.stringContaining(`EEXIST: file already exists, mkdir '${join(folder, 'file')}'`),
  });
});
