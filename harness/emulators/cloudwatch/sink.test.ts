import { expect, test } from 'vitest';
import { MINUTE, startMetrics } from './testing.ts';

const API = 'AWS/ApiGateway';

test('what is counted can be read at once, by minute of the clock', async () => {
  const { sink, clock, sums } = await startMetrics();
  sink.count('AWS/Kinesis', 'IncomingRecords', { StreamName: 'ingest' }, 3);
  sink.count('AWS/Kinesis', 'IncomingRecords', { StreamName: 'ingest' }, 2);
  await clock.advance(MINUTE);
  sink.count('AWS/Kinesis', 'IncomingRecords', { StreamName: 'ingest' }, 7);
  expect(sums('AWS/Kinesis', 'IncomingRecords', { StreamName: 'ingest' })).toEqual([5, 7]);
});

test('metrics whose dimensions are more, fewer or merely alike are others', async () => {
  const { sink, sums } = await startMetrics();
  const byApi = { ApiName: 'v1' };
  for (let request = 0; request < 12; request++) {
    sink.count(API, 'Count', byApi, 1);
    sink.count(API, 'Count', { ApiName: 'v1', Stage: 'PROD' }, 1);
    sink.count(API, 'Count', { ApiName: 'v10' }, 1);
  }
  expect(sums(API, 'Count', byApi)).toEqual([12]);
  expect(sums(API, 'Count', { Stage: 'PROD', ApiName: 'v1' })).toEqual([12]);
  expect(sums(API, 'Count', { Stage: 'PROD' })).toEqual([]);
  expect(sums(API, 'Count', {})).toEqual([]);
});

test('after a reset there is nothing, and an object of dimensions seen before counts anew', async () => {
  const { sink, sums, reset } = await startMetrics();
  const dimensions = { ApiName: 'v1' };
  sink.count(API, 'Count', dimensions, 5);
  await reset();
  expect(sums(API, 'Count', dimensions)).toEqual([]);
  sink.count(API, 'Count', dimensions, 1);
  expect(sums(API, 'Count', dimensions)).toEqual([1]);
});
