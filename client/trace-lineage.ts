import type { Version } from '../contracts/artifact.ts';
import type { Json } from '../contracts/json.ts';
import type { Explain, FileCell, JsonPath } from '../contracts/origin.ts';
import type { RunRow, Store } from '../contracts/ports.ts';
import { splitName } from '../contracts/element-names.ts';
import { own } from '../workflows/fold/records.ts';
import { findArtifact, versionsIn } from './find-artifact.ts';
import { findPath, formatPath, valueAt } from './json-path.ts';
import { makersOf } from './makers-of.ts';
import type { Maker, Makers } from './makers-of.ts';
import { outcomesOf } from './read-run.ts';
import { readVersion } from './read-version.ts';

/** A version of an artifact, or a place in it, and what that was made from, down to what people gave and what files hold. */
export interface LineageNode {
  artifact: string;
  digest: string;
  path: JsonPath;
  /** The artifact and the path as text. */
  place: string;
  /** Where a single value stands at the path. */
  value?: Json;
  by: Maker;
  /** Of an edit: whether it set what stands at the path. */
  changed?: boolean;
  /** Whether `from` and `cells` are where what stands at the path comes from; else `from` is all that the artifact was made from. */
  exact: boolean;
  cells: FileCell[];
  /** What the agent says beside. */
  remarks: string[];
  /** Why the agent's explanation could not be had. */
  problem?: string;
  from: LineageNode[];
  /** It stands in full earlier in the tree. */
  repeated?: true;
}

/** What an agent can say of an artifact that it makes. */
export type FindExplain = (agent: string, artifact: string) => Explain | undefined;

interface Place {
  name: string;
  version: Pick<Version, 'digest' | 'elements'>;
  path: JsonPath;
}

/**
 * Where an artifact of a run (`report`, `quote/M8`, the beginning of a digest), or what stands at a place in it
 * (`report.total`), comes from. Throws `Artifact.NotMade` and `Artifact.NoSuchPlace` with what is there.
 */
