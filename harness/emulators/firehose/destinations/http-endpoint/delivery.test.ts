import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createClock } from '../../../../clock/index.ts';
import type { Batch } from '../../buffer.ts';
import { makeRun, type Run, recordsOf } from '../../runs.ts';
import { ACCOUNT, S3, START } from '../../testing.ts';
import type { Attempt } from '../destination.ts';
import { readHttpEndpoint } from './configuration.ts';
import { deliverToEndpoint, requestsOf } from './delivery.ts';
import { createPost, type Post } from './post.ts';
import { endpointErrors } from './response.ts';
import { startEndpoint } from './testing.ts';

function run(records: number, name = 'a'): Run {
  const data = Array.from({ length: records }, () => Buffer.from(name));
  return makeRun({ arrival: START, data, ids: { series: `put/brook/${name}`, from: 0, to: records }, cause: 1 });
}

const namesIn = (runs: readonly Run[]) => [...recordsOf(runs)].map(({ id }) => id);

test('however records come, requests have all of them in order, and none has more than 10,000', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 12_000 }), { maxLength: 6 }), (sizes) => {
      const runs = sizes.map((size, index) => run(size, `run-${index}-`));
      const requests = [...requestsOf(runs)];
      expect(requests.flatMap(namesIn)).toEqual(namesIn(runs));
      const counts = requests.map((part) => part.reduce((sum, { data }) => sum + data.length, 0));
      expect(counts.slice(0, -1).every((count) => count === 10_000)).toBe(true);
      expect(counts.every((count) => count > 0 && count <= 10_000)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test('an endpoint that is silent is given up after three minutes, without which nothing would end', async () => {
  let patience = 0;
  let giveUp: () => void = () => undefined;
  await using endpoint = await startEndpoint(() => giveUp());
  const post = createPost({
    setTimer(ms, callback) {
      patience = ms;
      giveUp = callback;
      return { cancel: () => undefined };
    },
  });
  const body = Buffer.from('{"records":[]}');
  const request = { url: new URL(endpoint.url), headers: {}, body };
  expect(await post(request, new AbortController().signal)).toBe(endpointErrors.timeout);
  expect(patience).toBe(180_000);
});

test('a clock that stood still notes three minutes for each silence, which the retry duration does not count', async () => {
  const clock = createClock();
  await clock.travelTo(START);
  const request = { EndpointConfiguration: { Url: 'https://a.example.com' }, S3Configuration: S3 };
  const endpoint = readHttpEndpoint({ ...request, RetryOptions: { DurationInSeconds: 3 } }, 'member');
  const batch: Batch = { id: 'batch', runs: [run(1)], records: 1, bytes: 1, oldestArrival: START };
  const post: Post = async () => endpointErrors.timeout;
  const reported: string[] = [];
  const delivered = clock.run('delivery', (lock) => {
    const attempt: Attempt = {
      deliveryStreamName: 'brook',
      deliveryStreamArn: 'arn',
      sourceArn: undefined,
      versionId: 1,
      region: 'us-east-1',
      accountId: ACCOUNT,
      lock,
      signal: new AbortController().signal,
      now: () => clock.now(),
      reportError: (code) => void reported.push(code),
      count: () => undefined,
    };
    return deliverToEndpoint(batch, attempt, { endpoint: () => endpoint, post });
  });
  await clock.advance(3_600_000);
  const { failed } = await delivered;
  // Pauses of some 1 s and 2 s use up the 3 s, the last one cut short or followed by what is left.
  const [{ attemptsMade = 0, attemptEndingTimestamp = 0, errorCode = '' } = {}] = failed;
  expect(errorCode).toBe('HttpEndpoint.RequestTimeout');
  expect([3, 4]).toContain(attemptsMade);
  expect(attemptEndingTimestamp).toBe(START + attemptsMade * 180_000 + 3000);
  expect(reported).toHaveLength(attemptsMade);
});
