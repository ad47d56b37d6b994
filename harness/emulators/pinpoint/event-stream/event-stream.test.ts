import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkConservation } from '../../../ledger/index.ts';
import { type Answer, appBench, awsError, STREAM_ARN } from '../testing.ts';

const WHERE = 'pinpoint/app-analytics';
const HOUR = 3_600_000;
const Timestamp = '2022-01-27T05:48:25Z';

/** Reports `count` events, a hundred in each request. */
async function report({ inApp }: Awaited<ReturnType<typeof appBench>>, count: number, from = 0): Promise<void> {
  for (let at = 0; at < count; at += 100) {
    const events = Array.from({ length: Math.min(100, count - at) }, (_, n) => {
      return [`ev${n}`, { EventType: `event-${from + at + n}`, Timestamp }];
    });
    const e1 = { Endpoint: {}, Events: Object.fromEntries(events) };
    await inApp('PutEvents', { EventsRequest: { BatchItem: { e1 } } });
  }
}

const held = (bench: Awaited<ReturnType<typeof appBench>>) => bench.emulator.held?.() ?? [];
const conservation = (bench: Awaited<ReturnType<typeof appBench>>) => checkConservation(bench.ledger, held(bench));
const typed = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `event-${from + n}`);
const types = ({ streamed }: Awaited<ReturnType<typeof appBench>>) => streamed.map(({ event_type }) => event_type);

