import { describe, expect, test } from 'vitest';
import { ids } from '../../../../ledger/index.ts';
import { fakeKinesis } from '../../../../streams/testing.ts';
import type { KinesisMapping } from '../../functions/model.ts';
import { createEventSources } from '../index.ts';
import { type EventsBench, eventsBench, fails, kinesisMapping, START, STREAM_ARN } from '../testing.ts';

const SHARD = 'shardId-000000000000';
const DEST_ARN = 'arn:aws:sqs:ap-northeast-2:000000000000:destination';
const HOUR = 3_600_000;
const STREAM_CALLS = ['DescribeStreamSummary', 'ListShards', 'GetShardIterator', 'GetRecords'];

interface KinesisEvent {
  readonly Records: readonly {
    readonly eventID: string;
    readonly kinesis: { readonly data: string; readonly sequenceNumber: string };
  }[];
}

const textOf = ({ Records }: KinesisEvent) =>
  Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString()).join('');
const batchesOf = ({ host }: EventsBench) => host.runs.map(({ event }) => textOf(event as KinesisEvent));

async function streamBench(
  changes: Partial<KinesisMapping> = {},
  prepare: (stream: ReturnType<typeof fakeKinesis>) => void = () => undefined,
) {
  const stream = fakeKinesis();
  const bench = await eventsBench((operation, input) =>
    STREAM_CALLS.includes(operation) ? stream.answer(operation, input) : undefined,
  );
  // A record's stamp is the machine's: what is put from now on lies between one move of the bench's time and the next.
  bench.clock.noteMachineStamp();
  await bench.clock.advance(1);
  prepare(stream);
  bench.clock.noteMachineStamp();
  const sources = createEventSources(bench.parts, { enqueue: () => undefined });
  const mapping = kinesisMapping(changes);
  sources.start(mapping);
  await bench.clock.settled();
  const put = (texts: string, shardId = SHARD, key = 'key') =>
    bench.clock.run('a producer', async () => {
      for (const text of texts) stream.put(text, shardId, key);
      bench.clock.noteMachineStamp();
    });
  return { ...bench, stream, sources, mapping, put };
}

/** Throws for every batch that has one of these texts in it. */
const failFor = ({ host }: EventsBench, poison: string) => {
  host.script = (event: KinesisEvent) => {
    if ([...textOf(event)].some((text) => poison.includes(text))) throw fails.function();
  };
};
const recordsAt = ({ queues }: EventsBench) => queues.of('destination').map(({ body }) => JSON.parse(body));

describe('where it begins', () => {
  const before = (stream: ReturnType<typeof fakeKinesis>) => void [...'ab'].map((text) => stream.put(text));

  test('TRIM_HORIZON: with the oldest record of each shard, closed ones too', async () => {
    const bench = await streamBench({}, (stream) => {
      before(stream);
      stream.shard(SHARD).closed = true;
      stream.addShard('shardId-000000000001', { ParentShardId: SHARD });
      stream.put('c', 'shardId-000000000001');
    });
    await bench.clock.advance(5000);
    expect(batchesOf(bench)).toEqual(['ab', 'c']);
  });

  test('LATEST: with what is put after it was started', async () => {
    const bench = await streamBench({ startingPosition: 'LATEST' }, before);
    await bench.put('c');
    await bench.clock.advance(5000);
    expect(batchesOf(bench)).toEqual(['c']);
  });

  test('AT_TIMESTAMP: with the first record of that time, by the bench’s clock', async () => {
    const at = START + 10_000;
    const bench = await streamBench({ startingPosition: 'AT_TIMESTAMP', startingPositionTimestamp: at });
    await bench.put('a');
    await bench.clock.advance(10_000);
    await bench.put('b');
    await bench.clock.advance(5000);
    expect(batchesOf(bench)).toEqual(['b']);
  });

  test('a stream that is away at first is read once it answers', async () => {
    const bench = await streamBench({}, (stream) => {
      stream.put('a');
      stream.away = true;
    });
    await bench.clock.advance(12 * HOUR);
    expect(bench.stream.calls.length).toBeLessThan(100);
    await bench.clock.run('its return', async () => {
      bench.stream.away = false;
    });
    await bench.clock.advance(3000);
    expect(batchesOf(bench)).toEqual(['a']);
  });
});

