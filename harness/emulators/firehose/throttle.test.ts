import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createClock } from '../../clock/index.ts';
import { throughputOf } from './limits.ts';
import { START } from './testing.ts';
import { Throttle, TokenBucket } from './throttle.ts';

/** In any window of time, no more than what it held at its beginning and what came in during it. */
test('whatever is asked of a bucket and when, it gives at most a burst and what has flowed in since', async () => {
  const asks = fc.array(fc.record({ afterMs: fc.nat(3000), tokens: fc.integer({ min: 1, max: 150 }) }));
  await fc.assert(
    fc.asyncProperty(asks, async (moments) => {
      const clock = createClock();
      await clock.travelTo(START);
      const bucket = new TokenBucket(clock, 100);
      let given = 0;
      for (const { afterMs, tokens } of moments) {
        await clock.advance(afterMs);
        if (!bucket.has(tokens)) continue;
        bucket.take(tokens);
        given += tokens;
        expect(given).toBeLessThanOrEqual(100 + ((clock.now() - START) / 1000) * 100);
      }
      clock.close();
    }),
    { numRuns: 50 },
  );
});

test('a bucket that is asked for no more than flows in never refuses', async () => {
  const clock = createClock();
  await clock.travelTo(START);
  const bucket = new TokenBucket(clock, 100);
  for (let count = 0; count < 50; count++) {
    expect(bucket.has(10)).toBe(true);
    bucket.take(10);
    await clock.advance(100);
  }
  clock.close();
});

test.each([
  ['us-east-1', { requests: 2000, bytes: 5 * 1024 * 1024 }],
  ['ap-northeast-2', { requests: 1000, bytes: 1024 * 1024 }],
])('in %s it lets in %j a second', async (region, { requests, bytes }) => {
  const clock = createClock();
  await clock.travelTo(START);
  const throttle = new Throttle(clock, throughputOf(region));
  let admitted = 0;
  while (throttle.admitRequest()) admitted++;
  expect(admitted).toBe(requests);
  expect(throttle.admitRecord(bytes + 1)).toBe(false);
  expect(throttle.admitRecord(bytes)).toBe(true);
  expect(throttle.admitRecord(1)).toBe(false);
  await clock.advance(1000);
  expect([throttle.admitRequest(), throttle.admitRecord(bytes)]).toEqual([true, true]);
  clock.close();
});