describe('an event stream', () => {
  test('gathers events for five seconds, and puts them in order, 500 at a time', async () => {
    const bench = await appBench();
    await report(bench, 1, 0);
    await bench.clock.advance(4999);
    expect(bench.puts).toEqual([]);
    await bench.clock.advance(1);
    expect(bench.puts).toEqual([1]);
    await report(bench, 1200, 1);
    await bench.clock.settled();
    await bench.clock.advance(0);
    expect(bench.puts.slice(0, 3)).toEqual([1, 500, 500]);
    await bench.clock.advance(5000);
    expect(types(bench)).toEqual(typed(0, 1201));
  });

  test('goes to Kinesis as well', async () => {
    const bench = await appBench(undefined, { arn: STREAM_ARN });
    await report(bench, 2);
    await bench.clock.advance(5000);
    expect(types(bench)).toEqual(typed(0, 2));
    expect(bench.ledger.ofKind('consumed')[0]).toMatchObject({
      into: ['record/analytics/00000001'],
      detail: { by: 'kinesis/analytics' },
    });
  });

  test('names what it holds while its destination fails, tries less and less often, and loses nothing', async () => {
    let away = true;
    const bench = await appBench((command) => {
      if (away && command === 'PutRecordBatch') throw awsError('ServiceUnavailableException', 'Slow down.');
    });
    await report(bench, 3);
    await bench.clock.advance(5000 + 1000 + 2000 + 4000);
    expect(conservation(bench)).toMatchObject({ ok: true, accepted: 3, held: 3, heldBy: [{ where: WHERE, count: 3 }] });
    // Were they not named, they would be missed.
    expect(checkConservation(bench.ledger, [])).toMatchObject({ ok: false, missing: 3 });
    expect(bench.ledger.ofKind('retried').map(({ detail }) => detail)).toEqual(
      [1, 2, 3, 4].map((attempt) => ({
        destination: 'firehose/analytics',
        attempt,
        reason: 'ServiceUnavailableException: Slow down.',
      })),
    );
    expect(bench.logged).toEqual([
      `Events of ${WHERE} cannot be put to firehose/analytics: ServiceUnavailableException: Slow down.`,
    ]);
    away = false;
    await report(bench, 1, 3);
    await bench.clock.advance(60_000);
    expect(types(bench)).toEqual(typed(0, 4));
    expect(conservation(bench)).toMatchObject({ ok: true, accepted: 4, held: 0, consumed: 4 });
  });

  test('puts again what was refused of a batch, and that alone', async () => {
    let puts = 0;
    const refused = { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' };
    const bench = await appBench((command) => {
      if (command !== 'PutRecordBatch') return undefined;
      puts += 1;
      return puts === 1 ? { results: [{}, refused, {}, refused] } : undefined;
    });
    await report(bench, 4);
    await bench.clock.advance(10_000);
    expect(bench.puts).toEqual([4, 2]);
    expect(types(bench)).toEqual(['event-0', 'event-2', 'event-1', 'event-3']);
    expect(bench.ledger.ofKind('retried').map(({ ids = [] }) => ids.length)).toEqual([2]);
    expect(conservation(bench)).toMatchObject({ ok: true, accepted: 4, consumed: 4, duplicates: 0 });
  });

  test('gives an event up after 24 hours, and says so', async () => {
    const bench = await appBench((command) => {
      if (command === 'PutRecordBatch') throw awsError('ResourceNotFoundException', 'Firehose analytics not found.');
    });
    await report(bench, 2);
    await bench.clock.advance(23 * HOUR);
    await report(bench, 1, 2);
    await bench.clock.advance(2 * HOUR);
    expect(conservation(bench)).toMatchObject({ ok: true, accepted: 3, held: 1, lost: 2 });
    expect(conservation(bench).losses[0]?.reason).toBe('not taken by firehose/analytics within 24 h');
  });

  test('that is deleted drops what waits; one that is redirected takes it along', async () => {
    const bench = await appBench();
    await report(bench, 2);
    const WriteEventStream = { DestinationStreamArn: STREAM_ARN, RoleArn: 'arn:aws:iam::000000000000:role/other' };
    await bench.inApp('PutEventStream', { WriteEventStream });
    await bench.clock.advance(5000);
    expect(bench.ledger.ofKind('consumed')).toHaveLength(2);
    await report(bench, 3, 2);
    await bench.inApp('DeleteEventStream');
    await bench.clock.advance(60_000);
    expect(types(bench)).toEqual(typed(0, 2));
    expect(conservation(bench)).toMatchObject({ ok: true, accepted: 5, consumed: 2, dropped: 3 });
    expect(bench.ledger.ofKind('dropped')[0]?.detail).toEqual({
      reason: 'The event stream of app-analytics was deleted.',
    });
  });

  test('that cannot be put to is redirected at once', async () => {
    const bench = await appBench((command) => {
      if (command === 'PutRecordBatch') throw awsError('ServiceUnavailableException');
    });
    await report(bench, 2);
    await bench.clock.advance(HOUR);
    const WriteEventStream = { DestinationStreamArn: STREAM_ARN, RoleArn: 'arn:aws:iam::000000000000:role/other' };
    await bench.inApp('PutEventStream', { WriteEventStream });
    await bench.clock.advance(1);
    expect(types(bench)).toEqual(typed(0, 2));
  });

  test('that is stopped holds what waits', async () => {
    const bench = await appBench();
    await report(bench, 2);
    await bench.emulator.stop?.();
    await bench.clock.advance(HOUR);
    expect(conservation(bench)).toMatchObject({ ok: true, accepted: 2, held: 2 });
  });

  test('is shared by apps, each of which holds its own', async () => {
    const bench = await appBench();
    const { ApplicationResponse: other } = await bench.call('CreateApp', {
      CreateApplicationRequest: { Name: 'other' },
    });
    const { EventStream } = await bench.inApp('GetEventStream');
    await bench.call('PutEventStream', { ApplicationId: other.Id, WriteEventStream: EventStream });
    await report(bench, 1);
    const e1 = { Endpoint: {}, Events: { ev: { EventType: 'of-other', Timestamp } } };
    await bench.call('PutEvents', { ApplicationId: other.Id, EventsRequest: { BatchItem: { e1 } } });
    expect(held(bench).map(({ where, ids }) => [where, ids.length])).toEqual([
      [WHERE, 1],
      ['pinpoint/other', 1],
    ]);
    await bench.clock.advance(5000);
    expect(types(bench)).toEqual(['event-0', 'of-other']);
    expect(held(bench)).toEqual([]);
  });
});

test('whatever fails, and however often, every event is taken once it can be, and none is missing meanwhile', async () => {
  const fault = fc.constantFrom<'whole' | 'some' | 'none'>('whole', 'some', 'none');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fault, { maxLength: 8 }),
      fc.array(fc.nat(700), { minLength: 1, maxLength: 4 }),
      async (faults, counts) => {
        let put = 0;
        const answer: Answer = (command, { Records = [] }) => {
          if (command !== 'PutRecordBatch') return undefined;
          const what = faults[put++] ?? 'none';
          if (what === 'whole') throw awsError('InternalFailure');
          if (what === 'none') return undefined;
          return {
            results: (Records as unknown[]).map((_, n) => (n % 3 === put % 3 ? { ErrorCode: 'InternalFailure' } : {})),
          };
        };
        const bench = await appBench(answer);
        let reported = 0;
        for (const count of counts) {
          await report(bench, count, reported);
          reported += count;
          await bench.clock.advance(3000);
          expect(conservation(bench)).toMatchObject({ ok: true, accepted: reported, lost: 0 });
        }
        await bench.clock.advance(30 * 60_000);
        expect(new Set(types(bench))).toEqual(new Set(typed(0, reported)));
        expect(types(bench)).toHaveLength(reported);
        expect(conservation(bench)).toMatchObject({ ok: true, held: 0, consumed: reported });
        bench.clock.close();
        bench.ledger[Symbol.dispose]();
      },
    ),
    { numRuns: 15 },
  );
});
