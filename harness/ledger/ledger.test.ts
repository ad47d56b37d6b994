import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StatementSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { checkConservation, ids, LedgerStore, seriesId, trace } from './index.ts';

let dir: string;
let ledger: LedgerStore;
let now: number;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'naetmul-ledger-'));
  now = 1000;
  ledger = new LedgerStore(join(dir, 'ledger.sqlite'), () => now++);
});

afterEach(() => {
  ledger[Symbol.dispose]();
  rmSync(dir, { recursive: true });
});

/** One event through the ingest pipeline, as the emulators write it. */
function ingest(request: string, sequenceNumber: string): void {
  const received = ledger.append({ where: 'apigateway/ingest', what: 'received', ids: [ids.request(request)] });
  const id = ids.record('stream', sequenceNumber);
  ledger.append({ where: 'kinesis/stream', what: 'accepted', ids: [id], cause: received });
}

function read(...sequenceNumbers: string[]): void {
  ledger.append({ where: 'firehose/delivery', what: 'accepted', ids: records(sequenceNumbers) });
}

function store(key: string, ...sequenceNumbers: string[]): void {
  const into = [ids.object('bucket', key)];
  ledger.append({ where: 'firehose/delivery', what: 'stored', ids: records(sequenceNumbers), into });
}

function records(sequenceNumbers: string[]): string[] {
  return sequenceNumbers.map((sequenceNumber) => ids.record('stream', sequenceNumber));
}

describe('a journey', () => {
  beforeEach(() => {
    ingest('req-1', '111');
    ingest('req-2', '222');
    read('111', '222');
    store('rawdata/2022/01/27/05/object', '111', '222');
  });

  test.each(['111', 'record/stream/111', 'req-1'])('is found by %s, from the request to the object', (name) => {
    expect(trace(ledger, name)?.steps.map((step) => `${step.what} ${step.where}`)).toEqual([
      'received apigateway/ingest',
      'accepted kinesis/stream',
      'accepted firehose/delivery',
      'stored firehose/delivery',
    ]);
  });

  test('of an object shows how it came to be', () => {
    const journey = trace(ledger, 'rawdata/2022/01/27/05/object');
    expect(journey?.id).toBe('object/bucket/rawdata/2022/01/27/05/object');
    expect(journey?.steps).toMatchObject([{ what: 'stored', events: 2 }]);
  });

  test('does not wander off to the other events of a batch', () => {
    expect(JSON.stringify(trace(ledger, '111'))).not.toContain('req-2');
  });

  test('follows an event that was passed on in a batch under another name, both ways', () => {
    const mail = ledger.append({ where: 'pinpoint/app', what: 'noted', ids: [ids.mail('mail-1')] });
    const series = ids.putSeries('delivery', 'abc');
    const events = ['send', 'open'].map((name) => {
      const id = ids.event('app-1', `mail-1.${name}`);
      return { id, cause: ledger.append({ where: 'pinpoint/app', what: 'accepted', ids: [id], cause: mail }) };
    });
    ledger.append({ where: 'firehose/delivery', what: 'accepted', ids: [{ series, from: 0, to: 2 }] });
    for (const [n, { id, cause }] of events.entries()) {
      ledger.append({ where: 'pinpoint/app', what: 'consumed', ids: [id], into: [seriesId(series, n)], cause });
    }
    const stored = { ids: [{ series, from: 0, to: 2 }], into: [ids.object('bucket', 'events')] };
    ledger.append({ where: 'firehose/delivery', what: 'stored', ...stored });
    const steps = (name: string) => trace(ledger, name)?.steps.map(({ what, where }) => `${what} ${where}`);
    const journey = ['noted pinpoint/app', 'accepted pinpoint/app', 'accepted firehose/delivery'];
    const end = ['consumed pinpoint/app', 'stored firehose/delivery'];
    expect(steps('mail-1.open')).toEqual([...journey, ...end]);
    expect(steps(seriesId('abc', 1))).toEqual([...journey, ...end]);
    expect(steps('mail-1')).toHaveLength(7);
    expect(checkConservation(ledger, [])).toMatchObject({ ok: true, accepted: 6, consumed: 2, stored: 4 });
  });

  test('of something nobody has seen is undefined', () => {
    expect(trace(ledger, '333')).toBeUndefined();
  });

  test('of one record in a series of many is found by its number', () => {
    const series = ids.putSeries('delivery', 'abc');
    ledger.append({ where: 'firehose/delivery', what: 'accepted', ids: [{ series, from: 0, to: 500 }] });
    expect(trace(ledger, seriesId(series, 499))?.steps).toMatchObject([{ what: 'accepted', events: 500 }]);
    expect(trace(ledger, seriesId(series, 500))).toBeUndefined();
  });
});

