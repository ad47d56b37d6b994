import { describe, expect, test } from 'vitest';
import { checkConservation, ids } from '../../../../ledger/index.ts';
import { createAsyncInvoker } from '../index.ts';
import { DLQ_ARN, type EventsBench, eventsBench, FUNCTION_ARN, fails, revision, START } from '../testing.ts';

const MINUTE = 60_000;
const REQUEST = '11111111-1111-4111-8111-111111111111';
const EVENT = { functionArn: FUNCTION_ARN, requestId: REQUEST, payload: Buffer.from('{"n":1}') };
const DEST_ARN = 'arn:aws:sqs:ap-northeast-2:000000000000:destination';

async function asyncBench() {
  const bench = await eventsBench();
  return { ...bench, invoker: createAsyncInvoker(bench.parts) };
}

/** What the ledger says of the event. */
const story = ({ ledger }: EventsBench) => ledger.about(ids.request(REQUEST)).map(({ what }) => what);
const failAlways = ({ host }: EventsBench) => {
  host.script = () => {
    throw fails.function();
  };
};
const bodies = ({ queues }: EventsBench, name: string) => queues.of(name).map(({ body }) => JSON.parse(body));

describe('retries', () => {
  test('an error of the function: two more attempts after one and two minutes, all with the same request id', async () => {
    const { invoker, ...bench } = await asyncBench();
    failAlways(bench);
    invoker.enqueue(EVENT);
    await bench.clock.advance(60 * MINUTE);
    expect(bench.host.seconds).toEqual([0, 60, 180]);
    expect(bench.host.runs.map(({ invocation }) => [invocation.requestId, invocation.attempt])).toEqual([
      [REQUEST, 1],
      [REQUEST, 2],
      [REQUEST, 3],
    ]);
    expect(story(bench)).toEqual(['accepted', 'retried', 'retried', 'lost']);
    expect(bench.ledger.ofKind('lost')[0]?.detail).toMatchObject({
      reason: 'retries exhausted and no destination',
      attempts: 3,
    });
    expect(bench.metrics.get('AsyncEventsReceived')).toEqual([1]);
    expect(bench.metrics.get('AsyncEventAge')).toEqual([0, MINUTE, 3 * MINUTE]);
    expect(bench.metrics.get('AsyncEventsDropped')).toEqual([1]);
  });

  test.each([
    [0, [0]],
    [1, [0, 60]],
  ])('MaximumRetryAttempts %i', async (maximumRetryAttempts, seconds) => {
    const { invoker, ...bench } = await asyncBench();
    failAlways(bench);
    Object.assign(bench.settings, { maximumRetryAttempts });
    invoker.enqueue(EVENT);
    await bench.clock.advance(60 * MINUTE);
    expect(bench.host.seconds).toEqual(seconds);
  });

  test('a function that then succeeds is done', async () => {
    const { invoker, ...bench } = await asyncBench();
    bench.host.script = () => {
      if (bench.host.runs.length < 2) throw fails.function();
    };
    invoker.enqueue(EVENT);
    expect(invoker.held()).toEqual([{ where: 'lambda/worker', ids: [ids.request(REQUEST)] }]);
    await bench.clock.advance(60 * MINUTE);
    expect(story(bench)).toEqual(['accepted', 'retried', 'consumed']);
    expect(checkConservation(bench.ledger, invoker.held())).toMatchObject({ ok: true, accepted: 1, consumed: 1 });
  });

  test('throttles are no attempts: they are repeated from one second to five minutes', async () => {
    const { invoker, ...bench } = await asyncBench();
    bench.host.script = () => {
      if (bench.host.runs.length <= 11) throw fails.throttled();
      throw fails.function();
    };
    invoker.enqueue(EVENT);
    await bench.clock.advance(6 * 60 * MINUTE);
    const { seconds } = bench.host;
    const waits = seconds.slice(1).map((at, index) => at - (seconds[index] ?? 0));
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 60, 120]);
    expect(bench.ledger.ofKind('lost')[0]?.detail).toMatchObject({ attempts: 3 });
  });

  test('an answer that was lost is asked for again a second later', async () => {
    const { invoker, ...bench } = await asyncBench();
    bench.host.script = () => {
      if (bench.host.runs.length === 1) throw fails.system();
    };
    invoker.enqueue(EVENT);
    await bench.clock.advance(MINUTE);
    expect(bench.host.seconds).toEqual([0, 1]);
    expect(bench.ledger.ofKind('retried')[0]?.detail?.reason).toBe('ServiceException: The answer was lost.');
  });

  test('many events at once run a few at a time, none is left', async () => {
    const { invoker, ...bench } = await asyncBench();
    bench.host.script = () => Promise.resolve();
    for (let n = 0; n < 100; n++) invoker.enqueue({ ...EVENT, requestId: `r${n}` });
    await bench.clock.settled();
    expect(bench.host.runs).toHaveLength(100);
    expect(bench.host.peak).toBe(10);
    expect(checkConservation(bench.ledger, invoker.held())).toMatchObject({ ok: true, consumed: 100, held: 0 });
  });
});