describe('batches', () => {
  test('an event has AWS’s members in AWS’s order, with the bench’s time', async () => {
    const bench = await streamBench();
    await bench.put('a');
    await bench.clock.advance(1000);
    const arrival = (START + 1) / 1000;
    expect(bench.host.runs[0]?.invocation.payload.toString()).toBe(
      '{"Records":[{"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":"key","sequenceNumber":"1000",' +
        `"data":"YQ==","approximateArrivalTimestamp":${arrival}},"eventSource":"aws:kinesis","eventVersion":"1.0",` +
        '"eventID":"shardId-000000000000:1000","eventName":"aws:kinesis:record",' +
        '"invokeIdentityArn":"arn:aws:iam::000000000000:role/worker","awsRegion":"ap-northeast-2",' +
        `"eventSourceARN":"${STREAM_ARN}"}]}`,
    );
    expect(bench.host.runs[0]?.invocation.ids).toEqual([ids.record('ingest', '1000')]);
    expect(bench.metrics.get('IteratorAge')).toEqual([1000]);
    expect(bench.sources.lastProcessingResult(bench.mapping.uuid)).toBe('OK');
  });

  test('have at most BatchSize records, in order, each once though an iterator gives it again', async () => {
    const bench = await streamBench({ batchSize: 3 }, (stream) => {
      stream.rewind = true;
    });
    await bench.put('abcdefgh');
    await bench.clock.advance(10_000);
    expect(batchesOf(bench)).toEqual(['abc', 'def', 'gh']);
  });

  test('wait for the window, or until they are full', async () => {
    const bench = await streamBench({ batchSize: 3, batchingWindowMs: 20_000 });
    await bench.put('a');
    await bench.clock.advance(10_000);
    await bench.put('b');
    await bench.clock.advance(15_000);
    expect([batchesOf(bench), Math.floor(bench.host.seconds[0] ?? 0)]).toEqual([['ab'], 21]);
    await bench.put('cdefg');
    await bench.clock.advance(2000);
    expect(batchesOf(bench)).toEqual(['ab', 'cde']);
    await bench.clock.advance(20_000);
    expect(batchesOf(bench)).toEqual(['ab', 'cde', 'fg']);
  });

  test('what no filter lets pass is passed over', async () => {
    const bench = await streamBench({ filterPatterns: ['{"data":{"a":[1]}}'] });
    await bench.clock.run('a producer', async () => {
      for (const text of ['{"a":1}', '{"a":2}', 'no JSON']) bench.stream.put(text);
      bench.clock.noteMachineStamp();
    });
    await bench.clock.advance(2000);
    expect(batchesOf(bench)).toEqual(['{"a":1}']);
    expect(bench.ledger.about(ids.record('ingest', '1002'))[0]?.detail?.reason).toBe(
      'filtered out by the event source mapping',
    );
  });

  test.each([
    [1, 1],
    // Two of the four share a lane.
    [10, 3],
  ])('with a factor of %i, the keys of %i lanes run side by side, each in order', async (factor, running) => {
    const bench = await streamBench({ parallelizationFactor: factor, batchSize: 1 });
    const gate = Promise.withResolvers<void>();
    bench.host.script = (_: KinesisEvent, __, lock) => lock.suspend(() => gate.promise);
    for (const key of ['a', 'b', 'c', 'd']) await bench.put(`${key}${key.toUpperCase()}`, SHARD, key);
    await bench.clock.advance(1000);
    expect(bench.host.running).toBe(running);
    gate.resolve();
    await bench.clock.advance(20_000);
    const all = batchesOf(bench).join('');
    expect(all).toHaveLength(8);
    for (const key of ['a', 'b', 'c', 'd']) expect(all.indexOf(key)).toBeLessThan(all.indexOf(key.toUpperCase()));
  });
});

