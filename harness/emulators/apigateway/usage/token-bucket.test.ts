import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

/** How many of the requests at these times get through. */
function passed(bucket: TokenBucket, times: readonly number[]): number {
  return times.filter((time) => bucket.take(time)).length;
}

describe('a token bucket', () => {
  test('lets a burst through at once, and then as many a second as its rate', () => {
    const bucket = new TokenBucket(10, 5, 0);
    expect(passed(bucket, Array(8).fill(0))).toBe(5);
    expect(passed(bucket, [99, 100, 101])).toBe(1);
    expect(passed(bucket, Array(20).fill(1000))).toBe(5);
  });

  test('with a rate of 0 and no burst lets nothing through', () => {
    expect(passed(new TokenBucket(0, 0, 0), [0, 1000, 1_000_000])).toBe(0);
  });

  test('never lets more through than burst plus rate times time, and wastes no whole token', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 60 });
    const limits = fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 20 }));
    fc.assert(
      fc.property(gaps, limits, (pauses, [rate, burst]) => {
        const bucket = new TokenBucket(rate, burst, 0);
        let now = 0;
        let through = 0;
        let refused = false;
        for (const pause of pauses) {
          now += pause;
          if (bucket.take(now)) through++;
          else refused = true;
          expect(through).toBeLessThanOrEqual(burst + (now / 1000) * rate + 1e-6);
        }
        if (!refused) expect(through).toBe(pauses.length);
      }),
    );
  });
});