describe('maximum age', () => {
  test.each([
    [60, 1, [0]],
    [90, 2, [0, 60]],
  ])('after %i seconds: given up at attempt %i, as soon as the next would be too late', async (age, count, seconds) => {
    const { invoker, ...bench } = await asyncBench();
    failAlways(bench);
    Object.assign(bench.settings, { maximumEventAgeMs: age * 1000, onFailure: DEST_ARN });
    invoker.enqueue(EVENT);
    await bench.clock.advance(60 * MINUTE);
    expect(bench.host.seconds).toEqual(seconds);
    expect(bodies(bench, 'destination')[0]).toMatchObject({
      requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: count },
      responsePayload: { errorMessage: 'boom' },
    });
  });

  test('an event that is throttled until then was never invoked', async () => {
    const { invoker, ...bench } = await asyncBench();
    bench.host.script = () => {
      throw fails.throttled();
    };
    Object.assign(bench.settings, { maximumEventAgeMs: MINUTE, onFailure: DEST_ARN, deadLetterArn: DLQ_ARN });
    invoker.enqueue(EVENT);
    await bench.clock.advance(10 * MINUTE);
    const [record] = bodies(bench, 'destination');
    expect(record.requestContext).toMatchObject({ condition: 'EventAgeExceeded', approximateInvokeCount: 0 });
    expect(record).not.toHaveProperty('responseContext');
    expect(bench.queues.of('dead')[0]?.attributes.ErrorCode?.StringValue).toBe('429');
  });
});

describe('where failures go', () => {
  test('a destination gets AWS’s record, member by member', async () => {
    const { invoker, ...bench } = await asyncBench();
    failAlways(bench);
    Object.assign(bench.settings, { onFailure: DEST_ARN });
    invoker.enqueue(EVENT);
    await bench.clock.advance(10 * MINUTE);
    expect(bench.queues.of('destination').map(({ body }) => body)).toEqual([
      `{"version":"1.0","timestamp":"2022-01-27T05:51:25.000Z","requestContext":{"requestId":"${REQUEST}",` +
        `"functionArn":"${FUNCTION_ARN}:$LATEST","condition":"RetriesExhausted","approximateInvokeCount":3},` +
        '"requestPayload":{"n":1},"responseContext":{"statusCode":200,"executedVersion":"$LATEST",' +
        '"functionError":"Unhandled"},"responsePayload":{"errorMessage":"boom","errorType":"Error"}}',
    ]);
    expect(bench.ledger.ofKind('dead-lettered')).toMatchObject([
      { ids: [ids.request(REQUEST)], into: [ids.message('m1')], detail: { attempts: 3 } },
    ]);
  });

  test('a dead-letter queue gets the event itself, with three attributes', async () => {
    const { invoker, ...bench } = await asyncBench();
    bench.host.script = () => {
      throw fails.function('냇'.repeat(400));
    };
    Object.assign(bench.settings, { deadLetterArn: DLQ_ARN });
    invoker.enqueue(EVENT);
    await bench.clock.advance(10 * MINUTE);
    expect(bench.queues.of('dead')).toMatchObject([
      {
        body: '{"n":1}',
        attributes: {
          RequestID: { DataType: 'String', StringValue: REQUEST },
          ErrorCode: { DataType: 'Number', StringValue: '200' },
          ErrorMessage: { DataType: 'String', StringValue: '냇'.repeat(341) },
        },
      },
    ]);
  });

  test('both get it where both are configured', async () => {
    const { invoker, ...bench } = await asyncBench();
    failAlways(bench);
    Object.assign(bench.settings, { deadLetterArn: DLQ_ARN, onFailure: DEST_ARN });
    invoker.enqueue(EVENT);
    await bench.clock.advance(10 * MINUTE);
    expect([bench.queues.of('dead').length, bench.queues.of('destination').length]).toEqual([1, 1]);
    expect(bench.ledger.ofKind('dead-lettered')).toMatchObject([{ into: [ids.message('m1'), ids.message('m2')] }]);
  });

  test('a reserved concurrency of 0 sends events there at once', async () => {
    const { invoker, ...bench } = await asyncBench();
    bench.functions.set(FUNCTION_ARN, revision({ reservedConcurrency: 0 }));
    Object.assign(bench.settings, { onFailure: DEST_ARN });
    invoker.enqueue(EVENT);
    await bench.clock.settled();
    expect(bench.host.runs).toEqual([]);
    const [record] = bodies(bench, 'destination');
    expect(record.requestContext).toMatchObject({ condition: 'ZeroReservedConcurrency', approximateInvokeCount: 0 });
    expect(Object.keys(record)).toEqual(['version', 'timestamp', 'requestContext', 'requestPayload']);
  });

  test('a queue that fails in passing is tried again; one that does not exist means a loss by name', async () => {
    const { invoker, ...bench } = await asyncBench();
    failAlways(bench);
    Object.assign(bench.settings, { deadLetterArn: DLQ_ARN, maximumRetryAttempts: 0 });
    bench.queues.faults.push({ operation: 'SendMessage', answer: new Error('503') });
    invoker.enqueue(EVENT);
    await bench.clock.advance(MINUTE);
    expect(bench.queues.of('dead')).toHaveLength(1);
    const missing = Object.assign(new Error('The specified queue does not exist.'), { name: 'QueueDoesNotExist' });
    bench.queues.faults.push({ operation: 'SendMessage', answer: missing });
    invoker.enqueue({ ...EVENT, requestId: 'second' });
    await bench.clock.advance(MINUTE);
    expect(bench.metrics.get('DeadLetterErrors')).toEqual([1]);
    expect(bench.ledger.ofKind('lost')[0]?.detail?.reason).toBe(
      `retries exhausted and could not be delivered to ${DLQ_ARN} (QueueDoesNotExist: The specified queue does not exist.)`,
    );
    expect(checkConservation(bench.ledger, invoker.held())).toMatchObject({ ok: true, deadLettered: 1, lost: 1 });
  });

  test('a function that was deleted in the meantime loses its events by name', async () => {
    const { invoker, ...bench } = await asyncBench();
    failAlways(bench);
    invoker.enqueue(EVENT);
    await bench.clock.settled();
    bench.functions.clear();
    await bench.clock.advance(MINUTE);
    expect(bench.ledger.ofKind('lost')[0]?.detail?.reason).toBe('the function was deleted');
  });
});

