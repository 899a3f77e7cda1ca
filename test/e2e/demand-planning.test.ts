import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWorkbook } from '../../agents/data-gathering/read-workbook.ts';
import { fileConnector } from '../../activities/connectors/file.ts';
import { outcomesOf } from '../../client/read-run.ts';
import project from '../../baton.config.ts';
import type { OrderPlan, Outlook, Report } from '../../examples/05-demand-planning/agents.ts';
import { previewOrder } from '../../examples/05-demand-planning/preview-order.ts';
import { readDemand } from '../../examples/05-demand-planning/ledger.ts';
import { planOrder, setQuantities } from '../../examples/05-demand-planning/order.ts';
import { demandPlanning } from '../../examples/05-demand-planning/process.ts';
import { writeReport } from '../../examples/05-demand-planning/report.ts';
import { startTestProject } from '../../testing/start-test-project.ts';
import type { TestProject } from '../../testing/start-test-project.ts';
import type { Script } from '../../testing/script.ts';
import { temporalAddress } from '../temporal-server.ts';
import { makeLedger, piecesOf, weeksKnown } from './make-ledger.ts';

const address = await temporalAddress();
let folder = '';
let baton: TestProject;

const anotherManager = { id: 'another-manager', roles: ['manager'] };

/** Where the real ledger lies, `online-retail.csv.gz`; without it the generated one alone is planned. */
const retail = process.env['BATON_RETAIL_FOLDER'];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'baton-planning-'));
  await writeFile(path.join(folder, 'generated.csv.gz'), gzipSync(makeLedger()));
  baton = await startTestProject(
    { ...project, data: { folders: [folder, ...(retail === undefined ? [] : [retail])] } },
    { address, connectors: { files: fileConnector({ root: path.join(folder, 'out') }) }, recallAtMost: 300 },
  );
});
afterAll(async () => {
  await baton.stop();
  await rm(folder, { recursive: true, force: true });
});

const fileOf = async (run: string, name: string): Promise<Buffer> =>
  readFile(path.join(folder, 'out', 'demand-planning', run, 'purchaseOrder', name));
const orderOf = async (run: string): Promise<string> => (await fileOf(run, 'purchase-order.csv')).toString();

describe('the demand read off a generated ledger', () => {
  const read = async (products: number) =>
    readDemand({ path: path.join(folder, 'generated.csv.gz'), products, holdout: 8 });

  it('is what was sold in whole weeks, taken back and mistaken rows aside, without numbers for closed weeks', async () => {
    const { demand } = await read(10);
    expect(Object.keys(demand).toSorted()).toEqual(['10001', '10002A', '10003']);
    for (const [code, { weeks, values, holdout }] of Object.entries(demand)) {
      const sold = piecesOf(code);
      const start = sold.findIndex((pieces) => pieces !== null && pieces > 0);
      expect(values).toEqual(sold.slice(start));
      expect(weeks).toHaveLength(values.length);
      expect(weeks.at(-1)).toBe('2024-W40');
      expect(holdout).toBe(8);
    }
    expect(demand['10001']).toMatchObject({ label: 'LAMP, GENERATED', price: 2.5 });
  });

  it('has every kind of row counted that was left out, or kept, and why', async () => {
    const { ledgerNotes } = await read(10);
    const counts = Object.fromEntries(ledgerNotes.findings.map(({ kind, count }) => [kind, count]));
    expect(counts).toEqual({
      cancellation: 2,
      adjustment: 1,
      'no-product': 3,
      'negative-quantity': 1,
      'absurd-quantity': 1,
      'no-price': 1,
      'missing-customer': weeksKnown,
      reversed: 1,
      'part-of-a-week': 1,
      'closed-week': 1,
      'code-in-two-cases': 1,
      'too-new': 1,
    });
    expect(ledgerNotes.rows - ledgerNotes.counted).toBe(10);
  });

  it('is of the products that sold best before the weeks held out, not after', async () => {
    const { demand, ledgerNotes } = await read(1);
    // 10003 sold more in the weeks before, 10001 over all of them.
    expect(Object.keys(demand)).toEqual(['10003']);
    expect(ledgerNotes).toMatchObject({ products: 4, chosen: 1 });
  });

  it('is refused where too few weeks are known before those held out', async () => {
    const file = path.join(folder, 'generated.csv.gz');
    await expect(readDemand({ path: file, products: 10, holdout: 29 })).rejects.toMatchObject({
      type: 'Data.Unfit',
      message: 'The ledger has 40 whole weeks; 41 are needed, 29 of them held out.',
    });
  });
});

