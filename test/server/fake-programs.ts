import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export async function makeScratchFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'baton-server-test-'));
}

/** A real executable file that runs `body` in a shell, whatever the PATH is. */
export async function writeScript(path: string, body: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\nPATH=/usr/bin:/bin\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}

export function saysTemporalVersion(version: string): string {
  return `echo "temporal version ${version} (Server 1.0.0, UI 1.0.0)"`;
}

/** A `go` whose build takes a moment, notes itself in `builds`, and yields a program that says `built`. */
export function behavesLikeGo(version: string, builds: string): string {
  return `
if [ "$1" = version ]; then echo "go version go${version} linux/amd64"; exit 0; fi
echo build >> '${builds}'
while [ "$1" != -o ]; do shift; done
sleep 0.3
printf '#!/bin/sh\\necho "temporal version built"\\n' > "$2"
chmod 755 "$2"`;
}
