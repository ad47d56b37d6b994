import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failedRecordLine } from '../../failed-record.ts';
import { recordsOf } from '../../runs.ts';
import { answeringAws, awsError } from '../../testing.ts';
import {
  type BenchOptions,
  batchOf,
  FUNCTION_ARN,
  processingBench,
  processor,
  STREAM_ARN,
  textsOf,
} from '../testing.ts';

interface Event {
  readonly invocationId: string;
  readonly records: readonly { readonly recordId: string; readonly data: string }[];
}

/** What a function is made to do at its n-th invocation: an answer, or an error of the invocation. */
type Function = (event: Event, invocation: number) => object | Error;

const FAILS = { FunctionError: 'Unhandled', Payload: Buffer.from('{"errorType":"Error","errorMessage":"no"}') };
const TIMES_OUT = {
  FunctionError: 'Unhandled',
  Payload: Buffer.from(
    '{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: 1 Error: Task timed out after 3.00 seconds"}',
  ),
};
const answered = (records: unknown) => ({ Payload: Buffer.from(JSON.stringify({ records })) });
const echo: Function = ({ records }) => answered(records.map((record) => ({ ...record, result: 'Ok' })));

async function lambdaBench(act: Function, parameters: Record<string, string> = {}, options: BenchOptions = {}) {
  const events: { at: number; text: string; event: Event; input: Record<string, unknown> }[] = [];
  const aws = answeringAws((command, input) => {
    expect(command).toBe('Invoke');
    const text = String(input.Payload);
    const event = JSON.parse(text) as Event;
    events.push({ at: bench.clock.now(), text, event, input });
    const answer = act(event, events.length);
    if (answer instanceof Error) throw answer;
    return answer;
  });
  const bench = await processingBench([processor('Lambda', { LambdaArn: FUNCTION_ARN, ...parameters })], {
    aws,
    ...options,
  });
  return { ...bench, events };
}

describe('the event', () => {
  test('of direct puts has the form of AWS', async () => {
    const bench = await lambdaBench(echo);
    await bench.process(batchOf({ data: ['{"a":1}', ''], arrival: 1643262505123 }));
    const [{ text, event, input } = { text: '', event: undefined, input: {} }] = bench.events;
    const [first, second] = event?.records ?? [];
    expect(input).toMatchObject({ FunctionName: FUNCTION_ARN, InvocationType: 'RequestResponse' });
    expect(event?.invocationId).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(first?.recordId).toMatch(/^49\d{54}000000$/);
    expect(text).toBe(
      `{"invocationId":"${event?.invocationId}","deliveryStreamArn":"${STREAM_ARN}","region":"us-east-1","records":[` +
        `{"recordId":"${first?.recordId}","approximateArrivalTimestamp":1643262505123,"data":"eyJhIjoxfQ=="},` +
        `{"recordId":"${second?.recordId}","approximateArrivalTimestamp":1643262505123,"data":""}]}`,
    );
  });

  test('of a Kinesis stream says where its records lay', async () => {
    const sourceArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/ingest';
    const bench = await lambdaBench(echo, {}, { sourceArn });
    const kinesis = [
      { shardId: 'shardId-000000000001', partitionKey: '키', sequenceNumber: '49600000' },
      { shardId: 'shardId-000000000001', partitionKey: 'b', sequenceNumber: '49600001', subsequenceNumber: 3 },
    ];
    await bench.process(batchOf({ data: ['a', 'b'], arrival: 5, kinesis }));
    const { sourceKinesisStreamArn, records } = JSON.parse(bench.events[0]?.text ?? '{}');
    expect(sourceKinesisStreamArn).toBe(sourceArn);
    expect(JSON.stringify(records[0].kinesisRecordMetadata)).toBe(
      '{"sequenceNumber":"49600000","subsequenceNumber":0,"partitionKey":"키","shardId":"shardId-000000000001","approximateArrivalTimestamp":5}',
    );
    expect(records[1].kinesisRecordMetadata.subsequenceNumber).toBe(3);
  });

  test('is smaller than 6 MB, whatever the number and size of the records', async () => {
    const bench = await lambdaBench(echo);
    const large = Buffer.alloc(1_024_000, 'a');
    const batch = batchOf({ data: Array.from({ length: 7 }, () => large) }, { data: new Array(50_000).fill('a') });
    const { runs } = await bench.process(batch);
    expect(bench.events.length).toBe(3);
    for (const { text } of bench.events) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(6 * 1024 * 1024);
    expect(textsOf(runs)).toEqual(textsOf(batch.runs));
    expect(new Set(bench.events.flatMap(({ event }) => event.records.map(({ recordId }) => recordId))).size).toBe(
      50_007,
    );
  });

  test('tells a record that was read twice from itself', async () => {
    const bench = await lambdaBench(echo);
    const ids = ['record/ingest/1'];
    const { runs } = await bench.process(batchOf({ data: ['a'], ids }, { data: ['a'], ids }));
    const [first, second] = bench.events[0]?.event.records ?? [];
    expect(textsOf(runs)).toEqual(['a', 'a']);
    expect(second?.recordId).toBe(first?.recordId.replace(/000000$/, '000001'));
  });
});

