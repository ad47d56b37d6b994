import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateDeliveryStreamCommand, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { type AwsClients, createFunction, describe, expect, scenario } from '../harness/kit/index.ts';

const RECORDS = 10;
/** 1 + 3 tries, unless the processor says otherwise. */
const TRIES = 4;
const ROLE = 'arn:aws:iam::000000000000:role/delivery';
const UPPER_CASE = `
export const handler = async ({ records }) => ({
  records: records.map(({ recordId, data }) => ({
    recordId,
    result: 'Ok',
    data: Buffer.from(Buffer.from(data, 'base64').toString().toUpperCase() + '\\n').toString('base64'),
  })),
});
`;

/** A delivery stream into a bucket, whose records go through the function. */
async function transformingStream(aws: AwsClients, name: string): Promise<void> {
  const arn = await createFunction(aws.lambda, name, UPPER_CASE, { timeoutSeconds: 1 });
  const LocationConstraint = 'ap-northeast-2';
  await aws.s3.send(new CreateBucketCommand({ Bucket: name, CreateBucketConfiguration: { LocationConstraint } }));
  await aws.firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: name,
      DeliveryStreamType: 'DirectPut',
      ExtendedS3DestinationConfiguration: {
        BucketARN: `arn:aws:s3:::${name}`,
        RoleARN: ROLE,
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
        ProcessingConfiguration: {
          Enabled: true,
          Processors: [{ Type: 'Lambda', Parameters: [{ ParameterName: 'LambdaArn', ParameterValue: arn }] }],
        },
      },
    }),
  );
}

async function objectsOf({ s3 }: AwsClients, Bucket: string): Promise<Map<string, string>> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  const objects = new Map<string, string>();
  for (const { Key = '' } of Contents) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    objects.set(Key, (await Body?.transformToString()) ?? '');
  }
  return objects;
}

/** How often the function ran, as its log tells. */
async function runsOf({ logs }: AwsClients, name: string): Promise<number> {
  const { events = [] } = await logs.send(
    new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}`, filterPattern: '"START RequestId"' }),
  );
  return events.length;
}

describe.for([
  { timeOuts: 1, ends: 'transformed' },
  { timeOuts: 2, ends: 'transformed' },
  { timeOuts: 3, ends: 'transformed' },
  { timeOuts: 100, ends: 'in processing-failed/' },
])('a transforming function that times out $timeOuts times', ({ timeOuts, ends }) => {
  const isTransformed = ends === 'transformed';
  const runs = Math.min(timeOuts + 1, TRIES);

  scenario(`runs ${runs} times, and its records are ${ends}`, async ({ testbench, aws, clock, tell }) => {
    const name = `brook-${timeOuts}`;
    await clock.set('2022-01-27T14:48:25+09:00');
    await transformingStream(aws, name);
    await testbench.addFault({ at: `lambda/${name}`, kind: 'time-out', times: timeOuts });

    await tell.step(`${RECORDS} records are put, and wait a minute for the function`);
    const data = Array.from({ length: RECORDS }, (_, n) => `record ${n}`);
    const Records = data.map((text) => ({ Data: Buffer.from(text) }));
    await aws.firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: name, Records }));
    await clock.advance('10m');

    await tell.step('How often it ran, and where the records are');
    const ran = await runsOf(aws, name);
    tell.figure('runs', ran);
    expect(ran).toBe(runs);
    const objects = [...(await objectsOf(aws, name))];
    expect(objects).toHaveLength(1);
    const [[key, content] = ['', '']] = objects;
    tell.figure('object', key);
    if (isTransformed) {
      expect(key).toMatch(new RegExp(`^2022/01/27/05/${name}-1-`));
      expect(content).toBe(data.map((text) => `${text.toUpperCase()}\n`).join(''));
      return;
    }
    expect(key).toMatch(new RegExp(`^processing-failed/2022/01/27/05/${name}-1-`));
    const lines = content
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ rawData }) => Buffer.from(rawData, 'base64').toString())).toEqual(data);
    for (const line of lines) {
      expect(line).toMatchObject({
        attemptsMade: TRIES,
        errorCode: 'Lambda.FunctionTimedOut',
        errorMessage: 'The Lambda function invocation timed out. Increase the Timeout setting in the Lambda function.',
      });
    }
  });
});
