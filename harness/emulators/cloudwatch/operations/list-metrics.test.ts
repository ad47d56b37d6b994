import { expect, test } from 'vitest';
import { dimensionsOf, startMetrics } from '../testing.ts';

const KINESIS = {
  Namespace: 'AWS/Kinesis',
  MetricName: 'IncomingRecords',
  Dimensions: dimensionsOf({ StreamName: 's' }),
};
const BY_API = { Namespace: 'AWS/ApiGateway', MetricName: 'Count', Dimensions: dimensionsOf({ ApiName: 'v1' }) };
const BY_STAGE = { ...BY_API, Dimensions: dimensionsOf({ ApiName: 'v1', Stage: 'PROD' }) };

test.each([
  [{}, [KINESIS, BY_API, BY_STAGE]],
  [{ Namespace: 'AWS/ApiGateway' }, [BY_API, BY_STAGE]],
  [{ MetricName: 'IncomingRecords' }, [KINESIS]],
  [{ Dimensions: [{ Name: 'ApiName' }] }, [BY_API, BY_STAGE]],
  [{ Dimensions: [{ Name: 'Stage', Value: 'PROD' }] }, [BY_STAGE]],
  [{ Dimensions: [{ Name: 'Stage', Value: 'PRO' }] }, []],
])('%j lists the metrics that have all of it', async (input, expected) => {
  const { sink, call } = await startMetrics();
  sink.count('AWS/Kinesis', 'IncomingRecords', { StreamName: 's' }, 1);
  sink.count('AWS/ApiGateway', 'Count', { ApiName: 'v1' }, 1);
  sink.count('AWS/ApiGateway', 'Count', { Stage: 'PROD', ApiName: 'v1' }, 1);
  expect(call('ListMetrics', input)).toEqual({ Metrics: expected });
});

test('pages of 500 hold every metric once', async () => {
  const { sink, call } = await startMetrics();
  for (let at = 0; at < 1001; at++) sink.count('brook', `m${at}`, {}, 1);
  const names: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = call('ListMetrics', NextToken ? { NextToken } : {});
    names.push(...page.Metrics.map(({ MetricName }: { MetricName: string }) => MetricName));
    NextToken = page.NextToken;
  } while (NextToken);
  expect(names).toEqual(Array.from({ length: 1001 }, (_, at) => `m${at}`));
});
