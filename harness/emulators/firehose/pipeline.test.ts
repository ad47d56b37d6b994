import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createClock, createRandom, parseInstant } from '../../clock/index.ts';
import { checkConservation, ids, LedgerStore, seriesId } from '../../ledger/index.ts';
import type { Batch } from './buffer.ts';
import type {
  Attempt,
  BufferingHints,
  Delivered,
  Destination,
  ObjectToWrite,
  S3Writer,
} from './destinations/destination.ts';
import { type Failure, failRecord } from './failed-record.ts';
import { MAX_ACTIVE_PARTITIONS } from './limits.ts';
import { Pipeline } from './pipeline.ts';
import type { Processing } from './processing/processing.ts';
import { cutRun, makeRun, namesOf, type Run, recordsOf } from './runs.ts';

const START = parseInstant('2022-01-27T23:59:30Z');
const HOUR = 3_600_000;
const HINTS: BufferingHints = { sizeInMBs: 1, intervalInSeconds: 60 };
const FAILURE: Omit<Failure, 'attemptEndingTimestamp'> = {
  type: 'AmazonOpenSearchService-failed',
  attemptsMade: 1,
  errorCode: '400',
  errorMessage: 'mapper_parsing_exception',
};

/** What the destination does with one batch: everything, all but its odd records, or nothing this time. */
type Mood = 'takes' | 'fails-odd' | 'rejects';

interface BenchOptions {
  readonly processing?: Processing;
  readonly sourceBackup?: boolean;
  readonly errorLog?: Destination['errorLog'];
}

/** A pipeline on held time between a source and a destination that do as they are told. */
async function bench({ processing, sourceBackup = false, errorLog }: BenchOptions = {}) {
  const clock = createClock();
  await clock.travelTo(START);
  const ledger = new LedgerStore(':memory:', () => clock.now());
  const moods: Mood[] = [];
  /** How often the bucket refuses. */
  const bucket = { refusals: 0 };
  const delivered: { at: number; batch: Batch }[] = [];
  const objects: (ObjectToWrite & { bucket: string })[] = [];
  const counted = new Map<string, number>();
  const logged: string[] = [];
  const writer = (name: string): S3Writer => ({
    hints: HINTS,
    async write(object) {
      if (bucket.refusals > 0) {
        bucket.refusals--;
        throw new Error('The bucket is away.');
      }
      objects.push({ ...object, bucket: name });
      return { bucket: name, key: object.id, bytes: object.content.length, etag: undefined };
    },
  });
  const destination: Destination = {
    metricPrefix: 'DeliveryToAmazonOpenSearchService',
    arn: 'arn:aws:es:ap-northeast-2:000000000000:domain/pinpoint',
    hints: HINTS,
    processing,
    errorOutput: writer('errors'),
    sourceBackup: sourceBackup ? writer('copies') : undefined,
    errorLog,
    describe: () => ({}),
    async deliver(batch, attempt) {
      const mood = moods.shift() ?? 'takes';
      if (mood === 'rejects') {
        attempt.reportError('OS.ServiceException', 'The domain is away.');
        throw new Error('The domain is away.');
      }
      const outcome =
        mood === 'takes'
          ? { stored: [{ runs: batch.runs, into: [], detail: {} }], failed: [] }
          : halved(batch, attempt);
      delivered.push({ at: attempt.now(), batch });
      return outcome;
    },
  };
  const where = 'firehose/brook';
  const pipeline = new Pipeline({
    where,
    context: {
      clock,
      random: createRandom('pipeline'),
      ledger,
      aws: undefined as never,
      dataDir: '',
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      defaults: { region: 'ap-northeast-2', accountId: '000000000000' },
    },
    metrics: { count: (_name, metric, value) => void counted.set(metric, (counted.get(metric) ?? 0) + value) },
    logs: {
      put: (group, stream, events) => void logged.push(...events.map(({ message }) => `${group}/${stream} ${message}`)),
    },
    destination: () => destination,
    origin: () => ({
      deliveryStreamName: 'brook',
      deliveryStreamArn: 'arn:aws:firehose:ap-northeast-2:000000000000:deliverystream/brook',
      sourceArn: undefined,
      versionId: 1,
      region: 'ap-northeast-2',
      accountId: '000000000000',
    }),
    retentionMs: () => 24 * HOUR,
  });
  let count = 0;
  const put = (records: number, changes: Partial<Run> = {}): Run => {
    const series = ids.putSeries('brook', 'put-');
    const range = { series, from: count, to: count + records };
    const cause = ledger.append({ where, what: 'accepted', ids: [range] });
    const data = Array.from({ length: records }, (_, n) => Buffer.from(String(count + n)));
    count += records;
    const run = makeRun({ arrival: clock.now(), data, ids: range, cause, ...changes });
    pipeline.accept('direct-put', run);
    return run;
  };
  const conservation = () => checkConservation(ledger, [{ where, ids: namesOf(pipeline.held()) }]);
  return { clock, ledger, pipeline, put, moods, bucket, delivered, objects, counted, logged, conservation };
}