describe('demand-planning, from a generated ledger to a purchase order', () => {
  it('asks where a forecast did worse than naive, reckons with what a manager sets, and needs two of them', async () => {
    const { run } = await baton.client.start(
      demandPlanning,
      { dataset: 'generated.csv.gz', products: 10, stock: { '10003': 100_000 } },
      { by: 'a-starter' },
    );
    const looked: string[] = [];
    const quantities = [{ '10001': 500 }];
    const untilRelease: Script = (asked) => {
      if (asked.name === 'lookAtOutlook') {
        looked.push(asked.id);
        return {
          verb: 'changes',
          changes: { task: 'forecasting-demand/10003', fields: { method: 'naive' }, words: 'It fell.' },
        };
      }
      if (asked.name !== 'approvePlan') return undefined;
      const [delta] = quantities.splice(0);
      return delta ? { verb: 'edit', delta: { quantities: delta } } : { verb: 'approve' };
    };
    await expect(baton.finish(run, untilRelease)).rejects.toThrow('no decision for releaseOrder');
    expect(looked).toEqual(['review:lookAtOutlook:outlook/10003']);

    const { checkpoint, digest } = await baton.opened(run, 'releaseOrder');
    const release = { checkpoint: checkpoint.id, digest, verb: 'approve' } as const;
    const editor = { id: 'a-manager', roles: ['manager'] };
    await expect(baton.client.decide(run, release, editor)).rejects.toMatchObject({
      type: 'Decision.FourEyes',
    });
    const { result, outputs } = await baton.finish(run, {
      releaseOrder: [{ verb: 'approve', person: anotherManager }],
    });
    expect(result.status).toBe('finished');
    const started = outcomesOf(await baton.store.ledger.read(run))
      .map(({ outcome }) => outcome)
      .filter((outcome) => outcome.type === 'started')
      .map(({ task }) => task);
    // The one that was sent back was made twice, the others and the ledger once.
    expect(started.toSorted()).toEqual([
      'forecasting-demand/10001',
      'forecasting-demand/10002A',
      'forecasting-demand/10003',
      'forecasting-demand/10003',
      'ordering',
      'reporting',
      'sales-ledger',
    ]);
    const plan = outputs['orderPlan'] as unknown as OrderPlan;
    const lineOf = (code: string) => plan.lines.find((line) => line.code === code)!;
    expect(lineOf('10001')).toMatchObject({ quantity: 500, price: 2.5, cost: 1250, edited: true });
    expect(lineOf('10003')).toMatchObject({ quantity: 0, cost: 0, edited: false });
    const other = lineOf('10002A');
    expect(other.quantity).toBe(Math.ceil(other.expected + other.safety));
    expect(plan.pieces).toBe(500 + other.quantity);
    expect(plan.cost).toBeCloseTo(1250 + other.cost, 6);
    expect(await orderOf(run)).toBe(
      [
        'stockCode,description,quantity,unitPrice,cost',
        '10001,"LAMP, GENERATED",500,2.5,1250',
        `10002A,"'=BELL ""GENERATED""",${other.quantity},4,${other.cost}`,
        '',
      ].join('\r\n'),
    );

    const workbook = await fileOf(run, 'purchase-order.xlsx');
    expect(readWorkbook(new Uint8Array(workbook), { sheet: 'Purchase order' })).toMatchObject({
      ok: true,
      value: {
        records: [
          { cells: ['stockCode', 'description', 'quantity', 'unitPrice', 'cost'] },
          { cells: ['10001', 'LAMP, GENERATED', '500', '2.5', '1250'] },
          { cells: ['10002A', '=BELL "GENERATED"', String(other.quantity), '4', String(other.cost)] },
        ],
      },
    });

    const report = outputs['report'] as unknown as Report;
    const all = report.classes.find((one) => one.class === 'all')!;
    const heldOut = (code: string): number[] => piecesOf(code).slice(-8).map(Number);
    const add = (values: number[]): number => values.reduce((sum, value) => sum + value, 0);
    const pieces = add(['10001', '10002A', '10003'].flatMap(heldOut));
    expect(all).toMatchObject({ products: 3, pieces });
    // Of the last week known naive repeats 108 lamps and no bell; about the candle, remade by it, it is right.
    const gaps = [...heldOut('10001').map((one) => Math.abs(one - 108)), ...heldOut('10002A')];
    expect(all.naiveError).toBeCloseTo(add(gaps) / pieces, 9);
    const before = ['10001', '10002A'].flatMap((code) => {
      const recent = add(piecesOf(code).slice(-16, -8).map(Number)) / 8;
      return heldOut(code).map((one) => Math.abs(one - recent));
    });
    const candle = add(piecesOf('10003').slice(-16, -8).map(Number)) / 8 - 10;
    expect(all.recentError).toBeCloseTo((add(before) + 8 * candle) / pieces, 9);
    expect(report.classes.map((one) => [one.class, one.products])).toEqual([
      ['all', 3],
      ['smooth', 2],
      ['intermittent', 1],
    ]);
    expect(report.text).toContain('reversed: 1 of');
  });
});

