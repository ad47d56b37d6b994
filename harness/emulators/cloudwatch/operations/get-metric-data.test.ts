import { expect, test } from 'vitest';
import { MINUTE, NOON, refusal, startMetrics } from '../testing.ts';

const metricStat = (streamName: string, Stat = 'Sum') => ({
  Metric: {
    Namespace: 'AWS/Kinesis',
    MetricName: 'IncomingRecords',
    Dimensions: [{ Name: 'StreamName', Value: streamName }],
  },
  Period: 60,
  Stat,
});
const RANGE = { StartTime: new Date(NOON), EndTime: new Date(NOON + 10 * MINUTE) };

async function startWithCounts() {
  const metrics = await startMetrics();
  for (let minute = 0; minute < 3; minute++) {
    metrics.sink.count('AWS/Kinesis', 'IncomingRecords', { StreamName: 'a' }, 10 + minute);
    metrics.sink.count('AWS/Kinesis', 'IncomingRecords', { StreamName: 'b' }, 20 + minute);
    await metrics.clock.advance(MINUTE);
  }
  return metrics;
}

test('each query has its result, newest first unless asked otherwise', async () => {
  const { call } = await startWithCounts();
  const MetricDataQueries = [
    { Id: 'a', MetricStat: metricStat('a') },
    { Id: 'b', MetricStat: metricStat('b', 'SampleCount'), Label: 'records' },
    { Id: 'hidden', MetricStat: metricStat('b'), ReturnData: false },
  ];
  expect(call('GetMetricData', { MetricDataQueries, ...RANGE })).toEqual({
    Messages: [],
    MetricDataResults: [
      {
        Id: 'a',
        Label: 'IncomingRecords',
        Timestamps: [2, 1, 0].map((minute) => new Date(NOON + minute * MINUTE)),
        Values: [12, 11, 10],
        StatusCode: 'Complete',
      },
      expect.objectContaining({ Id: 'b', Label: 'records', Values: [1, 1, 1] }),
    ],
  });
  const ascending = call('GetMetricData', { MetricDataQueries, ...RANGE, ScanBy: 'TimestampAscending' });
  expect(ascending.MetricDataResults[0].Values).toEqual([10, 11, 12]);
});

test('pages of two hold every datapoint once', async () => {
  const { call } = await startWithCounts();
  const MetricDataQueries = ['a', 'b'].map((Id) => ({ Id, MetricStat: metricStat(Id) }));
  const seen: Record<string, number[]> = { a: [], b: [] };
  const statuses: string[][] = [];
  let NextToken: string | undefined;
  do {
    const page = call('GetMetricData', {
      MetricDataQueries,
      ...RANGE,
      MaxDatapoints: 2,
      ...(NextToken ? { NextToken } : {}),
    });
    for (const { Id, Values } of page.MetricDataResults) seen[Id]?.push(...Values);
    statuses.push(page.MetricDataResults.map(({ StatusCode }: { StatusCode: string }) => StatusCode));
    NextToken = page.NextToken;
  } while (NextToken);
  expect(seen).toEqual({ a: [12, 11, 10], b: [22, 21, 20] });
  expect(statuses).toEqual([
    ['PartialData', 'PartialData'],
    ['Complete', 'PartialData'],
    ['Complete', 'Complete'],
  ]);
});

test.each([
  [
    [{ Id: 'e', Expression: 'a * 2' }],
    'InvalidParameterValueException: An Expression (MetricDataQueries.member.1) is not supported by naetmul; docs/fidelity/cloudwatch.md lists what is.',
  ],
  [
    [{ Id: 'p', MetricStat: metricStat('a', 'p99') }],
    'InvalidParameterValueException: The statistic p99 (MetricDataQueries.member.1.MetricStat.Stat) is not supported by naetmul; docs/fidelity/cloudwatch.md lists what is.',
  ],
  [
    [
      { Id: 'a', MetricStat: metricStat('a') },
      { Id: 'a', MetricStat: metricStat('b') },
    ],
    'InvalidParameterValueException: The values for parameter Id in MetricDataQueries are not unique.',
  ],
  [
    [{ Id: 'A', MetricStat: metricStat('a') }],
    'InvalidParameterValueException: The value A for parameter MetricDataQueries.member.1.Id is invalid.',
  ],
  [[], 'MissingRequiredParameterException: The parameter MetricDataQueries is required.'],
])('the queries %j are refused', async (MetricDataQueries, message) => {
  const { call } = await startMetrics();
  expect(refusal(() => call('GetMetricData', { MetricDataQueries, ...RANGE }))).toBe(message);
});
