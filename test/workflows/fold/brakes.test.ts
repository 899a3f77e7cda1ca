import { describe, expect, test } from 'vitest';
import { mayCommand } from '../../../workflows/fold/allow.ts';
import { two } from './both-done.ts';
import { authorise, manifest, review, version } from './manifests.ts';
import { Run } from './run.ts';

describe('brakes (rule 16)', () => {
  test('paused, nothing starts and nothing is performed, while results and decisions count', () => {
    const run = new Run(two);
    const start = run.start('write');
    run.brake({ pause: true });
    expect(run.brief).toEqual({});
    run.end(start, { kind: 'done', artifacts: { text: version('t') } });
    expect(run.brief).toEqual({});
    run.brake({ pause: false });
    expect(run.brief).toEqual({ start: ['draw'], perform: ['do print 0'] });
  });

  test('an agent held: nothing of it starts, and whoever has their turn after it waits', () => {
    const run = new Run(two).brake({ agents: { write: true, draw: false } });
    expect(run.state.brakes).toEqual({ pause: false, askAlways: false, agents: ['write'] });
    expect(run.brief).toEqual({ start: ['draw'] });
    run.brake({ agents: { write: false } });
    expect(run.state.brakes).toEqual({ pause: false, askAlways: false });
    expect(run.brief).toEqual({ start: ['write', 'draw'] });
    const inOrder = { ...two, planner: { kind: 'fixed' as const, order: ['write', 'draw'] } };
    expect(new Run(inOrder).brake({ agents: { write: true } }).brief).toEqual({});
  });

  test('a connector held: nothing is performed through it, nor undone', () => {
    const run = new Run(two).make('write', { text: 't' }).brake({ connectors: { file: true } });
    expect(run.brief).toEqual({ start: ['draw'] });
    run.brake({ connectors: { file: false } }).perform('print');
    run.brake({ connectors: { file: true } }).cancel(true);
    expect(run.brief).toEqual({});
    run.brake({ connectors: { file: false } });
    expect(run.brief).toEqual({ perform: ['undo print 0'] });
  });

  test('whoever started the run may tighten; only an owner lets go', () => {
    const { state } = new Run(two);
    const starter = { person: 'starter', roles: [] };
    const owner = { person: 'somebody', roles: ['owner'] };
    for (const set of [{ pause: true }, { askAlways: true }, { agents: { write: true } }]) {
      expect(mayCommand(state, { kind: 'brake', set }, starter)).toBe(true);
      expect(mayCommand(state, { kind: 'brake', set }, { person: 'guest', roles: [] })).toBe(false);
    }
    for (const set of [
      { pause: false },
      { pause: true, askAlways: false },
      { connectors: { file: false } },
    ]) {
      expect(mayCommand(state, { kind: 'brake', set }, starter)).toBe(false);
      expect(mayCommand(state, { kind: 'brake', set }, owner)).toBe(true);
    }
  });

  test('always asking requires what is declared under a condition; lifted, all is as it was', () => {
    const never = { text: { type: 'object', required: ['never'] } };
    const process = manifest({
      inputs: ['topic'],
      tasks: { write: { needs: ['topic'], produces: ['text'] } },
      checkpoints: { look: review('text', { when: never }), release: authorise('send', { when: never }) },
      effects: { send: { subjects: ['text'] } },
    });
    const run = new Run(process).make('write', { text: 't' });
    expect(run.brief).toEqual({ perform: ['do send 0'] });
    run.brake({ askAlways: true });
    expect(run.brief).toEqual({ ask: ['review:look:text'] });
    run.brake({ askAlways: false });
    expect(run.brief).toEqual({ perform: ['do send 0'] });
    run.brake({ askAlways: true }).decide('review:look:text', 'approve');
    expect(run.brief).toEqual({ ask: ['authorise:release:send'] });
    // What a person refused is not done because the brake is lifted.
    run.decide('authorise:release:send', 'reject').brake({ askAlways: false });
    expect(run.brief).toEqual({ close: 'finished' });
  });
});
