import {
  DescribeStreamCommand,
  MergeShardsCommand,
  type Shard,
  SplitShardCommand,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Found, kinesisBench } from './testing.ts';

type Step =
  | { readonly kind: 'put'; readonly count: number }
  | { readonly kind: 'split' | 'merge'; readonly which: number }
  | { readonly kind: 'update'; readonly target: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('put' as const), count: fc.integer({ min: 1, max: 30 }) }),
    fc.record({ kind: fc.constantFrom('split' as const, 'merge' as const), which: fc.nat(10) }),
    fc.record({ kind: fc.constant('update' as const), target: fc.integer({ min: 1, max: 6 }) }),
  ),
  { minLength: 4, maxLength: 12 },
);

const isOpen = (shard: Shard) => shard.SequenceNumberRange?.EndingSequenceNumber === undefined;
const startOf = ({ HashKeyRange }: Shard) => BigInt(HashKeyRange?.StartingHashKey ?? 0);

/** Reads every shard, parents before their children, as consumers have to. */
async function readInOrder(shards: readonly Shard[], read: (shardId: string) => Promise<Found[]>): Promise<Found[]> {
  const found: Found[] = [];
  const done = new Set<string | undefined>([undefined]);
  const waiting = new Set(shards);
  while (waiting.size > 0) {
    const ready = [...waiting].filter(
      (shard) => done.has(shard.ParentShardId) && done.has(shard.AdjacentParentShardId),
    );
    if (ready.length === 0) throw new Error('Shards wait for parents that there are not.');
    for (const shard of ready) {
      found.push(...(await read(shard.ShardId ?? '')));
      waiting.delete(shard);
      done.add(shard.ShardId);
    }
  }
  return found;
}

/** Puts numbered records under six keys while shards come and go; reads all of it with `readAll`. */
async function keepsOrder(
  script: readonly Step[],
  broken?: (shards: readonly Shard[]) => readonly Shard[],
): Promise<void> {
  const bench = await kinesisBench();
  await bench.make('brook', { ShardCount: 2 });
  let count = 0;
  for (const step of script) {
    if (step.kind === 'put') {
      const records = Array.from({ length: step.count }, () => ({ data: String(count++), key: `key ${count % 6}` }));
      await bench.putMany('brook', records);
      continue;
    }
    const open = (await bench.shards('brook')).filter(isOpen).sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1));
    const at = 'which' in step ? step.which % open.length : 0;
    const [shard, next] = [open[at] as Shard, open[at + 1]];
    const StreamName = 'brook';
    if (step.kind === 'split') {
      const middle = (startOf(shard) + BigInt(shard.HashKeyRange?.EndingHashKey ?? 0)) / 2n;
      const input = { StreamName, ShardToSplit: shard.ShardId, NewStartingHashKey: String(middle) };
      await bench.client.send(new SplitShardCommand(input));
    } else if (step.kind === 'merge' && next) {
      const input = { StreamName, ShardToMerge: shard.ShardId, AdjacentShardToMerge: next.ShardId };
      await bench.client.send(new MergeShardsCommand(input));
    } else if (step.kind === 'update' && step.target !== open.length) {
      const TargetShardCount = Math.min(Math.max(step.target, Math.ceil(open.length / 2)), 2 * open.length);
      if (TargetShardCount === open.length) continue;
      await bench.client.send(
        new UpdateShardCountCommand({ StreamName, TargetShardCount, ScalingType: 'UNIFORM_SCALING' }),
      );
    }
    // Time is held: seen once, the change is done.
    await bench.client.send(new DescribeStreamCommand({ StreamName }));
  }
  const shards = await bench.shards('brook');
  const found = await readInOrder(broken ? broken(shards) : shards, (ShardId) => bench.readAll('brook', { ShardId }));
  const numbers = found.map(({ data }) => Number(data));
  expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, n) => n));
  for (const [, ofKey] of Map.groupBy(found, ({ key }) => key)) {
    const order = ofKey.map(({ data }) => Number(data));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    const sequence = ofKey.map(({ sequenceNumber }) => BigInt(sequenceNumber));
    for (const [at, number] of sequence.entries()) if (at > 0) expect(number > (sequence[at - 1] ?? 0n)).toBe(true);
  }
}

test('however shards are split and merged, every record is read once, and in order for its key', {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(steps, (script) => keepsOrder(script)),
    { numRuns: 12 },
  );
});

const SPLIT_BETWEEN: Step[] = [
  { kind: 'put', count: 30 },
  { kind: 'split', which: 0 },
  { kind: 'split', which: 2 },
  { kind: 'put', count: 30 },
];

test('a reader that does not wait for parents is found out', async () => {
  const orphans = (shards: readonly Shard[]) =>
    shards.toReversed().map(({ ParentShardId: _, AdjacentParentShardId: __, ...shard }) => shard);
  await keepsOrder(SPLIT_BETWEEN);
  await expect(keepsOrder(SPLIT_BETWEEN, orphans)).rejects.toThrow('to deeply equal');
});

test('and one that does not read closed shards', async () => {
  const openOnly = (shards: readonly Shard[]) =>
    shards.filter(isOpen).map(({ ParentShardId: _, AdjacentParentShardId: __, ...shard }) => shard);
  await expect(keepsOrder(SPLIT_BETWEEN, openOnly)).rejects.toThrow('to deeply equal');
});
