import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BatchAnswer, type BatchEntry, Batcher, type BatcherOptions } from './batcher.ts';

const LIMITS = { lingerMs: 1, maxUnderWay: 2, maxWaiting: 1_000, maxWaitMs: 10_000 };
const takeAll = (entries: readonly BatchEntry[]): BatchAnswer => ({ Successful: entries.map(({ Id }) => ({ Id })) });

/** A queue that keeps the batches it gets, and answers when it is told to. */
function queue(options: Partial<BatcherOptions> = {}) {
  const batches: string[][] = [];
  const answers: ((answer: BatchAnswer | Error) => void)[] = [];
  const batcher = new Batcher({
    ...LIMITS,
    send(entries) {
      batches.push(entries.map(({ MessageBody }) => MessageBody));
      const { promise, resolve, reject } = Promise.withResolvers<BatchAnswer>();
      answers.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
      return promise;
    },
    ...options,
  });
  return { batcher, batches, answers };
}

/** The batches of a queue that takes everything at once. */
function willing(options: Partial<BatcherOptions> = {}) {
  const batches: string[][] = [];
  const batcher = new Batcher({
    ...LIMITS,
    async send(entries) {
      batches.push(entries.map(({ MessageBody }) => MessageBody));
      return takeAll(entries);
    },
    ...options,
  });
  return { batcher, batches };
}

describe('messages to the queue', () => {
  test('that come at the same time leave together', async () => {
    const { batcher, batches } = willing();
    await Promise.all(['a', 'b', 'c'].map((body) => batcher.send(body)));
    expect(batches).toEqual([['a', 'b', 'c']]);
  });

  test('leave ten by ten at most', async () => {
    const { batcher, batches } = willing();
    const bodies = Array.from({ length: 25 }, (_, n) => `m${n}`);
    await Promise.all(bodies.map((body) => batcher.send(body)));
    expect(batches.map(({ length }) => length)).toEqual([10, 10, 5]);
    expect(batches.flat()).toEqual(bodies);
  });

  test('never make a batch of more than ten or 256 KiB, and none is left out or sent twice', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 262_144 }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(sizes, async (lengths) => {
        const { batcher, batches } = willing();
        const bodies = lengths.map((length, n) => `${n}:`.padEnd(length, 'x').slice(0, Math.max(length, 4)));
        await Promise.all(bodies.map((body) => batcher.send(body)));
        for (const batch of batches) {
          expect(batch.length).toBeLessThanOrEqual(10);
          if (batch.length > 1) expect(Buffer.byteLength(batch.join(''))).toBeLessThanOrEqual(262_144);
        }
        expect(batches.flat()).toEqual(bodies);
      }),
      { numRuns: 40 },
    );
  });

  test('count in bytes, not in characters', async () => {
    const { batcher, batches } = willing();
    const body = '냇'.repeat(50_000);
    await Promise.all([batcher.send(body), batcher.send(body)]);
    expect(batches.map(({ length }) => length)).toEqual([1, 1]);
  });

  test('wait for no more than a few others while a batch is under way', async () => {
    const { batcher, batches, answers } = queue();
    const first = batcher.send('a');
    await expect.poll(() => batches.length).toBe(1);
    const second = Promise.all([batcher.send('b'), batcher.send('c')]);
    await expect.poll(() => batches).toEqual([['a'], ['b', 'c']]);
    answers[0]?.({ Successful: [{ Id: '0' }] });
    answers[1]?.({ Successful: [{ Id: '0' }, { Id: '1' }] });
    await Promise.all([first, second]);
  });

  test('wait while as many batches are under way as may be, and leave when one is back', async () => {
    const { batcher, batches, answers } = queue({ maxUnderWay: 1 });
    const sent = Array.from({ length: 12 }, (_, n) => batcher.send(`m${n}`));
    await expect.poll(() => batches.length).toBe(1);
    answers[0]?.(takeAll(Array.from({ length: 10 }, (_, n) => ({ Id: String(n), MessageBody: '' }))));
    await expect.poll(() => batches.at(1)).toEqual(['m10', 'm11']);
    answers[1]?.({ Successful: [{ Id: '0' }, { Id: '1' }] });
    await Promise.all(sent);
  });

  test('are refused when too many wait already', async () => {
    const { batcher, batches, answers } = queue({ maxUnderWay: 1, maxWaiting: 2 });
    const taken = [batcher.send('a')];
    await expect.poll(() => batches.length).toBe(1);
    taken.push(batcher.send('b'), batcher.send('c'));
    await expect(batcher.send('d')).rejects.toMatchObject({
      kind: 'busy',
      message: '2 messages are waiting to be sent',
    });
    answers[0]?.({ Successful: [{ Id: '0' }] });
    await expect.poll(() => batches).toEqual([['a'], ['b', 'c']]);
    answers[1]?.({ Successful: [{ Id: '0' }, { Id: '1' }] });
    await Promise.all(taken);
  });

  test('are given up when their turn does not come in time', async () => {
    const { batcher, batches } = queue({ maxUnderWay: 1, maxWaitMs: 20 });
    void batcher.send('a');
    await expect.poll(() => batches.length).toBe(1);
    await expect(batcher.send('b')).rejects.toMatchObject({
      kind: 'busy',
      message: "the message's turn did not come within 20 ms",
    });
    expect(batches).toEqual([['a']]);
  });
});

