import { Validator } from '@cfworker/json-schema';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { dataGathering } from '../../agents/data-gathering/agent.ts';
import { forecasting, ForecastAdjustments } from '../../agents/forecasting/agent.ts';
import { Language, Report, visualisation } from '../../agents/visualisation/agent.ts';
import { Manifest } from '../../contracts/manifest.ts';

import { defineEffect } from '../../contracts/define-effect.ts';
import { authorise, defineProcess, derived, fixed, review } from '../../contracts/define-process.ts';
import { digestOf } from '../../contracts/json.ts';
import { defineLetters, send } from './letters.ts';

describe('a manifest', () => {
  const { manifest } = defineLetters();

  test('is plain JSON that its own schema accepts', () => {
    expect(JSON.parse(JSON.stringify(manifest))).toEqual(manifest);
    expect(Manifest.parse(manifest)).toEqual(manifest);
  });

  test('has the digest of all else in it, the same each time', () => {
    const { digest, ...rest } = manifest;
    expect(digest).toBe(digestOf(rest));
    expect(defineLetters().manifest.digest).toBe(digest);
    expect(defineLetters({ speculative: true }).manifest.digest).not.toBe(digest);
  });

  test('says of each input field whether it is optional, amendable and personal', () => {
    expect(manifest.inputs).toMatchObject({
      topic: { schema: { type: 'string' }, optional: false, amendable: false, personal: true },
      length: { schema: { type: 'integer' }, optional: false, amendable: true, personal: false },
    });
    const looser = defineLetters({
      input: z.object({ topic: z.string(), length: z.int(), note: z.string().optional() }),
    });
    expect(looser.manifest.inputs['note']).toMatchObject({ optional: true, schema: { type: 'string' } });
  });

  test('carries tasks with what they need, make and let a person adjust', () => {
    expect(manifest.tasks['drafting']).toMatchObject({
      maker: 'agent',
      version: '3',
      timeout: 300_000,
      heartbeat: 30_000,
      tries: 3,
      durability: 'task',
      needs: { topic: { optional: false, whole: false } },
      produces: { draft: { facts: { required: ['words', 'tone'] } } },
    });
    expect(manifest.tasks['signing']!.needs['budget']).toMatchObject({ optional: true });
    expect(manifest.tasks['supply-budget']).toMatchObject({ maker: 'person', by: { role: 'finance' } });
  });

  test('lets a request for changes leave fields out, and refuses those that do not exist', () => {
    const adjust = new Validator(manifest.tasks['drafting']!.adjust!, '2020-12');
    expect(adjust.validate({}).valid).toBe(true);
    expect(adjust.validate({ avoid: ['sorry'] }).valid).toBe(true);
    expect(adjust.validate({ avoids: ['sorry'] }).valid).toBe(false);
    const none = new Validator(manifest.tasks['signing']!.adjust!, '2020-12');
    expect(none.validate({}).valid).toBe(true);
    expect(none.validate({ avoid: [] }).valid).toBe(false);
  });

  test('carries conditions that hold only while the facts say so', () => {
    const tone = new Validator(manifest.tasks['signing']!.when!['draft']!, '2020-12');
    expect(tone.validate({ words: 3, tone: 'warm' }).valid).toBe(true);
    expect(tone.validate({ words: 3, tone: 'cold' }).valid).toBe(false);
    expect(tone.validate(null).valid).toBe(false);
    const words = new Validator(manifest.checkpoints['approveDraft']!.when!['draft']!, '2020-12');
    expect(words.validate({ words: 100 }).valid).toBe(true);
    expect(words.validate({ words: 99 }).valid).toBe(false);
    expect(words.validate({ words: null }).valid).toBe(false);
  });

  test('can ask whether an artifact is there, or absent', () => {
    const { tasks } = defineLetters({
      when: { signing: { draft: {} }, drafting: { length: null } },
    }).manifest;
    expect(new Validator(tasks['signing']!.when!['draft']!).validate({}).valid).toBe(true);
    expect(new Validator(tasks['signing']!.when!['draft']!).validate(null).valid).toBe(false);
    expect(new Validator(tasks['drafting']!.when!['length']!).validate(null).valid).toBe(true);
    expect(new Validator(tasks['drafting']!.when!['length']!).validate({ value: 3 }).valid).toBe(false);
  });

  test('carries checkpoints, effects, planner, owner and budget', () => {
    expect(manifest.checkpoints['approveDraft']).toMatchObject({
      kind: 'review',
      of: 'draft',
      by: { role: 'editor' },
      fourEyes: false,
      onReject: 'close',
      editable: { type: 'object', additionalProperties: false },
    });
    expect(manifest.checkpoints['releaseLetter']).toEqual({
      kind: 'authorise',
      effect: 'send',
      by: { person: 'the chair' },
      fourEyes: true,
    });
    expect(manifest.effects['send']).toEqual({
      subjects: ['letter'],
      connector: 'http',
      destination: { url: 'https://example.org/letters' },
      arguments: {},
      consequences: 'The letter is on its way.',
      receipt: 'confirmation',
      amendable: true,
      undoable: false,
      timeout: 30_000,
      each: false,
      recall: 0,
    });
    expect(manifest).toMatchObject({
      planner: { kind: 'derived' },
      owner: { role: 'owner' },
      budget: { usd: 2 },
    });
    const order = ['drafting', 'supply-budget', 'signing'];
    expect(defineLetters({ coordinator: fixed(order) }).manifest.planner).toEqual({ kind: 'fixed', order });
    expect(defineLetters({ owner: { person: 'the clerk' } }).manifest.owner).toEqual({ person: 'the clerk' });
  });
});