it('an order that was released is not written for ten minutes, and not at all once it is recalled', async () => {
  const out = path.join(folder, 'recalled');
  await using patient = await startTestProject(
    { ...project, data: { folders: [folder] } },
    { address, connectors: { files: fileConnector({ root: out }) } },
  );
  const input = { dataset: 'generated.csv.gz', products: 10 };
  const { run } = await patient.client.start(demandPlanning, input, { by: 'a-starter' });
  const approve: Script = ({ name }) => (name === 'releaseOrder' ? undefined : { verb: 'approve' });
  await expect(patient.finish(run, approve)).rejects.toThrow('no decision for releaseOrder');
  const asked = await patient.opened(run, 'releaseOrder');
  const release = { checkpoint: asked.checkpoint.id, digest: asked.digest, verb: 'approve' } as const;
  await patient.client.decide(run, release, anotherManager);
  await patient.client.recall(run, 'purchaseOrder', anotherManager);
  // Asked again, about the same order, under another digest: the first approval is used up.
  await expect
    .poll(async () => (await patient.opened(run, 'releaseOrder')).digest, { timeout: 20_000 })
    .not.toBe(asked.digest);
  expect(existsSync(out)).toBe(false);
  await expect(patient.client.decide(run, release, anotherManager)).rejects.toMatchObject({
    type: 'Checkpoint.Stale',
  });
  const { decided } = await patient.finish(run, { releaseOrder: [{ verb: 'reject', reason: 'Too much.' }] });
  expect(decided.map(({ name, verb }) => `${verb} ${name}`)).toEqual(['reject releaseOrder']);
  expect(existsSync(out)).toBe(false);
});

