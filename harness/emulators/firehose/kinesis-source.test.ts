import { ExpiredIteratorException } from '@aws-sdk/client-kinesis';
import { describe, expect, test } from 'vitest';
import { checkConservation, ids } from '../../ledger/index.ts';
import { type FakeKinesis, fakeKinesis } from '../../streams/testing.ts';
import { aggregate } from './processing/testing.ts';
import { awsError, BROOK, brookBench, type FirehoseBench, firehoseBench, ROLE_ARN } from './testing.ts';

const CREATE = {
  ...BROOK,
  DeliveryStreamType: 'KinesisStreamAsSource',
  KinesisStreamSourceConfiguration: {
    KinesisStreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/ingest',
    RoleARN: ROLE_ARN,
  },
};

async function sourceBench(prepare: (kinesis: FakeKinesis) => void = () => undefined) {
  const kinesis = fakeKinesis();
  prepare(kinesis);
  const bench = await brookBench(CREATE, kinesis.answer);
  return { kinesis, ...bench };
}

function delivered({ objects }: FirehoseBench): string {
  return objects.map(({ Body }) => Body.toString()).join('|');
}

async function status({ call }: FirehoseBench): Promise<Record<string, unknown>> {
  const answer = await call<{ DeliveryStreamDescription: Record<string, unknown> }>('DescribeDeliveryStream', {
    DeliveryStreamName: 'brook',
  });
  return answer.DeliveryStreamDescription;
}