test('the market outlook of the three specialists is a process', () => {
  const publishReport = defineEffect({
    subject: 'report',
    connector: 'file',
    destination: { folder: 'out' },
    consequences: 'The report lies in the folder.',
    amendable: true,
  });
  const { manifest, inputSchema } = defineProcess({
    name: 'market-outlook',
    input: z.object({
      dataset: z.string(),
      horizon: z.int().min(1).max(36),
      language: Language.optional(),
    }),
    amendable: ['horizon'],
    output: { report: Report },
    team: [dataGathering, forecasting, visualisation],
    coordinator: derived(),
    checkpoints: {
      approveForecast: review('forecast', { by: 'analyst', editable: ForecastAdjustments }),
      releaseReport: authorise('publishReport', { by: 'manager', fourEyes: true }),
    },
    effects: { publishReport },
    budget: { usd: 2 },
  });
  expect(Object.keys(manifest.tasks)).toEqual(['data-gathering', 'forecasting', 'visualisation']);
  expect(JSON.stringify(manifest).length).toBeLessThan(30_000);
  expect(inputSchema.parse({ dataset: 'jobs.csv', horizon: 12 })).toEqual({
    dataset: 'jobs.csv',
    horizon: 12,
  });
  const edit = new Validator(
    (manifest.checkpoints['approveForecast'] as { editable: object }).editable as never,
    '2020-12',
  );
  expect(edit.validate({ set: [{ series: 'mining', period: '2016-01', value: 3 }] }).valid).toBe(true);
  expect(edit.validate({ set: [{ series: 'mining', period: '2016-01', value: 'three' }] }).valid).toBe(false);
});

test('two reviews of one artifact may be declared, for two roles', () => {
  const { manifest } = defineLetters({
    checkpoints: { style: review('draft', { by: 'editor' }), law: review('draft', { by: 'lawyer' }) },
  });
  expect(Object.keys(manifest.checkpoints)).toEqual(['style', 'law']);
});

test('an effect can follow an effect by its receipt', () => {
  const archive = defineEffect({
    subject: 'confirmation',
    connector: 'file',
    destination: { folder: 'archive' },
    consequences: 'The confirmation is kept.',
  });
  expect(defineLetters({ effects: { send, archive } }).manifest.effects['archive']!.subjects).toEqual([
    'confirmation',
  ]);
});