describe('a function that fails', () => {
  test('blocks its shard and no other, with growing pauses, until it succeeds', async () => {
    const bench = await streamBench({ batchSize: 1 }, (stream) => stream.addShard('shardId-000000000001'));
    failFor(bench, 'b');
    await bench.put('abc');
    await bench.put('x', 'shardId-000000000001');
    await bench.clock.advance(30_000);
    expect(batchesOf(bench).filter((text) => text !== 'b')).toEqual(['a', 'x']);
    const tries = bench.host.runs.filter(({ event }) => textOf(event as KinesisEvent) === 'b').map(({ at }) => at);
    expect(tries.map((at) => (at - (tries[0] ?? 0)) / 1000)).toEqual([0, 0.5, 1.5, 3.5, 7.5, 15.5]);
    expect(bench.sources.lastProcessingResult(bench.mapping.uuid)).toBe('PROBLEM: Function call failed');
    bench.host.script = () => null;
    await bench.clock.advance(60_000);
    expect(batchesOf(bench).slice(-2)).toEqual(['b', 'c']);
  });

  test('a throttle uses up no retry', async () => {
    const bench = await streamBench({ maximumRetryAttempts: 0 });
    bench.host.script = () => {
      if (bench.host.runs.length < 5) throw fails.throttled();
    };
    await bench.put('a');
    await bench.clock.advance(60_000);
    expect(bench.host.runs).toHaveLength(5);
    expect(bench.ledger.ofKind('lost')).toEqual([]);
  });

  test('after MaximumRetryAttempts the batch goes to the destination, and the shard goes on', async () => {
    const bench = await streamBench({ batchSize: 2, maximumRetryAttempts: 1, onFailure: DEST_ARN });
    failFor(bench, 'a');
    await bench.put('abc');
    await bench.clock.advance(10_000);
    expect(batchesOf(bench)).toEqual(['ab', 'ab', 'c']);
    const [run] = bench.host.runs.slice(1);
    const arrival = new Date(START + 1).toISOString();
    expect(bench.queues.of('destination').map(({ body }) => body)).toEqual([
      `{"requestContext":{"requestId":"${run?.invocation.requestId}",` +
        '"functionArn":"arn:aws:lambda:ap-northeast-2:000000000000:function:worker",' +
        '"condition":"RetryAttemptsExhausted","approximateInvokeCount":2},"responseContext":{"statusCode":200,' +
        `"executedVersion":"$LATEST","functionError":"Unhandled"},"version":"1.0","timestamp":"${new Date(run?.at ?? 0).toISOString()}",` +
        `"KinesisBatchInfo":{"shardId":"${SHARD}","startSequenceNumber":"1000","endSequenceNumber":"1001",` +
        `"approximateArrivalOfFirstRecord":"${arrival}","approximateArrivalOfLastRecord":"${arrival}","batchSize":2,` +
        `"streamArn":"${STREAM_ARN}"}}`,
    ]);
    expect(bench.ledger.ofKind('dead-lettered')).toMatchObject([
      { ids: [ids.record('ingest', '1000'), ids.record('ingest', '1001')], into: [ids.message('m1')] },
    ]);
  });

  test('without a destination it is lost by name', async () => {
    const bench = await streamBench({ maximumRetryAttempts: 0 });
    failFor(bench, 'a');
    await bench.put('a');
    await bench.clock.advance(2000);
    expect(bench.ledger.ofKind('lost')[0]?.detail?.reason).toBe('RetryAttemptsExhausted and no destination');
  });

  test('halving isolates the bad record without using up retries', async () => {
    const bench = await streamBench({
      maximumRetryAttempts: 1,
      bisectBatchOnFunctionError: true,
      onFailure: DEST_ARN,
    });
    failFor(bench, 'f');
    await bench.put('abcdefgh');
    await bench.clock.advance(120_000);
    expect(batchesOf(bench)).toEqual(['abcdefgh', 'abcd', 'efgh', 'ef', 'e', 'f', 'f', 'gh']);
    expect(recordsAt(bench)).toMatchObject([{ KinesisBatchInfo: { batchSize: 1, startSequenceNumber: '1005' } }]);
  });

  test('what gets older than MaximumRecordAgeInSeconds goes to the destination', async () => {
    const bench = await streamBench({ maximumRecordAgeMs: 60_000, onFailure: DEST_ARN });
    failFor(bench, 'a');
    await bench.put('a');
    await bench.clock.advance(50_000);
    await bench.put('b');
    await bench.clock.advance(60_000);
    expect(batchesOf(bench).filter((text) => text === 'a')).toHaveLength(7);
    expect(batchesOf(bench).at(-1)).toBe('b');
    const [record] = recordsAt(bench);
    expect(record.requestContext).toMatchObject({ condition: 'RecordAgeExceeded', approximateInvokeCount: 8 });
    expect(record).not.toHaveProperty('responseContext');
  });

  test('what was too old when it was read goes there without a run, which is counted all the same', async () => {
    const bench = await streamBench({ maximumRecordAgeMs: 60_000, onFailure: DEST_ARN }, (stream) => {
      stream.put('a');
      stream.away = true;
    });
    await bench.clock.advance(90_000);
    await bench.clock.run('its return', async () => {
      bench.stream.away = false;
    });
    await bench.put('b');
    await bench.clock.advance(5000);
    expect(batchesOf(bench)).toEqual(['b']);
    const [record] = recordsAt(bench);
    expect(record.requestContext).toMatchObject({ condition: 'RecordAgeExceeded', approximateInvokeCount: 1 });
    expect(record.KinesisBatchInfo).toMatchObject({ batchSize: 1, startSequenceNumber: '1000' });
  });

  test('with the defaults a bad record blocks its shard until the stream forgets it', async () => {
    const bench = await streamBench({ batchSize: 1 });
    failFor(bench, 'a');
    await bench.put('a');
    await bench.clock.advance(23 * HOUR);
    await bench.put('b');
    expect(batchesOf(bench)).not.toContain('b');
    await bench.clock.advance(2 * HOUR);
    expect(batchesOf(bench).at(-1)).toBe('b');
    expect(bench.ledger.ofKind('lost')[0]?.detail?.reason).toBe('RecordAgeExceeded and no destination');
  });
});