describe('an order plan', () => {
  const outlookOf = (given: Partial<Outlook>): Outlook => ({
    label: 'Made up',
    price: 2,
    class: 'smooth',
    most: 100,
    method: 'combination',
    weeks: ['2024-W41', '2024-W42', '2024-W43'],
    mean: [10, 20, 30],
    lower80: [0, 0, 0],
    upper80: [13, 24, 90],
    test: {
      method: 'combination',
      weeks: ['2024-W38', '2024-W39', '2024-W40'],
      actual: [10, null, 30],
      forecast: [14, 7, 20],
      lower80: [12, 0, 0],
      upper80: [16, 9, 40],
      naive: [10, 10, 10],
      recent: 12,
    },
    error: 0.35,
    naiveError: 0.5,
    ...given,
  });

  it('is what is expected until the goods arrive and a safety stock, less what is there', () => {
    const plan = planOrder({ outlook: { a: outlookOf({}) }, leadWeeks: 2, stock: { a: 4 } });
    expect(plan.lines).toMatchObject([
      { expected: 30, safety: 5, stock: 4, quantity: 31, cost: 62, capped: false },
    ]);
    expect([plan.pieces, plan.cost]).toEqual([31, 62]);
  });

  it('keeps no safety stock for weeks larger than the largest so far', () => {
    const wild = outlookOf({ most: 24, upper80: [900, 24, 90] });
    const plan = planOrder({ outlook: { a: wild }, leadWeeks: 2, stock: {} });
    expect(plan.lines[0]).toMatchObject({ expected: 30, safety: 14.56, quantity: 45, capped: true });
  });

  it('is refused for weeks that were not forecast, and edited for no product that it does not have', () => {
    const outlook = { a: outlookOf({}) };
    expect(() => planOrder({ outlook, leadWeeks: 4, stock: {} })).toThrow(/only 3 are forecast/);
    const plan = planOrder({ outlook, leadWeeks: 2, stock: {} });
    expect(() => setQuantities(plan, { quantities: { b: 1 } })).toThrow('The plan has no product b.');
    expect(() => setQuantities(plan, { quantities: { a: -1 } })).toThrow(/quantities/);
    expect(setQuantities(plan, { quantities: { a: 0 } })).toMatchObject({
      pieces: 0,
      cost: 0,
      csv: 'stockCode,description,quantity,unitPrice,cost\r\n',
    });
  });

  it('shows what an edit does to cost and stock, against what was proposed', () => {
    const outlook = { a: outlookOf({}), b: outlookOf({ label: '<b>Bell</b>', price: 4 }) };
    const plan = planOrder({ outlook, leadWeeks: 2, stock: { a: 4 } });
    expect(previewOrder(plan)).toContain('All quantities are those proposed.');
    const edited = setQuantities(plan, { quantities: { a: 11, b: 40 } });
    expect(edited.lines).toMatchObject([
      { code: 'b', proposed: 35, quantity: 40, left: 10, cost: 160, edited: true },
      { code: 'a', proposed: 31, quantity: 11, left: -15, cost: 22, edited: true },
    ]);
    expect(edited.proposed).toEqual({ pieces: 66, cost: 202 });
    const page = previewOrder(edited);
    expect(page).toContain(
      '2 quantities were set by a person: −15 pieces and −20.00 against the 66 pieces for 202.00 proposed.',
    );
    expect(page).toContain('1 product is expected to run out before the goods arrive: a.');
    expect(page).toContain('&lt;b&gt;Bell&lt;/b&gt;');
    // Set back, it is as it was proposed.
    expect(setQuantities(edited, { quantities: { a: 31, b: 35 } })).toEqual(plan);
  });

  it('stands beside a report of errors weighted by pieces, closed weeks aside', () => {
    const worse = outlookOf({ class: 'lumpy', error: 0.6 });
    const ledgerNotes = {
      rows: 9,
      counted: 8,
      weeks: ['2024-W01', '2024-W40'],
      products: 3,
      chosen: 2,
      share: 0.5,
      findings: [],
    };
    const { classes } = writeReport({ outlook: { a: outlookOf({}), b: worse }, ledgerNotes });
    const figures = {
      error: 14 / 40,
      naiveError: 20 / 40,
      recentError: 20 / 40,
      bias: -6 / 40,
      within80: 0.5,
    };
    expect(classes).toEqual([
      { class: 'all', products: 2, pieces: 80, ...figures, worseThanNaive: 1 },
      { class: 'smooth', products: 1, pieces: 40, ...figures, worseThanNaive: 0 },
      { class: 'lumpy', products: 1, pieces: 40, ...figures, worseThanNaive: 1 },
    ]);
  });
});

describe.skipIf(retail === undefined)('demand-planning on the ledger Online Retail', () => {
  it('plans 200 products, and says how well and at what cost', { timeout: 600_000 }, async () => {
    const start = performance.now();
    const { run, result, outputs, decided } = await baton.run(
      demandPlanning,
      { dataset: 'online-retail.csv.gz' },
      {
        script: ({ name }) => ({
          verb: 'approve',
          ...(name === 'releaseOrder' && { person: anotherManager }),
        }),
      },
    );
    const seconds = (performance.now() - start) / 1000;
    const mebibytes = process.resourceUsage().maxRSS / 1024;
    process.stdout.write(
      `${seconds.toFixed(1)} s, ${mebibytes.toFixed(0)} MiB, ${decided.length} decisions\n`,
    );
    expect(result.status).toBe('finished');
    const { classes, text } = outputs['report'] as unknown as Report;
    process.stdout.write(`${text}\n`);
    expect(text).toContain('541909 rows');
    expect(classes[0]).toMatchObject({ class: 'all', products: 200 });
    expect(classes[0]!.error).toBeLessThan(classes[0]!.naiveError!);
    expect((await orderOf(run)).split('\r\n').length).toBeGreaterThan(150);
  });
});
