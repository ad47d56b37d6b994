import { KinesisClient, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { expect, onTestFinished, test } from 'vitest';
import { KinesisSource } from '../../streams/index.ts';
import { HOUR, type KinesisBench, kinesisBench, NOON, SECOND, SHARD } from './testing.ts';

/** What Firehose and Lambda read with. */
async function source(bench: KinesisBench, from: 'LATEST' | 'TRIM_HORIZON' = 'LATEST') {
  const read: { data: string; arrival: number; shard: number }[] = [];
  const warnings: string[] = [];
  let throttled = 0;
  const made = new KinesisSource({
    name: 'test',
    streamName: 'brook',
    from,
    clock: bench.clock,
    client: bench.edge.access.client(KinesisClient),
    onClock: bench.edge.access.emulates('kinesis'),
    events: {
      wanted: () => true,
      throttled: () => {
        throttled++;
      },
      retention: () => undefined,
      warning: (message) => warnings.push(message),
      records(shardId, records) {
        for (const record of records) {
          const data = Buffer.from(record.Data ?? []).toString();
          read.push({ data, arrival: made.arrivalOf(record) - NOON, shard: Number(shardId.slice(-2)) });
        }
      },
    },
  });
  await made.open();
  made.start();
  onTestFinished(() => made.stop());
  return { read, warnings, throttled: () => throttled };
}

async function brook(throttling: 'on' | 'off' = 'off') {
  const bench = await kinesisBench({ throttling });
  await bench.make('brook');
  return bench;
}

test('a reader is told each record’s arrival by the clock, also after hours that took no time', async () => {
  const bench = await brook();
  const { read, warnings } = await source(bench);
  await bench.put('brook', 'a');
  await bench.clock.advance(3 * HOUR);
  await bench.put('brook', 'b');
  await bench.clock.advance(2 * SECOND);
  expect(read).toEqual([
    { data: 'a', arrival: 0, shard: 0 },
    { data: 'b', arrival: 3 * HOUR, shard: 0 },
  ]);
  expect(warnings).toEqual([]);
});

test('a reader that was at LATEST when the clock was set back misses nothing and reads nothing twice', async () => {
  const bench = await brook();
  await bench.put('brook', 'before');
  const { read } = await source(bench);
  await bench.clock.travelTo(NOON - 2 * HOUR);
  await bench.put('brook', 'a');
  await bench.clock.advance(HOUR);
  await bench.put('brook', 'b');
  await bench.clock.advance(10 * SECOND);
  expect(read.map(({ data }) => data)).toEqual(['a', 'b']);
});

test('a reader follows a split from the parent to its children', async () => {
  const bench = await brook();
  const { read } = await source(bench, 'TRIM_HORIZON');
  await bench.put('brook', 'parent');
  const NewStartingHashKey = String(2n ** 127n);
  await bench.client.send(new SplitShardCommand({ StreamName: 'brook', ShardToSplit: SHARD, NewStartingHashKey }));
  await bench.clock.advance(5 * SECOND);
  await bench.put('brook', 'left', 'test');
  await bench.put('brook', 'right', 'user-1');
  await bench.clock.advance(20 * SECOND);
  expect(read.map(({ data, shard }) => `${data} ${shard}`).sort()).toEqual(['left 1', 'parent 0', 'right 2']);
});

test('five readers of a shard have what it gives, a sixth is throttled and misses nothing', async () => {
  const bench = await brook('on');
  const readers = [];
  for (let n = 0; n < 6; n++) {
    readers.push(await source(bench));
    // Opening is a call, too.
    await bench.clock.advance(SECOND);
  }
  for (let n = 0; n < 10; n++) {
    await bench.put('brook', String(n));
    await bench.clock.advance(SECOND);
  }
  await bench.clock.advance(10 * SECOND);
  for (const { read } of readers) expect(read.map(({ data }) => Number(data))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(readers.reduce((sum, { throttled }) => sum + throttled(), 0)).toBeGreaterThan(0);
});