export async function traceLineage(
  store: Store,
  row: RunRow,
  asked: string,
  findExplain: FindExplain,
): Promise<LineageNode> {
  const versions = await versionsIn(store, row.run);
  const names = versions.flatMap(({ name, elements }) => [
    name,
    ...Object.keys(elements ?? {}).map((key) => `${name}/${key}`),
  ]);
  const [name = /^[^.[]*/.exec(asked)![0]] = names
    .filter((one) => asked === one || asked.startsWith(`${one}.`) || asked.startsWith(`${one}[`))
    .toSorted((a, b) => b.length - a.length);
  const version = await findArtifact(store, row.run, name);
  const rest = asked.slice(name.length);
  const path = rest === '' ? [] : findPath(await readVersion(store, version), rest, version.name);
  const makers = makersOf(row, outcomesOf(await store.ledger.read(row.run)));
  // A collection that was made one by one is on record by its elements alone.
  const composed = new Map(versions.flatMap((one) => (one.elements ? [[one.digest, one]] : [])));
  return new Tracer(store, makers, composed, findExplain).trace({ name: version.name, version, path });
}

class Tracer {
  private readonly store: Store;
  private readonly makers: Makers;
  private readonly composed: Map<string, Pick<Version, 'digest' | 'elements'>>;
  private readonly findExplain: FindExplain;
  private readonly values = new Map<string, Promise<Json>>();
  private readonly seen = new Set<string>();

  constructor(store: Store, makers: Makers, composed: Tracer['composed'], findExplain: FindExplain) {
    this.store = store;
    this.makers = makers;
    this.composed = composed;
    this.findExplain = findExplain;
  }

  async trace({ name, version, path }: Place): Promise<LineageNode> {
    const [key] = path;
    const part = typeof key === 'string' ? own(version.elements, key) : undefined;
    if (part) return this.trace({ name: `${name}/${key}`, version: part, path: path.slice(1) });
    const made = this.madeBy(name, version.digest);
    const isGiven = made?.by.kind === 'start' || made?.by.kind === 'amendment';
    const value = path.length > 0 || isGiven ? await this.read(version).catch(() => undefined) : undefined;
    const found = value === undefined ? undefined : valueAt(value, path);
    const node: LineageNode = {
      artifact: name,
      digest: version.digest,
      path,
      place: `${name}${formatPath(value, path)}`,
      ...(found !== undefined && (found === null || typeof found !== 'object') && { value: found }),
      by: { kind: 'unknown' },
      exact: false,
      cells: [],
      remarks: [],
      from: [],
    };
    if (made) node.by = made.by;
    else if (version.elements) node.by = { kind: 'elements' };
    const id = JSON.stringify([name, version.digest, path]);
    if (this.seen.has(id)) {
      if (made || version.elements) node.repeated = true;
      return node;
    }
    this.seen.add(id);
    if (!made) {
      for (const [element, one] of Object.entries(version.elements ?? {}))
        node.from.push(await this.trace({ name: `${name}/${element}`, version: one, path: [] }));
      return node;
    }
    if (made.by.kind === 'edit') return this.traceEdit(node, found, made.from);
    if (made.by.kind === 'task' && path.length > 0) await this.explain(node, made.by.agent, made.from);
    if (node.exact) return node;
    for (const [need, digest] of Object.entries(made.from))
      if (digest !== null) node.from.push(await this.trace(this.placeOf(need, digest, [], made.by)));
    return node;
  }

  /** What an edit left as it was comes from where it came from before. */
  private async traceEdit(
    node: LineageNode,
    found: Json | undefined,
    from: { [artifact: string]: string | null },
  ): Promise<LineageNode> {
    const [[name, digest] = ['', null]] = Object.entries(from);
    if (digest === null) return node;
    const base = this.placeOf(name, digest, node.path, node.by);
    if (node.path.length > 0) {
      const before = valueAt(await this.read(base.version), node.path);
      node.changed = JSON.stringify(before) !== JSON.stringify(found);
      node.exact = true;
      if (before === undefined) return node;
    }
    node.from.push(await this.trace(base));
    return node;
  }

  private async explain(
    node: LineageNode,
    agent: string,
    from: { [artifact: string]: string | null },
  ): Promise<void> {
    const { base, element } = splitName(node.artifact);
    const explain = this.findExplain(agent, base);
    if (!explain) return;
    try {
      const whole = this.makers.get(node.artifact)?.has(node.digest)
        ? undefined
        : this.wholeOf(base, element, node.digest);
      const value = await this.read(whole ?? { digest: node.digest });
      const needs: { [need: string]: Json } = {};
      const places: { [need: string]: Place } = {};
      for (const [need, digest] of Object.entries(from)) {
        if (digest === null) continue;
        places[need] = this.placeOf(need, digest, [], node.by);
        needs[need] = await this.read(places[need].version);
      }
      const path = whole ? [element!, ...node.path] : node.path;
      const origins = await explain(value, path, needs);
      for (const origin of origins) {
        if ('cell' in origin) node.cells.push(origin.cell);
        else if ('remark' in origin) node.remarks.push(origin.remark);
        else {
          const place = own(places, origin.need);
          if (!place || valueAt(needs[origin.need]!, origin.path) === undefined)
            throw new Error(`${origin.need}${formatPath(undefined, origin.path)} is not there`);
          node.from.push(await this.trace({ ...place, path: origin.path }));
        }
      }
      node.exact = origins.length > 0;
    } catch (error) {
      Object.assign(node, { cells: [], remarks: [], from: [], exact: false });
      node.problem = error instanceof Error ? error.message : String(error);
    }
  }

  /** The artifact that a need was filled with: an element, where the task was one element's. */
  private placeOf(need: string, digest: string, path: JsonPath, by: Maker): Place {
    const { element } = by.kind === 'task' ? splitName(by.task) : {};
    const part = `${need}/${element ?? ''}`;
    const isPart = element !== undefined && !this.makers.get(need)?.has(digest) && this.madeBy(part, digest);
    const name = isPart ? part : need;
    const version = this.makers.get(name)?.get(digest)?.version ?? this.composed.get(digest) ?? { digest };
    return { name, version, path };
  }

  /** Of an element of a collection that was made whole: who made the collection. */
  private madeBy(name: string, digest: string) {
    const exact = this.makers.get(name)?.get(digest);
    if (exact) return exact;
    const { base, element } = splitName(name);
    if (element === undefined) return undefined;
    const whole = this.wholeOf(base, element, digest);
    return this.makers.get(base)?.get(whole?.digest ?? digest);
  }

  private wholeOf(base: string, element: string | undefined, digest: string) {
    return [...(this.makers.get(base)?.values() ?? [])]
      .map(({ version }) => version)
      .findLast((version) => own(version.elements, element ?? '')?.digest === digest);
  }

  private read(version: Pick<Version, 'digest' | 'elements'>): Promise<Json> {
    const known = this.values.get(version.digest) ?? readVersion(this.store, version);
    this.values.set(version.digest, known);
    return known;
  }
}