describe('retries', () => {
  test('come after 4, 8 and 16 seconds, with the same records and another invocation id', async () => {
    const bench = await lambdaBench((event, n) => (n < 4 ? TIMES_OUT : echo(event, n)));
    const { runs, failed } = await bench.process(batchOf({ data: ['a', 'b'] }));
    expect(bench.events.map(({ at }) => at)).toEqual([0, 4000, 12_000, 28_000]);
    expect(new Set(bench.events.map(({ event }) => event.invocationId)).size).toBe(4);
    expect(new Set(bench.events.map(({ event }) => JSON.stringify(event.records))).size).toBe(1);
    expect([textsOf(runs), failed]).toEqual([['a', 'b'], []]);
    expect(bench.errors).toHaveLength(3);
  });

  test('are never more than a minute apart', async () => {
    const bench = await lambdaBench(() => FAILS, { NumberOfRetries: '300' });
    const { failed } = await bench.process(batchOf({ data: ['a'] }));
    const times = bench.events.map(({ at }) => at);
    expect(times).toHaveLength(301);
    expect(Math.max(...times.slice(1).map((at, n) => at - (times[n] as number)))).toBe(60_000);
    expect(failed[0]).toMatchObject({ attemptsMade: 301, attemptEndingTimestamp: times.at(-1) });
  });

  test.each([
    [
      'times out',
      TIMES_OUT,
      'Lambda.FunctionTimedOut',
      'The Lambda function invocation timed out. Increase the Timeout setting in the Lambda function.',
    ],
    [
      'throws',
      FAILS,
      'Lambda.FunctionError',
      'The Lambda function was successfully invoked but it returned an error result.',
    ],
    [
      'is throttled',
      awsError('TooManyRequestsException'),
      'Lambda.InvokeLimitExceeded',
      'The Lambda concurrent execution limit is exceeded. Increase the concurrent execution limit.',
    ],
    [
      'does not exist',
      awsError('ResourceNotFoundException'),
      'Lambda.ResourceNotFound',
      'The specified Lambda function does not exist. Use a different function that does exist.',
    ],
    [
      'may not be invoked',
      awsError('AccessDeniedException'),
      'Lambda.InvokeAccessDenied',
      'Access was denied. Ensure that the access policy allows access to the Lambda function.',
    ],
    [
      'fails inside Lambda',
      awsError('ServiceException', 'An internal error.'),
      'Lambda.ServiceException',
      'An internal error.',
    ],
  ])('are used up when the function always %s', async (_, answer, errorCode, errorMessage) => {
    const bench = await lambdaBench(() => answer);
    const { runs, dropped, failed } = await bench.process(batchOf({ data: ['a', 'b'], arrival: 7 }));
    expect([runs, dropped]).toEqual([[], []]);
    const failure = { type: 'processing-failed', attemptsMade: 4, errorCode, errorMessage, arrival: 7 };
    expect(failed).toMatchObject([failure, failure]);
    expect(failed[0]).toMatchObject({ attemptEndingTimestamp: 28_000, after: { lambdaArn: FUNCTION_ARN } });
    expect(bench.errors).toEqual(new Array(4).fill(`${errorCode}: ${errorMessage} (${FUNCTION_ARN})`));
  });

  test('are not made when there shall be none', async () => {
    const bench = await lambdaBench(() => FAILS, { NumberOfRetries: '0' });
    expect((await bench.process(batchOf({ data: ['a'] }))).failed).toMatchObject([{ attemptsMade: 1 }]);
  });

  test('are not made of an answer, however wrong', async () => {
    const bench = await lambdaBench(() => answered([]));
    const { failed } = await bench.process(batchOf({ data: ['a'] }));
    expect(failed).toMatchObject([{ attemptsMade: 1, errorCode: 'Lambda.MissingRecordId' }]);
    expect(bench.events).toHaveLength(1);
    expect(bench.errors).toHaveLength(1);
  });

  test('end when the stream is stopped, with nothing said of the records', async () => {
    const bench = await lambdaBench((_, n) => {
      if (n === 2) bench.stop();
      return FAILS;
    });
    await expect(bench.process(batchOf({ data: ['a'] }))).rejects.toThrow('stopped');
    expect(bench.events).toHaveLength(2);
  });
});