describe('becoming active', () => {
  test('CREATING until a position is held in every shard; nothing put after ACTIVE is missed, nothing before it read', async () => {
    const { kinesis, ...bench } = await sourceBench((stream) => {
      stream.addShard('shardId-000000000001');
      stream.put('before');
      stream.faults.push(['GetShardIterator', awsError('ProvisionedThroughputExceededException')]);
    });
    expect((await status(bench)).DeliveryStreamStatus).toBe('CREATING');
    await expect(bench.call('DeleteDeliveryStream', { DeliveryStreamName: 'brook' })).rejects.toMatchObject({
      code: 'ResourceInUseException',
      message: 'Firehose brook under accountId 000000000000 is in CREATING state',
    });
    await bench.clock.advance(1000);
    expect(await status(bench)).toMatchObject({
      DeliveryStreamStatus: 'ACTIVE',
      DeliveryStreamType: 'KinesisStreamAsSource',
      Source: {
        KinesisStreamSourceDescription: {
          KinesisStreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/ingest',
          DeliveryStartTimestamp: new Date('2022-01-27T05:48:26Z'),
        },
      },
    });
    kinesis.put('after', 'shardId-000000000001');
    await bench.clock.advance(302_000);
    expect(delivered(bench)).toBe('after');
  });

  test('a stream that is not there makes it CREATING_FAILED, which can be deleted', async () => {
    const bench = await brookBench(CREATE, (operation) => {
      if (operation !== 'PutObject') throw awsError('ResourceNotFoundException', 'Stream ingest not found.');
    });
    expect(await status(bench)).toMatchObject({
      DeliveryStreamStatus: 'CREATING_FAILED',
      FailureDescription: { Type: 'UNKNOWN_ERROR', Details: 'Stream ingest not found.' },
    });
    await bench.call('DeleteDeliveryStream', { DeliveryStreamName: 'brook' });
    await bench.clock.settled();
    await expect(status(bench)).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  test('direct puts are not permitted', async () => {
    const { call } = await sourceBench();
    const expected = {
      code: 'InvalidArgumentException',
      message: 'This operation is not permitted on KinesisStreamAsSource delivery stream type.',
    };
    const record = { Data: Buffer.from('a') };
    const name = { DeliveryStreamName: 'brook' };
    await expect(call('PutRecord', { ...name, Record: record })).rejects.toMatchObject(expected);
    await expect(call('PutRecordBatch', { ...name, Records: [record] })).rejects.toMatchObject(expected);
  });
});

describe('reading', () => {
  test('takes apart what a producer’s library packed into one record, and answers for every part', async () => {
    const { kinesis, ...bench } = await sourceBench();
    const packed = aggregate([
      { partitionKey: 'a', data: Buffer.from('one') },
      { partitionKey: 'b', data: Buffer.from('two') },
    ]);
    kinesis.put('before,');
    kinesis.put(packed);
    kinesis.put(',after');
    await bench.clock.advance(302_000);
    expect(delivered(bench)).toBe('before,onetwo,after');
    // The packed one is consumed, its parts and the others are stored.
    const { accepted, stored, consumed, ok } = checkConservation(bench.ledger, bench.emulator.held?.() ?? []);
    expect({ accepted, stored, consumed, ok }).toEqual({ accepted: 5, stored: 4, consumed: 1, ok: true });
  });

  test('once a second, each answer accepted in the ledger as one entry, each object naming its records', async () => {
    const { kinesis, ...bench } = await sourceBench();
    const numbers = [kinesis.put('a'), kinesis.put('b')];
    await bench.clock.advance(1000);
    const names = numbers.map((number) => ids.record('ingest', number));
    expect(bench.ledger.about(names[1] ?? '')).toMatchObject([
      { what: 'accepted', where: 'firehose/brook', ids: names, detail: { shardId: 'shardId-000000000000' } },
    ]);
    expect(checkConservation(bench.ledger, bench.emulator.held?.() ?? [])).toMatchObject({ ok: true, held: 2 });
    await bench.clock.advance(300_000);
    expect(delivered(bench)).toBe('ab');
    expect(bench.ledger.about(names[0] ?? '').map(({ what }) => what)).toEqual(['accepted', 'stored']);
    expect(Object.fromEntries(bench.counted)).toMatchObject({
      'DataReadFromKinesisStream.Records': 2,
      'DataReadFromKinesisStream.Bytes': 2,
    });
  });

  test('what is held is named however much it is', async () => {
    const { kinesis, clock, emulator } = await sourceBench();
    for (let count = 0; count < 150_000; count++) kinesis.put('a');
    await clock.advance(1000);
    expect(emulator.held?.()[0]?.ids).toHaveLength(150_000);
  });

  test('every shard has a buffer of its own', async () => {
    const { kinesis, ...bench } = await sourceBench((stream) => stream.addShard('shardId-000000000001'));
    kinesis.put('a', 'shardId-000000000000');
    kinesis.put('b', 'shardId-000000000001');
    kinesis.put('c', 'shardId-000000000000');
    await bench.clock.advance(302_000);
    expect(bench.objects.map(({ Body }) => Body.toString()).sort()).toEqual(['ac', 'b']);
  });

  test('an expired iterator is replaced by one after the last record', async () => {
    const { kinesis, ...bench } = await sourceBench();
    kinesis.put('a');
    await bench.clock.advance(1000);
    kinesis.put('b');
    kinesis.faults.push(['GetRecords', new ExpiredIteratorException({ message: 'expired', $metadata: {} })]);
    await bench.clock.advance(301_000);
    expect(delivered(bench)).toBe('ab');
  });

  test('an iterator that expired before the first record still misses nothing', async () => {
    const { kinesis, ...bench } = await sourceBench((stream) => stream.put('before'));
    kinesis.put('a');
    kinesis.faults.push(['GetRecords', new ExpiredIteratorException({ message: 'expired', $metadata: {} })]);
    await bench.clock.advance(302_000);
    expect(delivered(bench).endsWith('a')).toBe(true);
  });

  test('a record that an iterator gives again is not read twice', async () => {
    const { kinesis, ...bench } = await sourceBench((stream) => {
      stream.put('before');
      stream.rewind = true;
    });
    await bench.clock.run('a put', async () => void kinesis.put('a'));
    await bench.clock.advance(10_000);
    await bench.clock.run('a put', async () => void kinesis.put('b'));
    await bench.clock.advance(400_000);
    expect(delivered(bench)).toBe('ab');
  });

  test('throttling is counted and the read repeated a second later', async () => {
    const { kinesis, ...bench } = await sourceBench();
    kinesis.put('a');
    kinesis.faults.push(['GetRecords', awsError('ProvisionedThroughputExceededException')]);
    await bench.clock.advance(302_000);
    expect(bench.counted.get('ThrottledGetRecords')).toBe(1);
    expect(delivered(bench)).toBe('a');
  });

  test('an error that passes is retried without anyone’s doing', async () => {
    const { kinesis, ...bench } = await sourceBench();
    kinesis.put('a');
    kinesis.faults.push(['GetRecords', awsError('InternalFailure')]);
    await bench.clock.advance(302_000);
    expect(delivered(bench)).toBe('a');
  });

  test('a Kinesis that is away does not keep virtual time busy, and is read on once it is back', async () => {
    const { kinesis, ...bench } = await sourceBench();
    kinesis.put('a');
    await bench.clock.advance(1000);
    kinesis.away = true;
    await bench.clock.advance(24 * 3_600_000);
    expect(kinesis.calls.length).toBeLessThan(50);
    kinesis.away = false;
    await bench.clock.run('a put', async () => void kinesis.put('b'));
    await bench.clock.advance(302_000);
    expect(delivered(bench)).toBe('a|b');
    expect(bench.logged.filter((line) => line.includes('failed'))).toHaveLength(1);
  });
});

describe('resharding', () => {
  test('the children of a split are read from their beginning, after the end of their parent', async () => {
    const { kinesis, ...bench } = await sourceBench();
    kinesis.put('a');
    kinesis.shard('shardId-000000000000').closed = true;
    for (const child of ['shardId-000000000001', 'shardId-000000000002']) {
      kinesis.addShard(child, { ParentShardId: 'shardId-000000000000' });
    }
    kinesis.put('b', 'shardId-000000000001');
    kinesis.put('c', 'shardId-000000000002');
    await bench.clock.advance(303_000);
    expect(bench.objects.map(({ Body }) => Body.toString()).sort()).toEqual(['a', 'b', 'c']);
    const shardsRead = bench.ledger.ofKind('accepted').map(({ detail }) => detail?.shardId);
    expect(shardsRead[0]).toBe('shardId-000000000000');
  });

  test('a merged shard waits for both parents', async () => {
    const { kinesis, ...bench } = await sourceBench((stream) => stream.addShard('shardId-000000000001'));
    kinesis.shard('shardId-000000000000').closed = true;
    kinesis.addShard('shardId-000000000002', {
      ParentShardId: 'shardId-000000000000',
      AdjacentParentShardId: 'shardId-000000000001',
    });
    kinesis.put('child', 'shardId-000000000002');
    await bench.clock.advance(20_000);
    expect(bench.ledger.ofKind('accepted')).toEqual([]);
    await bench.clock.run('a merge', async () => {
      kinesis.put('parent', 'shardId-000000000001');
      kinesis.shard('shardId-000000000001').closed = true;
    });
    await bench.clock.advance(20_000);
    expect(bench.ledger.ofKind('accepted').map(({ detail }) => detail?.shardId)).toEqual([
      'shardId-000000000001',
      'shardId-000000000002',
    ]);
  });

  test('shards that were closed before are not read', async () => {
    const { kinesis, ...bench } = await sourceBench((stream) => {
      stream.put('old');
      stream.shard('shardId-000000000000').closed = true;
      stream.addShard('shardId-000000000001', { ParentShardId: 'shardId-000000000000' });
      stream.put('old too', 'shardId-000000000001');
    });
    await bench.clock.run('a put', async () => void kinesis.put('new', 'shardId-000000000001'));
    await bench.clock.advance(302_000);
    expect(delivered(bench)).toBe('new');
  });
});

describe('a stream that was deleted and created again', () => {
  test('is read from its beginning, whether or not the loss of the old one was seen', async () => {
    const { kinesis, ...bench } = await sourceBench();
    kinesis.put('a');
    await bench.clock.advance(2000);
    await bench.clock.run('a new stream', async () => {
      kinesis.recreate();
      kinesis.put('b');
    });
    await bench.clock.advance(310_000);
    expect(delivered(bench)).toBe('ab');
    expect(bench.logged).toContain('brook: ingest was deleted and created again; all of the new stream is read');
  });

  test('an outage in between changes nothing', async () => {
    const { kinesis, ...bench } = await sourceBench();
    kinesis.put('a');
    await bench.clock.advance(2000);
    kinesis.away = true;
    await bench.clock.run('something', async () => undefined);
    await bench.clock.advance(30_000);
    await bench.clock.run('a new stream', async () => {
      kinesis.away = false;
      kinesis.recreate();
      kinesis.put('b');
    });
    await bench.clock.advance(310_000);
    expect(delivered(bench).replace('|', '')).toBe('ab');
  });
});

describe('stop and reset', () => {
  test('stop leaves no timer, and what is held stays named', async () => {
    const { kinesis, clock, emulator } = await sourceBench();
    kinesis.put('a');
    await clock.advance(1000);
    await emulator.stop?.();
    await clock.settled();
    expect(clock.diagnostics().timers).toEqual([]);
    expect(emulator.held?.()).toEqual([{ where: 'firehose/brook', ids: [ids.record('ingest', '1000')] }]);
  });

  test('reset forgets everything', async () => {
    const { kinesis, clock, emulator, call } = await sourceBench();
    kinesis.put('a');
    await clock.advance(1000);
    await emulator.reset?.();
    expect(emulator.held?.()).toEqual([]);
    expect(await call('ListDeliveryStreams', {})).toMatchObject({ DeliveryStreamNames: [] });
    await call('CreateDeliveryStream', CREATE);
  });

  test('a stop while CREATING ends the attempts', async () => {
    const kinesis = fakeKinesis();
    kinesis.away = true;
    const { call, clock, emulator } = await firehoseBench(kinesis.answer);
    await call('CreateDeliveryStream', CREATE);
    await clock.advance(5000);
    await emulator.stop?.();
    await clock.settled();
    const { length } = kinesis.calls;
    expect(length).toBeGreaterThan(3);
    await clock.advance(60_000);
    expect(kinesis.calls).toHaveLength(length);
  });
});