describe('conservation', () => {
  test('holds when everything accepted is stored', () => {
    ingest('req-1', '111');
    read('111');
    store('key', '111');
    expect(checkConservation(ledger, [])).toMatchObject({
      ok: true,
      accepted: 1,
      stored: 1,
      missing: 0,
      duplicates: 0,
    });
  });

  test('counts what waits in the stream, and what a component says it holds', () => {
    ingest('req-1', '111');
    ingest('req-2', '222');
    read('222');
    const report = checkConservation(ledger, [{ where: 'firehose/delivery', ids: records(['222']) }]);
    expect(report).toMatchObject({ ok: true, accepted: 2, held: 2 });
    expect(report.heldBy).toEqual(
      expect.arrayContaining([
        { where: 'kinesis/stream', count: 1 },
        { where: 'firehose/delivery', count: 1 },
      ]),
    );
  });

  test('names an event that a component took and no longer has', () => {
    ingest('req-1', '111');
    read('111');
    const report = checkConservation(ledger, []);
    expect(report).toMatchObject({ ok: false, accepted: 1, missing: 1 });
    expect(report.examples.missing).toEqual(['record/stream/111']);
  });

  test('names an event in a sink that nobody accepted', () => {
    store('key', '999');
    const report = checkConservation(ledger, []);
    expect(report).toMatchObject({ ok: false, accepted: 0, unexpected: 1 });
    expect(report.examples.unexpected).toEqual(['record/stream/999']);
  });

  test('counts copies', () => {
    ingest('req-1', '111');
    read('111');
    store('key-1', '111');
    store('key-2', '111');
    expect(checkConservation(ledger, [])).toMatchObject({ ok: true, stored: 1, duplicates: 1 });
  });

  describe('of two delivery streams that read the same stream', () => {
    const search = (what: 'accepted' | 'stored' | 'lost', more: object = {}) =>
      ledger.append({ where: 'firehose/search', what, ids: records(['111']), ...more });

    beforeEach(() => {
      ingest('req-1', '111');
      read('111');
      store('a', '111');
      search('accepted');
    });

    test('counts what each stores once, and copies only of the same one', () => {
      search('stored', { into: ['opensearch/webhooks-2022-01-27'] });
      expect(checkConservation(ledger, [])).toMatchObject({ ok: true, accepted: 1, stored: 1, duplicates: 0 });
      store('b', '111');
      expect(checkConservation(ledger, [])).toMatchObject({ ok: true, accepted: 1, stored: 1, duplicates: 1 });
    });

    test('lets neither be excused by the other', () => {
      expect(checkConservation(ledger, [])).toMatchObject({
        ok: false,
        missing: 1,
        stored: 0,
        examples: { missing: ['record/stream/111'] },
      });
      const held = (where: string) => [{ where, ids: records(['111']) }];
      expect(checkConservation(ledger, held('firehose/delivery'))).toMatchObject({ ok: false, missing: 1 });
      expect(checkConservation(ledger, held('firehose/search'))).toMatchObject({ ok: true, held: 1, stored: 0 });
      search('lost', { detail: { reason: 'nobody took it' } });
      expect(checkConservation(ledger, [])).toMatchObject({ ok: true, lost: 1, stored: 0 });
    });
  });

  test('calls what died with a place lost, with the reason, and only what was there before', () => {
    ingest('req-1', '111');
    ingest('req-2', '222');
    read('222');
    store('key', '222');
    const reason = 'LocalStack was killed';
    ledger.append({ where: 'localstack', what: 'destroyed', detail: { places: ['kinesis/*', 's3/*'], reason } });
    ingest('req-3', '333');
    const report = checkConservation(ledger, []);
    expect(report).toMatchObject({ ok: true, accepted: 3, lost: 2, held: 1 });
    expect(report.losses).toEqual([{ reason, count: 2, examples: expect.arrayContaining(records(['111', '222'])) }]);
  });

  test('what a component still held when a place died is not lost', () => {
    ingest('req-1', '111');
    read('111');
    ledger.append({ where: 'localstack', what: 'destroyed', detail: { places: ['kinesis/*'], reason: 'killed' } });
    const held = [{ where: 'firehose/delivery', ids: records(['111']) }];
    expect(checkConservation(ledger, held)).toMatchObject({ ok: true, accepted: 1, held: 1, lost: 0 });
    store('key', '111');
    expect(checkConservation(ledger, [])).toMatchObject({ ok: true, accepted: 1, stored: 1, lost: 0 });
  });

  test('follows parts of a series to different fates', () => {
    const series = ids.putSeries('delivery', 'abc');
    const where = 'firehose/delivery';
    ledger.append({ where, what: 'accepted', ids: [{ series, from: 0, to: 500 }] });
    ledger.append({ where, what: 'stored', ids: [{ series, from: 0, to: 300 }], into: [ids.object('bucket', 'key')] });
    const held = [{ where, ids: [{ series, from: 300, to: 450 }] }];
    const report = checkConservation(ledger, held);
    expect(report).toMatchObject({ ok: false, accepted: 500, stored: 300, held: 150, missing: 50 });
    expect(report.examples.missing).toEqual([`${series}[450..499]`]);
  });

  test('a dead letter is lost when its queue no longer keeps it, and consumed when somebody takes it', () => {
    const dead = (name: string) => {
      ledger.append({ where: 'sqs/brook', what: 'accepted', ids: [ids.message(name)] });
      ledger.append({ where: 'sqs/brook', what: 'dead-lettered', ids: [ids.message(name)], detail: { queue: 'dlq' } });
    };
    for (const name of ['kept', 'expired', 'taken']) dead(name);
    ledger.append({ where: 'sqs/dlq', what: 'lost', ids: [ids.message('expired')], detail: { reason: 'too old' } });
    ledger.append({ where: 'sqs/dlq', what: 'consumed', ids: [ids.message('taken')] });
    expect(checkConservation(ledger, [])).toMatchObject({
      ok: true,
      deadLettered: 1,
      consumed: 1,
      lost: 1,
      losses: [{ reason: 'too old', examples: ['message//expired'] }],
    });
  });

  test('a request that was refused is nobody’s responsibility', () => {
    const received = ledger.append({ where: 'apigateway/ingest', what: 'received', ids: [ids.request('req-1')] });
    ledger.append({ where: 'apigateway/ingest', what: 'refused', ids: [ids.request('req-1')], cause: received });
    expect(checkConservation(ledger, [])).toMatchObject({ ok: true, accepted: 0 });
  });
});

