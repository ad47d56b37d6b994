import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MINUTE, NOON, refusal, startMetrics } from '../testing.ts';

const INPUT = {
  Namespace: 'AWS/ApiGateway',
  MetricName: 'Latency',
  Dimensions: [{ Name: 'ApiName', Value: 'v1' }],
  StartTime: new Date(NOON),
  EndTime: new Date(NOON + 10 * MINUTE),
  Period: 60,
  Statistics: ['Sum'],
};

test('a datapoint has the statistics asked for, its unit and its beginning', async () => {
  const { sink, call } = await startMetrics();
  for (const ms of [4, 10, 7]) sink.count('AWS/ApiGateway', 'Latency', { ApiName: 'v1' }, ms, 'Milliseconds');
  const Statistics = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'];
  expect(call('GetMetricStatistics', { ...INPUT, Statistics })).toEqual({
    Label: 'Latency',
    Datapoints: [
      {
        Timestamp: new Date(NOON),
        SampleCount: 3,
        Average: 7,
        Sum: 21,
        Minimum: 4,
        Maximum: 10,
        Unit: 'Milliseconds',
      },
    ],
  });
});

test('each unit has datapoints of its own, and a unit can be asked for', async () => {
  const { sink, call } = await startMetrics();
  sink.count('AWS/ApiGateway', 'Latency', { ApiName: 'v1' }, 1, 'Seconds');
  sink.count('AWS/ApiGateway', 'Latency', { ApiName: 'v1' }, 1000, 'Milliseconds');
  const both = call('GetMetricStatistics', INPUT).Datapoints;
  expect(both.map(({ Unit }: { Unit: string }) => Unit).sort()).toEqual(['Milliseconds', 'Seconds']);
  expect(call('GetMetricStatistics', { ...INPUT, Unit: 'Seconds' }).Datapoints).toMatchObject([{ Sum: 1 }]);
});

test('the start is rounded down to a minute and inclusive, the end exclusive', async () => {
  const { sink, clock, call } = await startMetrics();
  for (let minute = 0; minute < 4; minute++) {
    sink.count('AWS/ApiGateway', 'Latency', { ApiName: 'v1' }, minute);
    await clock.advance(MINUTE);
  }
  const range = { StartTime: new Date(NOON + MINUTE + 59_999), EndTime: new Date(NOON + 3 * MINUTE) };
  expect(call('GetMetricStatistics', { ...INPUT, ...range }).Datapoints).toMatchObject([{ Sum: 1 }, { Sum: 2 }]);
});

test('whatever the period, the sums of a range add up to what was counted in it', async () => {
  const { sink, clock, call } = await startMetrics();
  for (let minute = 0; minute < 30; minute++) {
    sink.count('AWS/ApiGateway', 'Latency', { ApiName: 'v1' }, minute);
    await clock.advance(MINUTE);
  }
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 29 }),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 20 }),
      (from, length, period) => {
        const to = Math.min(30, from + length);
        const { Datapoints } = call('GetMetricStatistics', {
          ...INPUT,
          StartTime: new Date(NOON + from * MINUTE),
          EndTime: new Date(NOON + to * MINUTE),
          Period: period * 60,
        });
        const sum = Datapoints.reduce((total: number, point: { Sum: number }) => total + point.Sum, 0);
        expect(sum).toBe(((to - from) * (from + to - 1)) / 2);
        expect(Datapoints).toHaveLength(Math.ceil((to - from) / period));
      },
    ),
  );
});

test('a whole day by the minute is as much as one answer can hold', async () => {
  const { call } = await startMetrics();
  const EndTime = new Date(NOON + 1440 * MINUTE);
  expect(call('GetMetricStatistics', { ...INPUT, EndTime }).Datapoints).toEqual([]);
  expect(refusal(() => call('GetMetricStatistics', { ...INPUT, EndTime: new Date(NOON + 1441 * MINUTE) }))).toBe(
    'InvalidParameterCombinationException: You have requested up to 1,441 datapoints, which exceeds the limit of 1,440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.',
  );
});

test.each([
  [
    { EndTime: INPUT.StartTime },
    'InvalidParameterValueException: The parameter StartTime must be less than the parameter EndTime.',
  ],
  [{ Statistics: [] }, 'MissingRequiredParameterException: The parameter Statistics is required.'],
  [
    { Statistics: ['Median'] },
    'InvalidParameterValueException: The value Median for parameter Statistics.member.1 is invalid.',
  ],
  [
    { ExtendedStatistics: ['p99'] },
    'InvalidParameterValueException: ExtendedStatistics is not supported by naetmul; docs/fidelity/cloudwatch.md lists what is.',
  ],
  [{ Period: 90 }, 'InvalidParameterValueException: The parameter Period must be a multiple of 60.'],
  [{ Namespace: undefined }, 'MissingRequiredParameterException: The parameter Namespace is required.'],
])('%j is refused', async (change, message) => {
  const { call } = await startMetrics();
  expect(refusal(() => call('GetMetricStatistics', { ...INPUT, ...change }))).toBe(message);
});
