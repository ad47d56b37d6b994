import { GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeLogStreamsCommand, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-kinesis';
import { expect, scenario } from '../harness/kit/index.ts';

const BODY = '{"value":"30","type":"Tip 3"}';

scenario(
  'one curl: from the answer’s sequence number to the object in S3',
  async ({ aws, clock, eventually, ingest, tell }) => {
    await tell.step('It is 14:48:25 on 27 January 2022 in Seoul; somebody types the workshop’s curl');
    await clock.set('2022-01-27T14:48:25+09:00');
    const answer = await ingest.post(BODY);

    await tell.step('The answer is a sequence number and a shard, nothing else');
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.json)).toEqual(['SequenceNumber', 'ShardId']);
    expect(answer.json.SequenceNumber).toMatch(/^\d{56}$/);
    expect(answer.json.ShardId).toBe('shardId-000000000000');
    expect(answer.text).toBe(JSON.stringify(answer.json));
    expect(answer.headers['content-type']).toBe('application/json');
    expect(ingest.url).toMatch(/\/PROD\/v1$/);

    await tell.step('Check 1: the newest stream of the execution log says that the method completed with status 200');
    const logGroupName = `API-Gateway-Execution-Logs_${ingest.apiId}/${ingest.stage}`;
    const lines = await eventually(async () => {
      const { logStreams = [] } = await aws.logs.send(
        new DescribeLogStreamsCommand({ logGroupName, orderBy: 'LastEventTime', descending: true, limit: 1 }),
      );
      const logStreamName = logStreams[0]?.logStreamName;
      const { events = [] } = await aws.logs.send(
        new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true }),
      );
      const requestId = answer.headers['x-amzn-requestid'];
      const own = events.map((event) => event.message ?? '').filter((message) => message.startsWith(`(${requestId})`));
      expect(own).toContain(`(${requestId}) Method completed with status: 200`);
      return own;
    });
    expect(lines.some((line) => line.includes('HTTP Method: POST, Resource Path: /v1'))).toBe(true);
    expect(lines.some((line) => line.includes(`Method request body before transformations: ${BODY}`))).toBe(true);

    await tell.step(
      'Check 2: the sum of the stream’s incoming records, and the count of the API’s calls, is the number sent',
    );
    for (const [Namespace, MetricName, Dimensions] of [
      ['AWS/Kinesis', 'IncomingRecords', [{ Name: 'StreamName', Value: ingest.stream }]],
      ['AWS/ApiGateway', 'Count', [{ Name: 'ApiName', Value: 'ingest' }]],
    ] as const) {
      await clock.advance('1s');
      await eventually(async () => {
        const { Datapoints = [] } = await aws.cloudwatch.send(
          new GetMetricStatisticsCommand({
            Namespace,
            MetricName,
            Dimensions: [...Dimensions],
            StartTime: new Date('2022-01-27T05:40:00Z'),
            EndTime: new Date('2022-01-27T06:00:00Z'),
            Period: 60,
            Statistics: ['Sum'],
          }),
        );
        expect(Datapoints.reduce((sum, point) => sum + (point.Sum ?? 0), 0)).toBe(1);
      });
    }

    await tell.step('The record itself is in the stream, under that sequence number');
    const { ShardIterator } = await aws.kinesis.send(
      new GetShardIteratorCommand({
        StreamName: ingest.stream,
        ShardId: answer.json.ShardId,
        ShardIteratorType: 'AT_SEQUENCE_NUMBER',
        StartingSequenceNumber: answer.json.SequenceNumber,
      }),
    );
    const { Records = [] } = await aws.kinesis.send(new GetRecordsCommand({ ShardIterator }));
    expect(Records.map((record) => Buffer.from(record.Data ?? []).toString())).toEqual([BODY]);

    await tell.step(
      'Checks 3 and 4: after the buffer interval, Firehose has put an object under rawdata/, in the UTC hour',
    );
    expect(await ingest.keys()).toEqual([]);
    await clock.advance('5m');
    const keys = await ingest.keys();
    expect(keys).toEqual([expect.stringMatching(/^rawdata\/2022\/01\/27\/05\//)]);
    expect((await ingest.object(keys[0] as string)).toString()).toBe(BODY);

    await tell.step('The ledger shows every step of the way');
    const journey = await tell.journey('The record’s journey', answer.json.SequenceNumber);
    expect(journey.steps.map((step) => `${step.what} at ${step.where}`)).toEqual([
      'received at apigateway/ingest',
      `accepted at kinesis/${ingest.stream}`,
      `accepted at firehose/${ingest.deliveryStream}`,
      `stored at firehose/${ingest.deliveryStream}`,
    ]);
    expect(journey.steps.at(-1)?.into).toEqual([`object/${ingest.bucket}/${keys[0]}`]);
  },
);
