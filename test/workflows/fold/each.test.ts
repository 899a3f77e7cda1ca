import { describe, expect, test } from 'vitest';
import { collection, manifest, review, version } from './manifests.ts';
import { Run, failed } from './run.ts';

describe('each (rule 8)', () => {
  const terse = {
    inputs: ['list'],
    tasks: {
      split: { needs: ['list'], produces: ['items'] },
      work: { needs: ['items'], produces: ['part'], each: 'items' },
      polish: { needs: ['part', 'items*'], produces: ['gem'], each: 'items' },
      sum: { needs: ['gem'], produces: ['total'] },
    },
    outputs: ['total'],
  };
  const begun = (elements: { [key: string]: string }): Run =>
    new Run(manifest(terse)).make('split', { items: collection(elements) });

  test("an agent works on each element under its key, with the element's own version", () => {
    const run = begun({ a: '1', b: '2' });
    expect(run.brief).toEqual({ start: ['work/a', 'work/b'] });
    expect(run.toStart('work/a')).toMatchObject({
      agent: 'work',
      element: 'a',
      needs: { items: version('1') },
    });
  });

  test('needs of the same collection are taken by element unless whole', () => {
    const run = begun({ a: '1', b: '2' }).make('work/a', { part: 'p1' });
    const { needs } = run.toStart('polish/a');
    expect(needs['part']).toEqual(version('p1'));
    expect(Object.keys(needs['items']?.elements ?? {})).toEqual(['a', 'b']);
  });

  test('the whole waits for every element and leaves out the absent ones', () => {
    const run = begun({ a: '1', b: '2' }).make('work/a', { part: 'p1' }).make('polish/a', { gem: 'g1' });
    run.end(run.start('work/b'), failed);
    expect(run.brief).toEqual({ ask: ['exception:task:work/b'] });
    run.decide('exception:task:work/b', 'without');
    expect(run.toStart('sum').needs['gem']?.elements).toEqual({
      a: { digest: version('g1').digest, facts: {} },
    });
  });

  test('the order of elements is no part of identity', () => {
    const run = begun({ a: '1', b: '2' });
    for (const key of ['a', 'b']) run.make(`work/${key}`, { part: key }).make(`polish/${key}`, { gem: key });
    const { key } = run.toStart('sum');
    run.amend('list', version('turned')).make('split', { items: collection({ b: '2', a: '1' }) });
    expect(run.toStart('sum').key).toBe(key);
  });

  test('a changed element is worked on again alone', () => {
    const single = {
      ...terse,
      tasks: { ...terse.tasks, polish: { needs: ['part'], produces: ['gem'], each: 'items' } },
    };
    const run = new Run(manifest(single)).make('split', { items: collection({ a: '1', b: '2' }) });
    for (const key of ['a', 'b']) run.make(`work/${key}`, { part: key }).make(`polish/${key}`, { gem: key });
    run.amend('list', version('other')).make('split', { items: collection({ a: '1', b: '3', c: '4' }) });
    expect(run.brief).toEqual({ start: ['work/b', 'work/c'] });
  });

  test('no more elements are worked on at once than the agent allows (rule 19)', () => {
    const work = { ...terse.tasks.work, each: { over: 'items', atOnce: 2 } };
    const run = new Run(manifest({ ...terse, tasks: { ...terse.tasks, work } }));
    run.make('split', { items: collection({ a: '1', b: '2', c: '3' }) });
    expect(run.brief).toEqual({ start: ['work/a', 'work/b'] });
    run.start('work/a');
    expect(run.brief).toEqual({ start: ['work/b'] });
    run.start('work/b');
    expect(run.brief).toEqual({});
  });

  test('keys that name members of every object are keys like others', () => {
    const run = begun({ constructor: '1', 'a/b': '2' });
    expect(run.brief).toEqual({ start: ['work/constructor', 'work/a/b'] });
    run.make('work/constructor', { part: 'p' }).make('work/a/b', { part: 'q' });
    expect(run.brief).toEqual({ start: ['polish/constructor', 'polish/a/b'] });
  });

  test('nothing to work on is a whole without elements', () => {
    const run = begun({});
    expect(run.toStart('sum').needs['gem']?.elements).toEqual({});
  });

  test('changes may be asked of one element alone', () => {
    const reviewed = {
      ...terse,
      checkpoints: { look: review('part', { onReject: 'absent' }) },
    };
    const run = new Run(manifest(reviewed)).make('split', { items: collection({ a: '1', b: '2' }) });
    run.make('work/a', { part: 'p1' }).make('work/b', { part: 'p2' });
    expect(run.brief).toEqual({ ask: ['review:look:part/a', 'review:look:part/b'] });
    expect(Object.keys(run.asked('review:look:part/a').accepts.changes ?? {})).toEqual([
      'split',
      'work/a',
      'work',
    ]);
    run.decide('review:look:part/a', 'changes', { changes: { task: 'work/a', fields: {} } });
    expect(run.brief).toEqual({ ask: ['review:look:part/b'], start: ['work/a'] });
    run.decide('review:look:part/b', 'reject');
    run.make('work/a', { part: 'p3' }).decide('review:look:part/a', 'approve').make('polish/a', { gem: 'g' });
    expect(Object.keys(run.toStart('sum').needs['gem']?.elements ?? {})).toEqual(['a']);
  });
});