/** Takes the even records and fails the odd ones. */
function halved(batch: Batch, attempt: Attempt): Delivered {
  const isOdd = (data: Uint8Array) => Number(Buffer.from(data).toString()) % 2 === 1;
  const singles = batch.runs.flatMap((run) => run.data.map((_, n) => cutRun(run, n, n + 1)));
  const odd = singles.filter(({ data: [only] }) => isOdd(only as Uint8Array));
  const failure = { ...FAILURE, attemptEndingTimestamp: attempt.now() };
  return {
    stored: [{ runs: singles.filter((run) => !odd.includes(run)), into: [], detail: {} }],
    failed: [...recordsOf(odd)].map((record) => failRecord(record, failure)),
  };
}

function textOf(batch: { readonly runs: readonly Run[] }): string[] {
  return batch.runs.flatMap((run) => run.data.map((record) => Buffer.from(record).toString()));
}

describe('a pipeline', () => {
  test('delivers after the interval and says so in the ledger', async () => {
    const { clock, put, delivered, conservation } = await bench();
    put(3);
    await clock.advance(59_999);
    expect(delivered).toEqual([]);
    expect(conservation()).toMatchObject({ ok: true, held: 3 });
    await clock.advance(1);
    expect(delivered.map(({ batch }) => textOf(batch))).toEqual([['0', '1', '2']]);
    expect(conservation()).toMatchObject({ ok: true, accepted: 3, stored: 3, held: 0 });
  });

  test('keeps what failed in the error output, a line for each record, and counts only what was delivered', async () => {
    const { clock, put, moods, objects, counted, conservation } = await bench();
    moods.push('fails-odd');
    put(5);
    await clock.advance(120_000);
    expect(objects).toHaveLength(1);
    expect(objects[0]).toMatchObject({
      bucket: 'errors',
      errorOutputType: 'AmazonOpenSearchService-failed',
      oldestArrival: START,
    });
    const lines = objects[0]?.content
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual(
      ['1', '3'].map((text) => ({
        attemptsMade: 1,
        arrivalTimestamp: START,
        errorCode: '400',
        errorMessage: 'mapper_parsing_exception',
        attemptEndingTimestamp: START + 60_000,
        rawData: Buffer.from(text).toString('base64'),
      })),
    );
    expect(conservation()).toMatchObject({ ok: true, stored: 3, backedUp: 2 });
    expect(counted.get('DeliveryToAmazonOpenSearchService.Records')).toBe(3);
    expect(counted.get('DeliveryToAmazonOpenSearchService.Success')).toBe(3 / 5);
    expect(counted.get('DeliveryToS3.Records')).toBe(2);
  });

  test('with a source backup, keeps a copy of every record beside the destination, and counts no duplicates', async () => {
    const { clock, put, objects, conservation } = await bench({ sourceBackup: true });
    put(4);
    await clock.advance(60_000);
    expect(objects.map(({ bucket, content }) => [bucket, content.toString()])).toEqual([['copies', '0123']]);
    expect(conservation()).toMatchObject({ ok: true, stored: 4, duplicates: 0 });
  });

  test('delivers nothing more while the error output takes nothing, and goes on when it does', async () => {
    const { clock, put, moods, bucket, delivered, conservation } = await bench();
    moods.push('fails-odd');
    bucket.refusals = 8;
    put(2);
    // 60 s in the buffer, 60 s in that of the error output; then the bucket refuses.
    await clock.advance(120_000);
    put(1);
    await clock.advance(120_000);
    expect(delivered).toHaveLength(1);
    expect(conservation()).toMatchObject({ ok: true, stored: 1, held: 2 });
    await clock.advance(HOUR);
    expect(delivered).toHaveLength(2);
    expect(conservation()).toMatchObject({ ok: true, stored: 2, backedUp: 1, held: 0 });
  });

  test('when stopped, holds what a delivery that is under way fails', async () => {
    const { clock, pipeline, put, moods, delivered, objects, conservation } = await bench();
    moods.push('fails-odd');
    const full = Buffer.from('1'.padStart(1024 * 1024, '0'));
    put(2, { data: [Buffer.from('0'), full], bytes: full.length + 1 });
    await pipeline.stop();
    await clock.advance(HOUR);
    expect(delivered).toHaveLength(1);
    expect(objects).toEqual([]);
    expect(conservation()).toMatchObject({ ok: true, stored: 1, held: 1 });
    expect(clock.diagnostics().timers).toEqual([]);
  });

  test('writes what the destination reports into the error log, as AWS does', async () => {
    const errorLog = { logGroupName: '/aws/kinesisfirehose/brook', logStreamName: 'DestinationDelivery' };
    const { clock, put, moods, logged } = await bench({ errorLog });
    moods.push('rejects');
    put(1);
    await clock.advance(61_000);
    const [place, message] = logged[0]?.split(/ (.*)/s) ?? [];
    expect(place).toBe('/aws/kinesisfirehose/brook/DestinationDelivery');
    expect(JSON.parse(message ?? '')).toEqual({
      deliveryStreamARN: 'arn:aws:firehose:ap-northeast-2:000000000000:deliverystream/brook',
      destination: 'arn:aws:es:ap-northeast-2:000000000000:domain/pinpoint',
      deliveryStreamVersionId: 1,
      message: 'The domain is away.',
      errorCode: 'OS.ServiceException',
    });
  });

  test('tells of a bucket that takes nothing, and of the function that failed', async () => {
    const errorLog = { logGroupName: 'brook', logStreamName: 'errors' };
    const processing: Processing = {
      configuration: {},
      hints: undefined,
      run: async ({ runs }, attempt) => {
        attempt.reportError('Lambda.FunctionTimedOut', 'It timed out.', 'arn:aws:lambda:…:function:transform');
        return { runs, dropped: [], failed: [] };
      },
    };
    const { clock, put, bucket, logged } = await bench({ errorLog, processing, sourceBackup: true });
    bucket.refusals = 1;
    put(1);
    await clock.advance(120_000);
    const errors = logged.map((line) => JSON.parse(line.slice(line.indexOf('{'))));
    expect(errors.map(({ errorCode, processor }) => [errorCode, processor])).toEqual([
      ['Lambda.FunctionTimedOut', 'arn:aws:lambda:…:function:transform'],
      ['InternalError', undefined],
    ]);
  });

  test('processes at once what has no buffer hints, and notes what was dropped on purpose', async () => {
    const processing: Processing = {
      configuration: {},
      hints: undefined,
      run: async ({ runs }) => {
        const singles = runs.flatMap((run) => run.data.map((_, n) => cutRun(run, n, n + 1)));
        return { runs: singles.slice(1), dropped: singles.slice(0, 1), failed: [] };
      },
    };
    const { clock, put, delivered, conservation } = await bench({ processing });
    put(3);
    await clock.advance(60_000);
    expect(delivered.map(({ batch }) => textOf(batch))).toEqual([['1', '2']]);
    expect(conservation()).toMatchObject({ ok: true, dropped: 1, stored: 2 });
  });

  test('keeps partitions apart, and sends what is beyond the limit of active ones to the error output', async () => {
    const { clock, put, delivered, objects, conservation } = await bench();
    const keys = (n: number) => ({ partitionKeys: { fromQuery: { n: String(n) }, fromLambda: {} } });
    for (let n = 0; n < MAX_ACTIVE_PARTITIONS; n++) put(1, keys(n));
    put(1, keys(0));
    put(1, keys(MAX_ACTIVE_PARTITIONS));
    await clock.advance(60_000);
    expect(delivered).toHaveLength(MAX_ACTIVE_PARTITIONS);
    expect(delivered.filter(({ batch }) => batch.records === 2)).toHaveLength(1);
    expect(objects.map(({ errorOutputType }) => errorOutputType)).toEqual(['activePartitionExceeded']);
    put(1, keys(MAX_ACTIVE_PARTITIONS));
    await clock.advance(60_000);
    expect(delivered).toHaveLength(MAX_ACTIVE_PARTITIONS + 1);
    expect(conservation()).toMatchObject({ ok: true, backedUp: 1, held: 0 });
  });

  test('drains through all its stages', async () => {
    const processing: Processing = {
      configuration: {},
      hints: { sizeInMBs: 1, intervalInSeconds: 900 },
      run: async ({ runs }) => ({ runs, dropped: [], failed: [] }),
    };
    const { pipeline, put, moods, conservation } = await bench({ processing, sourceBackup: true });
    moods.push('fails-odd');
    put(2);
    await pipeline.drain();
    expect(pipeline.heldBytes).toBe(0);
    expect(conservation()).toMatchObject({ ok: true, stored: 1, backedUp: 1, held: 0 });
  });
});

