import { expect, test } from 'vitest';
import { MINUTE, NOON, refusal, startMetrics } from '../testing.ts';

const DAY = 1440 * MINUTE;

test('values, values with counts and statistic sets of one minute add up', async () => {
  const { call } = await startMetrics();
  const put = (datum: object) =>
    call('PutMetricData', { Namespace: 'brook', MetricData: [{ MetricName: 'drops', Unit: 'Count', ...datum }] });
  put({ Value: 3, Timestamp: new Date(NOON - 500) });
  put({ Value: 5 });
  put({ Values: [1, 2], Counts: [10, 1] });
  put({ StatisticValues: { SampleCount: 4, Sum: 40, Minimum: 0.5, Maximum: 20 } });
  const Statistics = ['SampleCount', 'Sum', 'Minimum', 'Maximum'];
  const input = { Namespace: 'brook', MetricName: 'drops', Period: 60, Statistics };
  const range = { StartTime: new Date(NOON - MINUTE), EndTime: new Date(NOON + MINUTE) };
  expect(call('GetMetricStatistics', { ...input, ...range }).Datapoints).toEqual([
    { Timestamp: new Date(NOON - MINUTE), SampleCount: 1, Sum: 3, Minimum: 3, Maximum: 3, Unit: 'Count' },
    { Timestamp: new Date(NOON), SampleCount: 16, Sum: 57, Minimum: 0.5, Maximum: 20, Unit: 'Count' },
  ]);
});

test('another account’s metrics are not seen', async () => {
  const { call } = await startMetrics();
  const put = { Namespace: 'brook', MetricData: [{ MetricName: 'drops', Value: 1 }] };
  call('PutMetricData', put, { accountId: '111111111111' });
  expect(call('ListMetrics', {}).Metrics).toEqual([]);
});

test.each([
  ['AWS/Mine', {}, 'InvalidParameterValueException: The value AWS/ for parameter Namespace is invalid.'],
  [
    'brook',
    { StatisticValues: { SampleCount: 1, Sum: 1, Minimum: 1, Maximum: 1 } },
    'InvalidParameterCombinationException: The parameters MetricData.member.2.Value and MetricData.member.2.StatisticValues are mutually exclusive and you have specified both.',
  ],
  [
    'brook',
    { Value: undefined, Values: [1, 2], Counts: [1] },
    'InvalidParameterValueException: The parameters MetricData.member.2.Values and MetricData.member.2.Counts must be of the same size.',
  ],
  [
    'brook',
    { Value: Number.NaN },
    'InvalidParameterValueException: The value NaN for parameter MetricData.member.2.Value is invalid.',
  ],
  [
    'brook',
    { Unit: 'Litres' },
    'InvalidParameterValueException: The value Litres for parameter MetricData.member.2.Unit is invalid.',
  ],
  [
    'brook',
    { Timestamp: new Date(NOON - 14 * DAY - 1) },
    'InvalidParameterValueException: The parameter MetricData.member.2.Timestamp must specify a time no more than two weeks in the past.',
  ],
  [
    'brook',
    { Timestamp: new Date(NOON + 120 * MINUTE + 1) },
    'InvalidParameterValueException: The parameter MetricData.member.2.Timestamp must specify a time no more than two hours in the future.',
  ],
])('in %s the datum %j is refused, and nothing of its call is kept', async (Namespace, change, message) => {
  const { call } = await startMetrics();
  const datum = { MetricName: 'drops', Value: 1 };
  expect(refusal(() => call('PutMetricData', { Namespace, MetricData: [datum, { ...datum, ...change }] }))).toBe(
    message,
  );
  expect(call('ListMetrics', {}).Metrics).toEqual([]);
});
