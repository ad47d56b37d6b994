import { describe, expect, test } from 'vitest';
import { ids } from '../../../../ledger/index.ts';
import type { SqsMapping } from '../../functions/model.ts';
import { createEventSources } from '../index.ts';
import { type EventsBench, eventsBench, FUNCTION_ARN, fails, revision, sqsMapping } from '../testing.ts';

const MINUTE = 60_000;
interface SqsEvent {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

async function sqsBench(changes: Partial<SqsMapping> = {}) {
  const bench = await eventsBench();
  const sources = createEventSources(bench.parts, { enqueue: () => undefined });
  const mapping = sqsMapping(changes);
  sources.start(mapping);
  return { ...bench, sources, mapping };
}

const bodiesOf = ({ host }: EventsBench) =>
  host.runs.map(({ event }) => (event as SqsEvent).Records.map(({ body }) => body).join(''));
const left = ({ queues }: EventsBench) =>
  queues
    .of('events')
    .filter(({ deleted }) => !deleted)
    .map(({ body }) => body)
    .join('');
/** Sends texts as one thing that happens on the clock. */
const send = ({ clock, queues }: EventsBench, texts: string) =>
  clock.run('a sender', async () => {
    for (const text of texts) queues.send(text);
  });

describe('a batch that succeeds', () => {
  test('is invoked in the instant of its arrival, and deleted', async () => {
    const bench = await sqsBench();
    await bench.clock.advance(10_000);
    await send(bench, 'abc');
    await bench.clock.settled();
    expect(bodiesOf(bench).join('')).toBe('abc');
    expect(new Set(bench.host.seconds)).toEqual(new Set([10]));
    expect(left(bench)).toBe('');
  });

  test('the ledger knows which messages an invocation was about, and how often they had been received', async () => {
    const bench = await sqsBench();
    bench.host.script = () => {
      if (bench.host.runs.length === 1) throw fails.function();
    };
    await send(bench, 'a');
    await bench.clock.advance(MINUTE);
    const [first, second] = bench.host.runs.map(({ invocation }) => invocation);
    expect([first?.ids, first?.attempt, second?.attempt]).toEqual([[ids.message('m1')], 1, 2]);
    expect(first?.requestId).not.toBe(second?.requestId);
    expect(bench.ledger.about(ids.message('m1')).map(({ what }) => what)).toEqual(['noted', 'retried', 'noted']);
  });

  test('a deletion that fails is tried again, without another invocation', async () => {
    const bench = await sqsBench();
    const failed = { Failed: [{ Id: '0', SenderFault: false, Code: 'InternalError' }] };
    bench.queues.faults.push(
      { operation: 'DeleteMessageBatch', answer: new Error('503') },
      { operation: 'DeleteMessageBatch', answer: failed },
    );
    await send(bench, 'a');
    await bench.clock.advance(3000);
    expect(left(bench)).toBe('');
    await bench.clock.advance(MINUTE);
    expect(bench.host.runs).toHaveLength(1);
  });
});

describe('a batch that fails', () => {
  test.each([
    ['an error of the function', fails.function],
    ['an answer that was lost', fails.system],
  ])('%s: nothing is deleted, the queue’s visibility timeout governs the retry', async (_, fault) => {
    const bench = await sqsBench();
    bench.host.script = () => {
      if (bench.host.runs.length < 3) throw fault();
    };
    await send(bench, 'a');
    await bench.clock.advance(5 * MINUTE);
    expect(bench.host.seconds).toEqual([0, 30, 60]);
    expect(left(bench)).toBe('');
  });

  test('is no reason to ask for ever in one instant, even when the visibility timeout is 0', async () => {
    const bench = await sqsBench();
    bench.queues.visibilityMs = 0;
    bench.host.script = () => {
      throw fails.function();
    };
    await send(bench, 'a');
    await bench.clock.advance(10_000);
    expect(bench.host.runs.length).toBeGreaterThan(5);
    expect(bench.host.runs.length).toBeLessThan(100);
  });

  test('without the setting, what the function returns is ignored', async () => {
    const bench = await sqsBench();
    bench.host.script = () => ({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    await send(bench, 'a');
    await bench.clock.settled();
    expect(left(bench)).toBe('');
  });
});

describe('partial batch responses', () => {
  const report = (answer: (records: SqsEvent['Records']) => unknown) => async () => {
    const bench = await sqsBench({ reportBatchItemFailures: true, batchingWindowMs: 1000 });
    bench.host.script = ({ Records }: SqsEvent) => answer(Records);
    await send(bench, 'abcd');
    await bench.clock.advance(2000);
    return bench;
  };

  test('what succeeded is deleted, what failed comes back', async () => {
    const bench = await report((records) => ({
      batchItemFailures: records
        .filter(({ body }) => 'bd'.includes(body))
        .map((one) => ({ itemIdentifier: one.messageId })),
    }))();
    expect(left(bench)).toBe('bd');
    await bench.clock.advance(30_000);
    expect(bodiesOf(bench)).toEqual(['abcd', 'bd']);
  });

  test('null means that all succeeded', async () => {
    expect(left(await report(() => null)())).toBe('');
  });

  test.each([
    ['a bad key', [{ foo: 'm1' }]],
    ['an unknown message', [{ itemIdentifier: 'm1' }, { itemIdentifier: 'other' }]],
    ['an empty name', [{ itemIdentifier: '' }]],
  ])('%s means that all failed', async (_, batchItemFailures) => {
    expect(left(await report(() => ({ batchItemFailures }))())).toBe('abcd');
  });

  test('an error means that all failed', async () => {
    const bench = await report(() => {
      throw fails.function();
    })();
    expect(left(bench)).toBe('abcd');
  });
});

describe('throttling', () => {
  test('the invocation is repeated with the same messages, which are not received again', async () => {
    const bench = await sqsBench();
    bench.host.script = () => {
      if (bench.host.runs.length <= 3) throw fails.throttled();
    };
    await send(bench, 'a');
    await bench.clock.advance(MINUTE);
    expect(bench.host.seconds).toEqual([0, 1, 3, 7]);
    expect(bench.queues.of('events')).toMatchObject([{ receives: 1, deleted: true }]);
  });

  test('is given up when the visibility timeout is over: the receive was counted though nothing ran', async () => {
    const bench = await sqsBench();
    bench.host.script = () => {
      throw fails.throttled();
    };
    await send(bench, 'a');
    await bench.clock.advance(59_000);
    expect(bench.queues.of('events')).toMatchObject([{ receives: 2, deleted: false }]);
    expect(bench.ledger.ofKind('retried')[0]?.detail).toMatchObject({
      reason: 'TooManyRequestsException: Rate Exceeded. Until the visibility timeout was over.',
    });
  });
});

describe('batches', () => {
  test('more than ten are gathered by several receives', async () => {
    const bench = await sqsBench({ batchSize: 25, batchingWindowMs: 1000 });
    await send(bench, 'abcdefghijklmnopqrstuvwxyz');
    await bench.clock.advance(2000);
    expect(bodiesOf(bench)).toEqual(['abcdefghijklmnopqrstuvwxy', 'z']);
    expect(bench.host.seconds).toEqual([0, 1]);
  });

  test('the window begins with the first message, and ends on the clock', async () => {
    const bench = await sqsBench({ batchSize: 10, batchingWindowMs: 20_000 });
    await bench.clock.advance(5000);
    for (const text of 'abc') {
      await send(bench, text);
      await bench.clock.advance(8000);
    }
    expect(bodiesOf(bench)).toEqual(['abc']);
    expect(bench.host.seconds).toEqual([25]);
  });

  test('a window is over at once when the batch is full', async () => {
    const bench = await sqsBench({ batchSize: 3, batchingWindowMs: 20_000 });
    await send(bench, 'ab');
    await bench.clock.advance(1000);
    await send(bench, 'c');
    await bench.clock.settled();
    expect(bodiesOf(bench)).toEqual(['abc']);
    expect(bench.clock.diagnostics().timers.filter(({ name }) => name.endsWith('window'))).toEqual([]);
  });
});

describe('filters', () => {
  test('what no filter lets pass is deleted and dropped by name, without an invocation', async () => {
    const bench = await sqsBench({ filterPatterns: ['{"body":["a"]}'] });
    await send(bench, 'bab');
    await bench.clock.settled();
    expect(bodiesOf(bench)).toEqual(['a']);
    expect(left(bench)).toBe('');
    const dropped = bench.ledger.ofKind('dropped').flatMap((entry) => entry.ids);
    expect(dropped).toEqual([ids.message('m1'), ids.message('m3')]);
  });
});

describe('scaling', () => {
  /** A bench whose handlers end only when told to. */
  async function busyBench(changes: Partial<SqsMapping> = {}) {
    const bench = await sqsBench({ batchSize: 1, ...changes });
    const gate = Promise.withResolvers<void>();
    bench.host.script = (_: SqsEvent, __, lock) => lock.suspend(() => gate.promise);
    return { ...bench, gate };
  }

  test('five batches at first, 300 more a minute while messages wait', async () => {
    const bench = await busyBench();
    await send(bench, 'x'.repeat(40));
    await bench.clock.settled();
    expect(bench.host.running).toBe(5);
    await bench.clock.advance(1000);
    expect(bench.host.running).toBe(10);
    bench.gate.resolve();
    await bench.clock.advance(1000);
    expect(left(bench)).toBe('');
  });

  test('never more than MaximumConcurrency', async () => {
    const bench = await busyBench({ maximumConcurrency: 2 });
    await send(bench, 'x'.repeat(10));
    await bench.clock.advance(10_000);
    expect(bench.host.running).toBe(2);
    bench.gate.resolve();
    await bench.clock.settled();
    expect(bench.host.peak).toBe(2);
    expect(left(bench)).toBe('');
  });

  test('errors of the function halve it, unless the function reports failures itself', async () => {
    const peakAfterFailures = async (reportBatchItemFailures: boolean) => {
      const bench = await sqsBench({ batchSize: 1, reportBatchItemFailures });
      bench.host.script = () => {
        throw fails.function();
      };
      await send(bench, 'abcde');
      await bench.clock.settled();
      bench.host.peak = 0;
      const gate = Promise.withResolvers<void>();
      bench.host.script = (_: SqsEvent, __, lock) => lock.suspend(() => gate.promise);
      await send(bench, 'fghijk');
      await bench.clock.settled();
      const { peak } = bench.host;
      gate.resolve();
      await bench.clock.settled();
      return peak;
    };
    expect(await peakAfterFailures(false)).toBe(1);
    expect(await peakAfterFailures(true)).toBe(5);
  });
});

describe('a FIFO queue', () => {
  test('each invocation has one group, in order; two groups run side by side', async () => {
    const bench = await sqsBench({ fifo: true });
    const gate = Promise.withResolvers<void>();
    bench.host.script = (_: SqsEvent, __, lock) => lock.suspend(() => gate.promise);
    await bench.clock.run('a sender', async () => {
      for (const [body, group] of ['a1', 'b1', 'a2', 'b2', 'a3'].map((text) => [text, text[0]])) {
        bench.queues.send(body ?? '', { group: group ?? '' });
      }
    });
    await bench.clock.settled();
    expect(bench.host.running).toBe(2);
    gate.resolve();
    await bench.clock.settled();
    const all = bodiesOf(bench);
    expect(all.every((batch) => !(batch.includes('a') && batch.includes('b')))).toBe(true);
    expect(all.filter((batch) => batch.includes('a')).join('')).toBe('a1a2a3');
    expect(all.filter((batch) => batch.includes('b')).join('')).toBe('b1b2');
  });
});

describe('a mapping’s life', () => {
  test('stopped, it receives nothing more, and ends when its batches have', async () => {
    const bench = await sqsBench();
    const gate = Promise.withResolvers<void>();
    bench.host.script = () => gate.promise;
    await send(bench, 'a');
    const stopped = bench.sources.stop(bench.mapping.uuid, true);
    gate.resolve();
    await stopped;
    expect(left(bench)).toBe('');
    await send(bench, 'b');
    await bench.clock.advance(MINUTE);
    expect(bodiesOf(bench)).toEqual(['a']);
  });

  test('stopped while it is throttled, it does not wait for time to move', async () => {
    const bench = await sqsBench();
    bench.host.script = () => {
      throw fails.throttled();
    };
    await send(bench, 'a');
    await bench.clock.settled();
    await bench.sources.clear();
    await bench.clock.settled();
    expect(left(bench)).toBe('a');
  });

  test('changed, it goes by the new settings from the next batch on', async () => {
    const bench = await sqsBench({ filterPatterns: ['{"body":["a"]}'] });
    bench.sources.update({ ...bench.mapping, filterPatterns: ['{"body":["b"]}'] });
    await send(bench, 'ab');
    await bench.clock.settled();
    expect(bodiesOf(bench)).toEqual(['b']);
  });

  test('it waits for a function that does not exist, and leaves the messages in the queue', async () => {
    const bench = await sqsBench();
    await bench.sources.clear();
    bench.functions.clear();
    bench.sources.start(bench.mapping);
    await send(bench, 'a');
    await bench.clock.advance(MINUTE);
    expect(bench.queues.of('events')).toMatchObject([{ receives: 0 }]);
    await bench.clock.run('a deployment', async () => void bench.functions.set(FUNCTION_ARN, revision()));
    await bench.clock.advance(2000);
    expect(bodiesOf(bench)).toEqual(['a']);
  });

  test('a queue that does not answer is asked again', async () => {
    const bench = await sqsBench();
    bench.queues.faults.push({ operation: 'ReceiveMessage', answer: new Error('503') });
    await send(bench, 'a');
    await bench.clock.advance(1000);
    expect(bodiesOf(bench)).toEqual(['a']);
    expect(bench.logged).toEqual([
      'lambda worker polling events: arn:aws:sqs:ap-northeast-2:000000000000:events cannot be read: Error: 503',
    ]);
  });

  test('messages that cannot be had though there are some do not stop time', async () => {
    const bench = await sqsBench();
    for (let n = 0; n < 30; n++) bench.queues.faults.push({ operation: 'ReceiveMessage', answer: {} });
    await send(bench, 'a');
    await bench.clock.advance(MINUTE);
    expect(bodiesOf(bench)).toEqual(['a']);
    expect(bench.host.seconds[0]).toBeGreaterThan(0);
  });
});
