import { cbor } from '@smithy/core/cbor';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../ledger/index.ts';
import { bufferBody } from '../body.ts';
import { kinesisObserver } from './kinesis.ts';
import type { PassedCall, PassedOutcome } from './observer.ts';

const NEVER = new AbortController().signal;

function observed(
  operation: string,
  request: unknown,
  outcome: Partial<PassedOutcome>,
  more: Partial<PassedCall> = {},
  headers: Record<string, string> = {},
) {
  const entries: Omit<Entry, 'n' | 't'>[] = [];
  const counted: [string, number][] = [];
  const observer = kinesisObserver({
    ledger: { append: (entry) => entries.push(entry) },
    metrics: {
      count(namespace, metric, dimensions, value) {
        expect([namespace, dimensions]).toEqual(['AWS/Kinesis', { StreamName: 's' }]);
        counted.push([metric, value]);
      },
    },
  });
  const call: PassedCall = {
    request: {
      method: 'POST',
      target: '/',
      headers: { 'x-amz-target': `Kinesis_20131202.${operation}`, ...headers },
      rawHeaders: [],
      body: bufferBody(Buffer.alloc(0)),
      remoteAddress: '127.0.0.1',
      internal: false,
      signal: NEVER,
    },
    service: 'kinesis',
    scope: undefined,
    route: { kind: 'service', service: 'kinesis', scope: undefined },
    cause: 7,
    writesOwnEntries: false,
    ...more,
  };
  expect(observer.matches(call)).toBe(true);
  const requestBody = Buffer.isBuffer(request) ? request : Buffer.from(JSON.stringify(request));
  observer.observe(call, {
    kind: 'answered',
    status: 200,
    headers: {},
    responseBody: undefined,
    requestBody,
    ...outcome,
  } as PassedOutcome);
  return { entries, counted: Object.fromEntries(counted), list: counted };
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const put = { StreamName: 's', PartitionKey: 'p', Data: Buffer.from('hello').toString('base64') };

describe('PutRecord', () => {
  test('is accepted by its shard, and counted', () => {
    const responseBody = json({ SequenceNumber: '49', ShardId: 'shardId-000000000000' });
    const { entries, counted } = observed('PutRecord', put, { responseBody });
    expect(entries).toEqual([
      {
        where: 'kinesis/s',
        what: 'accepted',
        ids: ['record/s/49'],
        cause: 7,
        detail: { operation: 'PutRecord', shardId: 'shardId-000000000000' },
      },
    ]);
    expect(counted).toEqual({ IncomingRecords: 1, IncomingBytes: 5, 'PutRecord.Success': 1, 'PutRecord.Bytes': 5 });
  });

  test('that is throttled is refused', () => {
    const message = 'Rate exceeded for shard shardId-000000000000 in stream s under account 000000000000.';
    const responseBody = json({ __type: 'ProvisionedThroughputExceededException', message });
    const { entries, counted } = observed('PutRecord', put, { status: 400, responseBody });
    expect(entries).toEqual([
      {
        where: 'kinesis/s',
        what: 'refused',
        cause: 7,
        detail: {
          operation: 'PutRecord',
          error: 'ProvisionedThroughputExceededException',
          message,
          records: 1,
          status: 400,
        },
      },
    ]);
    expect(counted).toEqual({ WriteProvisionedThroughputExceeded: 1, 'PutRecord.Success': 0 });
  });

  test('whose answer never came is unknown, and counted nowhere', () => {
    const { entries, counted } = observed('PutRecord', put, { kind: 'unknown', reason: 'socket hang up' });
    expect(entries).toEqual([
      {
        where: 'kinesis/s',
        what: 'unknown',
        cause: 7,
        detail: { operation: 'PutRecord', reason: 'socket hang up' },
      },
    ]);
    expect(counted).toEqual({});
  });

  test('is understood by the stream’s ARN, and in CBOR', () => {
    const { StreamName: _, ...rest } = put;
    const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';
    const request = Buffer.from(cbor.serialize({ ...rest, StreamARN, Data: Buffer.from('hello') }));
    const responseBody = Buffer.from(cbor.serialize({ SequenceNumber: '49', ShardId: 'x' }));
    const headers = { 'content-type': 'application/x-amz-cbor-1.1' };
    const { entries, counted } = observed('PutRecord', request, { responseBody }, {}, headers);
    expect(entries[0]?.ids).toEqual(['record/s/49']);
    expect(counted.IncomingBytes).toBe(5);
  });
});

describe('PutRecords', () => {
  const request = { StreamName: 's', Records: ['a', 'bb', 'ccc', 'dddd'].map((text) => ({ Data: btoa(text) })) };
  const responseBody = json({
    FailedRecordCount: 2,
    Records: [
      { SequenceNumber: '1', ShardId: 'A' },
      { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'Rate exceeded' },
      { SequenceNumber: '2', ShardId: 'B' },
      { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal Service Failure' },
    ],
  });

  test('is one entry per shard and per kind of failure', () => {
    const { entries } = observed('PutRecords', request, { responseBody });
    expect(
      entries.map(({ what, ids, detail }) => [what, ids, detail?.shardId ?? detail?.error, detail?.records]),
    ).toEqual([
      ['accepted', ['record/s/1'], 'A', undefined],
      ['accepted', ['record/s/2'], 'B', undefined],
      ['refused', undefined, 'ProvisionedThroughputExceededException', 1],
      ['refused', undefined, 'InternalFailure', 1],
    ]);
  });

  test('counts what came in and what failed', () => {
    const { counted } = observed('PutRecords', request, { responseBody });
    expect(counted).toEqual({
      IncomingRecords: 2,
      IncomingBytes: 4,
      WriteProvisionedThroughputExceeded: 1,
      'PutRecords.Success': 1,
      'PutRecords.Bytes': 4,
      'PutRecords.Records': 2,
      'PutRecords.TotalRecords': 4,
      'PutRecords.SuccessfulRecords': 2,
      'PutRecords.FailedRecords': 1,
      'PutRecords.ThrottledRecords': 1,
    });
  });

  test('gathered from single puts counts as those, and its caller writes the entries', () => {
    const { entries, list } = observed(
      'PutRecords',
      request,
      { responseBody },
      { writesOwnEntries: true },
      {
        'x-naetmul-gathered': 'PutRecord',
      },
    );
    expect(entries).toEqual([]);
    expect(list.filter(([metric]) => metric === 'PutRecord.Success').map(([, value]) => value)).toEqual([1, 0, 1, 0]);
    expect(list.some(([metric]) => metric.startsWith('PutRecords.'))).toBe(false);
  });
});

test('a deleted stream takes with it what it held', () => {
  expect(observed('DeleteStream', { StreamName: 's' }, {}).entries).toEqual([
    {
      where: 'kinesis/s',
      what: 'destroyed',
      cause: 7,
      detail: { places: ['kinesis/s'], reason: 'The stream s was deleted.' },
    },
  ]);
  expect(observed('DeleteStream', { StreamName: 's' }, { status: 400 }).entries).toEqual([]);
});

test('other calls of Kinesis, and a body that is no JSON, concern nobody', () => {
  expect(observed('PutRecord', Buffer.from('{'), { status: 400 }).entries).toEqual([]);
  const observer = kinesisObserver({ ledger: { append: () => 0 } });
  const call = { request: { headers: { 'x-amz-target': 'Kinesis_20131202.GetRecords' } }, service: 'kinesis' };
  expect(observer.matches(call as unknown as PassedCall)).toBe(false);
});