describe('batch item failures', () => {
  test('the lowest sequence number is the checkpoint, from which all is run again', async () => {
    const bench = await streamBench({ reportBatchItemFailures: true });
    bench.host.script = ({ Records }: KinesisEvent) => {
      if (bench.host.runs.length > 1) return null;
      const failed = [Records[3], Records[1]].map((record) => record?.kinesis.sequenceNumber);
      return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
    };
    await bench.put('abcd');
    await bench.clock.advance(5000);
    expect(batchesOf(bench)).toEqual(['abcd', 'bcd']);
  });

  test('a batch that gets shorter has all its retries again, as AWS was recorded to do', async () => {
    const bench = await streamBench({
      batchSize: 3,
      reportBatchItemFailures: true,
      maximumRetryAttempts: 3,
      onFailure: DEST_ARN,
    });
    bench.host.script = ({ Records }: KinesisEvent) => {
      const failed = Records.filter(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString() === 'f');
      return { batchItemFailures: failed.map(({ kinesis }) => ({ itemIdentifier: kinesis.sequenceNumber })) };
    };
    await bench.put('abcdef');
    await bench.clock.advance(60_000);
    expect(batchesOf(bench)).toEqual(['abc', 'def', 'f', 'f', 'f', 'f']);
    expect(recordsAt(bench)).toMatchObject([
      {
        requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 4 },
        responseContext: { functionError: null },
        KinesisBatchInfo: { batchSize: 1 },
      },
    ]);
  });

  test('a response that names nothing of the batch fails all of it', async () => {
    const bench = await streamBench({ reportBatchItemFailures: true });
    bench.host.script = () => (bench.host.runs.length > 1 ? {} : { batchItemFailures: [{ itemIdentifier: '123' }] });
    await bench.put('ab');
    await bench.clock.advance(5000);
    expect(batchesOf(bench)).toEqual(['ab', 'ab']);
  });

  test('with halving, the batch is cut at the checkpoint', async () => {
    const bench = await streamBench({ reportBatchItemFailures: true, bisectBatchOnFunctionError: true });
    bench.host.script = ({ Records }: KinesisEvent) => {
      const failed = bench.host.runs.length === 1 ? [{ itemIdentifier: Records[2]?.kinesis.sequenceNumber }] : [];
      return { batchItemFailures: failed };
    };
    await bench.put('abcd');
    await bench.clock.advance(5000);
    expect(batchesOf(bench)).toEqual(['abcd', 'cd']);
  });
});