describe('where successes go', () => {
  test('a queue gets the record of a success', async () => {
    const { invoker, ...bench } = await asyncBench();
    bench.host.script = () => ({ done: true });
    Object.assign(bench.settings, { onSuccess: DEST_ARN });
    invoker.enqueue(EVENT);
    await bench.clock.settled();
    expect(bodies(bench, 'destination')).toEqual([
      {
        version: '1.0',
        timestamp: '2022-01-27T05:48:25.000Z',
        requestContext: {
          requestId: REQUEST,
          functionArn: `${FUNCTION_ARN}:$LATEST`,
          condition: 'Success',
          approximateInvokeCount: 1,
        },
        requestPayload: { n: 1 },
        responseContext: { statusCode: 200, executedVersion: '$LATEST' },
        responsePayload: { done: true },
      },
    ]);
  });

  test('a function is invoked with the record, asynchronously', async () => {
    const { invoker, ...bench } = await asyncBench();
    const next = FUNCTION_ARN.replace('worker', 'next');
    bench.functions.set(next, revision({ arn: next, name: 'next' }));
    bench.host.script = () => {
      if (bench.host.runs.length > 1) bench.settings.onSuccess = undefined;
      return 'ok';
    };
    Object.assign(bench.settings, { onSuccess: `${next}:$LATEST` });
    invoker.enqueue(EVENT);
    await bench.clock.settled();
    expect(bench.host.runs[1]?.event).toMatchObject({ requestContext: { requestId: REQUEST }, responsePayload: 'ok' });
    expect(bench.ledger.ofKind('consumed').map(({ where }) => where)).toEqual(['lambda/worker', 'lambda/next']);
  });

  test('a destination that is gone is counted, and the success stays one', async () => {
    const { invoker, ...bench } = await asyncBench();
    Object.assign(bench.settings, { onSuccess: FUNCTION_ARN.replace('worker', 'gone') });
    invoker.enqueue(EVENT);
    await bench.clock.settled();
    expect(bench.metrics.get('DestinationDeliveryFailures')).toEqual([1]);
    expect(story(bench)).toEqual(['accepted', 'consumed']);
  });
});

describe('stop and clear', () => {
  test('stop leaves no timer, and what waits stays named', async () => {
    const { invoker, ...bench } = await asyncBench();
    failAlways(bench);
    invoker.enqueue(EVENT);
    await bench.clock.settled();
    await invoker.stop();
    expect(bench.clock.diagnostics().timers).toEqual([]);
    await bench.clock.advance(10 * MINUTE);
    expect(bench.host.runs).toHaveLength(1);
    expect(checkConservation(bench.ledger, invoker.held())).toMatchObject({ ok: true, held: 1 });
  });

  test('clear forgets what waits, and takes new events', async () => {
    const { invoker, ...bench } = await asyncBench();
    failAlways(bench);
    invoker.enqueue(EVENT);
    await bench.clock.settled();
    await invoker.clear();
    expect(invoker.held()).toEqual([]);
    bench.host.script = () => null;
    invoker.enqueue({ ...EVENT, requestId: 'second' });
    await bench.clock.settled();
    expect(bench.host.seconds).toEqual([0, 0]);
    expect(START).toBe(bench.clock.now());
  });
});