test('twenty thousand events take little room on disk, and each can still be traced', () => {
  const count = 20_000;
  for (let at = 0; at < count; at += 500) {
    const batch = Array.from({ length: 500 }, (_, index) => String(4.9e15 + at + index));
    for (const sequenceNumber of batch) ingest(`request-${sequenceNumber}`, sequenceNumber);
    read(...batch);
    store(`key-${at}`, ...batch);
  }
  expect(checkConservation(ledger, [])).toMatchObject({ ok: true, accepted: count, stored: count });
  expect(trace(ledger, String(4.9e15 + 17_777))?.steps).toHaveLength(4);
  expect(statSync(join(dir, 'ledger.sqlite')).size / count).toBeLessThan(500);
});

test.each([
  1, 2, 4,
])('entries of which the write number %i fails are kept, said once, and written when they can be', (nth) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const told: unknown[] = [];
  using store = new LedgerStore(
    join(dir, 'full.sqlite'),
    () => now++,
    (error) => told.push(error),
  );
  const full = new Error('database or disk is full');
  const { run: write } = StatementSync.prototype;
  let writes = 0;
  const run = vi.spyOn(StatementSync.prototype, 'run').mockImplementation(function (this: StatementSync, ...values) {
    if (++writes % nth === 0) throw full;
    return write.apply(this, values);
  });
  onTestFinished(() => run.mockRestore());
  store.append({ where: 'apigateway/ingest', what: 'received', ids: [ids.request('1')] });
  store.append({ where: 'apigateway/webhooks', what: 'received', ids: [ids.request('2')] });
  vi.advanceTimersByTime(3000);
  expect(told).toEqual([full]);
  expect(() => store.count()).toThrow(full);
  run.mockRestore();
  store.append({ where: 'apigateway/webhooks', what: 'refused', ids: [ids.request('2')] });
  vi.advanceTimersByTime(1000);
  expect(store.newest(9).map(({ n, where, what }) => `${n} ${what} ${where}`)).toEqual([
    '1 received apigateway/ingest',
    '2 received apigateway/webhooks',
    '3 refused apigateway/webhooks',
  ]);
  expect(store.about(ids.request('2'))).toHaveLength(2);
});

test('clearing forgets the history', () => {
  ingest('req-1', '111');
  ledger.clear();
  expect(ledger.count()).toBe(0);
  expect(trace(ledger, '111')).toBeUndefined();
});
