import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { BlockCache } from './block-cache.ts';
import { ShardLog } from './shard-log.ts';

const MIB = 1024 * 1024;

function log(cacheBytes = MIB) {
  const dir = mkdtempSync(join(tmpdir(), 'naetmul-shard-log-'));
  const cache = new BlockCache(cacheBytes);
  const made = new ShardLog(dir, 'shard', cache);
  onTestFinished(() => {
    made.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const append = (arrival: number, data: string | Buffer, partitionKey = 'k') =>
    made.append({ arrival, partitionKey, data: Buffer.from(data), encrypted: false });
  return { dir, cache, log: made, append };
}

test('what was appended is read in order from any number, however it fell into blocks', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 30 });
  fc.assert(
    fc.property(
      sizes,
      fc.integer({ min: 0, max: 35 }),
      fc.integer({ min: 0, max: MIB }),
      (lengths, from, cacheBytes) => {
        const { log: made, append } = log(cacheBytes);
        const written = lengths.map((length, at) => ({ number: at + 1, data: String(at).padEnd(length, '.') }));
        for (const { number, data } of written) expect(append(number * 10, data, `열쇠 ${number}`)).toBe(number);
        const found = [...made.from(from)].map(({ number, data }) => ({ number, data: data.toString() }));
        expect(found).toEqual(written.filter(({ number }) => number >= from));
        for (const { partitionKey, number, arrival } of made.from(0)) {
          expect([partitionKey, arrival]).toEqual([`열쇠 ${number}`, number * 10]);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('finds the first record since an instant, also after the clock was set back', () => {
  const { log: made, append } = log();
  for (const arrival of [100, 200, 50, 300]) append(arrival, Buffer.alloc(100_000));
  expect([0, 101, 201, 301].map((instant) => made.since(instant))).toEqual([1, 2, 4, 5]);
});

test('gives files back to the disk once all in them is trimmed', () => {
  const { log: made, append, dir } = log();
  const data = Buffer.alloc(MIB);
  for (let n = 1; n <= 140; n++) append(n, data);
  expect(readdirSync(dir).sort()).toEqual(['shard.0.log', 'shard.1.log', 'shard.2.log']);
  made.trimTo(70);
  expect(readdirSync(dir).sort()).toEqual(['shard.1.log', 'shard.2.log']);
  expect([...made.from(0)].map(({ number }) => number)).toEqual(Array.from({ length: 71 }, (_, n) => n + 70));
  expect(made.oldest).toBe(70);
});

test('keeps in memory no more than its cache and a block, whatever it has', () => {
  const { cache, append, log: made } = log(3 * MIB);
  for (let n = 0; n < 200; n++) append(n, Buffer.alloc(100_000));
  expect([...made.from(0)]).toHaveLength(200);
  expect(cache.bytes).toBeLessThanOrEqual(3 * MIB);
});

test('a disk that refuses leaves everything as it was', () => {
  const { dir, append, log: made } = log();
  rmSync(dir, { recursive: true });
  append(1, Buffer.alloc(200_000));
  expect(() => append(2, 'x')).toThrow('ENOENT');
  expect(made.next).toBe(2);
  expect([...made.from(0)]).toHaveLength(1);
});
