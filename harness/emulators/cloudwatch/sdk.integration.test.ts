import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchClient,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { expect, onTestFinished, test } from 'vitest';
import { createClock, createRandom } from '../../clock/index.ts';
import { createEdge } from '../../edge/index.ts';
import { LedgerStore } from '../../ledger/index.ts';
import { createCloudWatch } from './index.ts';

const NOON = Date.UTC(2022, 0, 27, 12);
const DEFAULTS = { region: 'ap-northeast-2', accountId: '000000000000' };
const LOG = { info() {}, warn() {}, error() {} };

/** CloudWatch behind an edge on a free port, with the clock at noon on 27 January 2022. */
async function startBehindEdge() {
  const dataDir = await mkdtemp(join(tmpdir(), 'naetmul-metrics-'));
  const clock = createClock();
  await clock.travelTo(NOON);
  const ledger = new LedgerStore(join(dataDir, 'ledger.sqlite'), () => clock.now());
  const shared = { clock, random: createRandom('metrics'), ledger, log: LOG, defaults: DEFAULTS };
  const edge = createEdge({ ...shared, port: 0, upstream: () => undefined });
  const metrics = createCloudWatch({ ...shared, aws: edge.access, dataDir });
  edge.register(metrics);
  const { url } = await edge.listen();
  const client = new CloudWatchClient({
    region: DEFAULTS.region,
    endpoint: url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  onTestFinished(async () => {
    client.destroy();
    await edge.close();
    ledger[Symbol.dispose]();
    clock.close();
    await rm(dataDir, { recursive: true });
  });
  return { client, metrics };
}

const RANGE = { StartTime: new Date(NOON - 3_600_000), EndTime: new Date(NOON + 3_600_000) };
const ByApi = [{ Name: 'ApiName', Value: 'v1' }];

test('the SDK reads through the edge the sum of what the sink counted', async () => {
  const { client, metrics } = await startBehindEdge();
  for (let request = 0; request < 7; request++) {
    metrics.sink.count('AWS/ApiGateway', 'Count', { ApiName: 'v1' }, 1);
    metrics.sink.count('AWS/ApiGateway', 'Count', { ApiName: 'v1', Stage: 'PROD' }, 1);
  }
  const metric = { Namespace: 'AWS/ApiGateway', MetricName: 'Count', Dimensions: ByApi };
  const statistics = await client.send(
    new GetMetricStatisticsCommand({ ...metric, ...RANGE, Period: 300, Statistics: ['Sum', 'SampleCount'] }),
  );
  expect(statistics.Datapoints).toEqual([{ Timestamp: new Date(NOON), Sum: 7, SampleCount: 7, Unit: 'Count' }]);
  const data = await client.send(
    new GetMetricDataCommand({
      ...RANGE,
      MetricDataQueries: [{ Id: 'sum', MetricStat: { Metric: metric, Period: 60, Stat: 'Sum' } }],
    }),
  );
  expect(data.MetricDataResults).toEqual([
    { Id: 'sum', Label: 'Count', Timestamps: [new Date(NOON)], Values: [7], StatusCode: 'Complete' },
  ]);
});

test('the SDK’s own metrics are listed and summed up', async () => {
  const { client } = await startBehindEdge();
  const datum = { MetricName: 'drops', Unit: 'Count' as const, Timestamp: new Date(NOON) };
  await client.send(
    new PutMetricDataCommand({
      Namespace: 'brook',
      MetricData: [
        { ...datum, Value: 2.5 },
        { ...datum, StatisticValues: { SampleCount: 2, Sum: 4, Minimum: 1, Maximum: 3 } },
      ],
    }),
  );
  const { Metrics } = await client.send(new ListMetricsCommand({ Namespace: 'brook' }));
  expect(Metrics).toEqual([{ Namespace: 'brook', MetricName: 'drops', Dimensions: [] }]);
  const { Datapoints } = await client.send(
    new GetMetricStatisticsCommand({
      Namespace: 'brook',
      MetricName: 'drops',
      ...RANGE,
      Period: 60,
      Statistics: ['Sum'],
    }),
  );
  expect(Datapoints).toMatchObject([{ Sum: 6.5 }]);
});

test('errors arrive as the SDK’s own classes with AWS’s words', async () => {
  const { client } = await startBehindEdge();
  const input = { Namespace: 'AWS/Mine', MetricData: [{ MetricName: 'drops', Value: 1 }] };
  await expect(client.send(new PutMetricDataCommand(input))).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message: 'The value AWS/ for parameter Namespace is invalid.',
  });
});

test('alarms are refused by name', async () => {
  const { client } = await startBehindEdge();
  const alarm = {
    AlarmName: 'a',
    EvaluationPeriods: 1,
    ComparisonOperator: 'GreaterThanThreshold' as const,
    MetricName: 'drops',
    Namespace: 'brook',
    Period: 60,
    Threshold: 1,
  };
  await expect(client.send(new PutMetricAlarmCommand(alarm))).rejects.toThrow(/PutMetricAlarm/);
});
