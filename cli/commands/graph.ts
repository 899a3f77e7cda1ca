import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeFolder } from '../../store/make-folder.ts';
import { UsageError } from '../exit-codes.ts';
import { chainOf } from '../graph/chain-of.ts';
import { drawMermaid } from '../graph/draw-mermaid.ts';
import { drawSvg } from '../graph/draw-svg.ts';
import { print, printJson } from '../output.ts';
import { findProcess } from '../read-input.ts';
import { loadProject } from '../settings.ts';
import type { Settings } from '../settings.ts';

export interface GraphOptions {
  to?: string;
}

const drawers = { '.svg': drawSvg, '.mmd': drawMermaid, '.mermaid': drawMermaid };

/** Draws a process of the project: to the terminal as Mermaid, or into a file by its extension. */
export async function drawProcess(settings: Settings, name: string, { to }: GraphOptions): Promise<void> {
  const { project } = await loadProject(settings);
  const chain = chainOf(findProcess(project, name).manifest);
  if (to === undefined) {
    if (settings.json) printJson(chain);
    else for (const line of drawMermaid(chain).trimEnd().split('\n')) print(line);
    return;
  }
  const extension = path.extname(to).toLowerCase();
  const draw = Object.hasOwn(drawers, extension) ? drawers[extension as keyof typeof drawers] : undefined;
  if (!draw)
    throw new UsageError(`--to ${to}: write a name that ends in ${Object.keys(drawers).join(', ')}.`);
  const file = path.resolve(to);
  makeFolder(path.dirname(file));
  writeFileSync(file, draw(chain));
  if (settings.json) printJson({ file });
  else print(file);
}
