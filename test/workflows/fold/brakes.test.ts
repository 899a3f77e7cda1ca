import { describe, expect, test } from 'vitest';
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