describe('what the queue answers', () => {
  const outcome = async (answer: BatchAnswer | Error, bodies = ['a', 'b', 'c']) => {
    const batcher = new Batcher({
      ...LIMITS,
      send: async () => {
        if (answer instanceof Error) throw answer;
        return answer;
      },
    });
    const settled = await Promise.allSettled(bodies.map((body) => batcher.send(body)));
    return settled.map((result) =>
      result.status === 'fulfilled' ? 'sent' : [result.reason.kind, result.reason.message],
    );
  };

  test('about one message goes to the caller who sent it', async () => {
    const Failed = [
      { Id: '1', SenderFault: true, Code: 'InvalidMessageContents', Message: 'no' },
      { Id: '2', SenderFault: false, Code: 'InternalError' },
    ];
    expect(await outcome({ Successful: [{ Id: '0' }], Failed })).toEqual([
      'sent',
      ['refused', 'InvalidMessageContents: no'],
      ['busy', 'InternalError'],
    ]);
  });

  test('is not taken for a success when it says nothing about a message', async () => {
    const unknown = ['unknown', 'the queue answered nothing about this message'];
    expect(await outcome({ Successful: [{ Id: '1' }] })).toEqual([unknown, 'sent', unknown]);
    expect(await outcome({})).toEqual([unknown, unknown, unknown]);
  });

  test('is not known when no answer came', async () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    expect(await outcome(refused, ['a'])).toEqual([['unknown', 'ECONNREFUSED']]);
    const timedOut = Object.assign(new Error('aborted'), { name: 'AbortError' });
    expect(await outcome(timedOut, ['a'])).toEqual([['unknown', 'AbortError']]);
  });

  test.each([
    [400, 1, 'busy'],
    [400, 2, 'unknown'],
    [503, 1, 'unknown'],
  ])('with status %i after %i tries leaves the message %s', async (httpStatusCode, attempts, kind) => {
    const error = Object.assign(new Error('no'), {
      name: 'QueueDoesNotExist',
      $metadata: { httpStatusCode, attempts },
    });
    expect(await outcome(error, ['a'])).toEqual([[kind, 'QueueDoesNotExist']]);
  });
});

test('draining waits for every message, those that come meanwhile too', async () => {
  const { batcher, batches } = willing({ maxUnderWay: 1 });
  const sent: string[] = [];
  for (let n = 0; n < 25; n++) void batcher.send(`m${n}`).then(() => sent.push(`m${n}`));
  const drained = batcher.drain();
  void batcher.send('late').then(() => sent.push('late'));
  await drained;
  await Promise.resolve();
  expect(batches.flat()).toHaveLength(26);
  expect(sent).toHaveLength(26);
});