test('a failed record is told of as AWS does, byte for byte', async () => {
  const arrival = 1654710150135;
  const bench = await lambdaBench(() => TIMES_OUT, {}, { now: arrival + 60_128 });
  const { failed } = await bench.process(batchOf({ data: [RAW], arrival }));
  expect(failed.map(failedRecordLine)).toEqual([
    '{"attemptsMade":4,"arrivalTimestamp":1654710150135,"errorCode":"Lambda.FunctionTimedOut",' +
      '"errorMessage":"The Lambda function invocation timed out. Increase the Timeout setting in the Lambda function.",' +
      `"attemptEndingTimestamp":1654710238263,"rawData":"${Buffer.from(RAW).toString('base64')}","lambdaArn":"${FUNCTION_ARN}"}\n`,
  ]);
});

const RAW = '{"data":{"raw":"166744,RGPS,13:42:29,G"},"type":"com.mbta.ocs.raw_message"}';

test('records are transformed, dropped and given up each by itself, and counted', async () => {
  const bench = await lambdaBench(({ records }) =>
    answered([
      { recordId: records[3]?.recordId, result: 'Ok', data: Buffer.from('D').toString('base64') },
      { recordId: records[2]?.recordId, result: 'ProcessingFailed' },
      { recordId: records[1]?.recordId, result: 'Dropped' },
      { recordId: records[0]?.recordId, result: 'Ok', data: Buffer.from('Alpha').toString('base64') },
    ]),
  );
  const { runs, dropped, failed } = await bench.process(batchOf({ data: ['a', 'bb', 'ccc', 'dddd'] }));
  expect([textsOf(runs), textsOf(dropped), failed.length]).toEqual([['Alpha', 'D'], ['bb'], 1]);
  expect(runs.map(({ ids, bytes }) => [ids, bytes])).toEqual([
    [{ series: 'put/brook/0', from: 0, to: 1 }, 5],
    [{ series: 'put/brook/0', from: 3, to: 4 }, 1],
  ]);
  expect(Buffer.from(failed[0]?.data ?? []).toString()).toBe('ccc');
  expect(bench.counted).toEqual([
    ['ExecuteProcessing.Duration', 0],
    ['ExecuteProcessing.Success', 1],
    ['SucceedProcessing.Records', 2],
    ['SucceedProcessing.Bytes', 5],
  ]);
});

describe('partition keys', () => {
  const giving = (partitionKeys: unknown) =>
    lambdaBench(
      ({ records }) => answered(records.map((record) => ({ ...record, result: 'Ok', metadata: { partitionKeys } }))),
      {},
      { dynamicPartitioning: true },
    );

  test('of the function are taken', async () => {
    const { runs } = await (await giving({ customer: 'a', year: 2022 })).process(batchOf({ data: ['x'] }));
    expect(runs[0]?.partitionKeys).toEqual({ fromQuery: {}, fromLambda: { customer: 'a', year: '2022' } });
  });

  test.each([{}, undefined, { customer: '' }, { customer: null }])('%j are none', async (partitionKeys) => {
    const { runs, failed } = await (await giving(partitionKeys)).process(batchOf({ data: ['x'] }));
    expect(runs).toEqual([]);
    expect(failed).toMatchObject([
      {
        type: 'metadata-extraction-failed',
        errorCode: 'DynamicPartitioning.MetadataExtractionFailed',
        errorMessage: 'partitionKeys values must not be null or empty',
      },
    ]);
  });
});

test('every record of a batch is accounted for once, and in order, whatever the function does', async () => {
  const fate = fc.constantFrom('Ok', 'Dropped', 'ProcessingFailed', 'left out', 'twice');
  const puts = fc.array(fc.array(fate, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(puts, fc.nat(5), async (fates, failures) => {
      const all = fates.flat();
      const bench = await lambdaBench(({ records }, n) => {
        if (n <= failures) return n % 2 === 0 ? awsError('TooManyRequestsException') : FAILS;
        const returned = records.flatMap((record, index) => {
          const result = all[index] as string;
          if (result === 'left out') return [];
          return result === 'twice' ? [{ ...record, result: 'Ok' }, record] : [{ ...record, result }];
        });
        return answered(returned.reverse());
      });
      const batch = batchOf(...fates.map((data) => ({ data })));
      const { runs, dropped, failed } = await bench.process(batch);
      const given = [...recordsOf(batch.runs)];
      const expected = (wanted: (fate: string) => boolean) =>
        given.filter((_, n) => wanted(failures > 3 ? 'left out' : (all[n] as string))).map(({ id }) => id);
      const idsIn = (of: typeof runs) => [...recordsOf(of)].map(({ id }) => id);
      expect(idsIn(runs)).toEqual(expected((it) => it === 'Ok'));
      expect(idsIn(dropped)).toEqual(expected((it) => it === 'Dropped'));
      const lost = given.filter(({ id }) => expected((it) => it !== 'Ok' && it !== 'Dropped').includes(id));
      expect(failed.map(({ name }) => name)).toEqual(lost.map(({ name }) => name));
    }),
    { numRuns: 60 },
  );
});