describe('resharding', () => {
  test('children are read when their parent’s records are dealt with, not only read', async () => {
    const bench = await streamBench();
    failFor(bench, 'a');
    await bench.clock.run('a split', async () => {
      bench.stream.put('a');
      bench.stream.shard(SHARD).closed = true;
      bench.stream.addShard('shardId-000000000001', { ParentShardId: SHARD });
      bench.stream.put('b', 'shardId-000000000001');
      bench.clock.noteMachineStamp();
    });
    await bench.clock.advance(60_000);
    expect(batchesOf(bench)).not.toContain('b');
    bench.host.script = () => null;
    await bench.clock.advance(90_000);
    expect(batchesOf(bench).slice(-2)).toEqual(['a', 'b']);
  });
});

describe('a mapping’s life', () => {
  test('disabled it keeps its place, in the stream and in what it has read', async () => {
    const bench = await streamBench({ batchSize: 1, startingPosition: 'LATEST' });
    failFor(bench, 'b');
    await bench.put('abc');
    await bench.clock.advance(3000);
    await bench.sources.stop(bench.mapping.uuid, false);
    bench.host.script = () => null;
    const runs = bench.host.runs.length;
    await bench.put('d');
    await bench.clock.advance(HOUR);
    expect(bench.host.runs).toHaveLength(runs);
    bench.sources.start(bench.mapping);
    await bench.clock.advance(5000);
    expect(batchesOf(bench).slice(runs)).toEqual(['b', 'c', 'd']);
  });

  test('disabled while a destination does not answer, it gives nothing up', async () => {
    const bench = await streamBench({ maximumRetryAttempts: 0, onFailure: DEST_ARN });
    failFor(bench, 'a');
    bench.queues.faults.push({ operation: 'SendMessage', answer: new Error('503') });
    await bench.put('a');
    await bench.clock.advance(1000);
    await bench.sources.stop(bench.mapping.uuid, false);
    expect(bench.ledger.ofKind('lost')).toEqual([]);
    bench.sources.start(bench.mapping);
    await bench.clock.advance(5000);
    expect(batchesOf(bench)).toEqual(['a', 'a']);
    expect(recordsAt(bench)).toHaveLength(1);
  });

  test('forgotten it leaves no timer', async () => {
    const bench = await streamBench({ batchingWindowMs: 60_000 });
    failFor(bench, 'a');
    await bench.put('a');
    await bench.clock.advance(70_000);
    await bench.sources.clear();
    await bench.clock.settled();
    expect(bench.clock.diagnostics().timers).toEqual([]);
  });
});