type Step = { readonly put: number } | { readonly wait: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ put: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ wait: fc.integer({ min: 0, max: 100_000 }) }),
);
const mood = fc.constantFrom<Mood>('takes', 'fails-odd', 'rejects');

/** Whatever is put, whatever the destination does with it, and however often the bucket refuses. */
function accountsForEverything(break_: (delivered: Delivered) => Delivered = (delivered) => delivered) {
  const steps = fc.array(step, { minLength: 1, maxLength: 12 });
  const refusals = fc.integer({ min: 0, max: 6 });
  return fc.asyncProperty(steps, fc.array(mood, { maxLength: 10 }), refusals, async (actions, moods, times) => {
    const processing: Processing = {
      configuration: {},
      hints: { sizeInMBs: 1, intervalInSeconds: 20 },
      run: async (batch, attempt) => {
        const { stored, failed } = break_(halved(batch, attempt));
        return { runs: stored.flatMap(({ runs }) => runs), dropped: [], failed };
      },
    };
    const { clock, put, moods: planned, bucket, delivered, objects, conservation } = await bench({ processing });
    planned.push(...moods);
    bucket.refusals = times;
    let accepted = 0;
    for (const action of actions) {
      if ('wait' in action) await clock.advance(action.wait);
      else accepted += put(action.put).data.length;
    }
    await clock.advance(6 * HOUR);
    const report = conservation();
    expect(report).toMatchObject({ ok: true, accepted, held: 0, lost: 0, duplicates: 0 });
    const order = delivered.flatMap(({ batch }) => textOf(batch)).map(Number);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    const failed = objects.flatMap(({ content }) => content.toString().trimEnd().split('\n'));
    expect(failed).toHaveLength(report.backedUp);
    expect(report.stored + report.backedUp).toBe(accepted);
  });
}

describe('properties of the pipeline', () => {
  test('every accepted record ends in the destination, in order, or in the error output', async () => {
    await fc.assert(accountsForEverything(), { numRuns: 100 });
  });

  test.each<[string, (delivered: Delivered) => Delivered]>([
    ['forgets what failed', (delivered) => ({ ...delivered, failed: [] })],
    [
      'fails what it also delivers',
      (delivered) => ({ ...delivered, failed: delivered.failed.flatMap((one) => [one, one]) }),
    ],
  ])('a stage that %s is caught', async (_defect, break_) => {
    const result = await fc.check(accountsForEverything(break_), { numRuns: 100, endOnFailure: true });
    expect(result.failed).toBe(true);
  });

  test('the records of a run are named as the ledger names them', () => {
    const run = makeRun({
      arrival: 0,
      data: [Buffer.from('a'), Buffer.from('b')],
      ids: { series: 'put/brook/x', from: 4, to: 6 },
      cause: 1,
    });
    expect([...recordsOf([run])].map(({ id }) => id)).toEqual([seriesId('put/brook/x', 4), seriesId('put/brook/x', 5)]);
  });
});
