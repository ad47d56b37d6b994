import { CreateDeliveryStreamCommand, DescribeDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import {
  CreateAppCommand,
  CreateCampaignCommand,
  CreateSegmentCommand,
  GetAppCommand,
  GetCampaignCommand,
  GetJourneyCommand,
  NotFoundException,
  PinpointClient,
  PutEventStreamCommand,
  UpdateEmailChannelCommand,
  UpdateEndpointsBatchCommand,
} from '@aws-sdk/client-pinpoint';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sdk } from '../../../edge/testing.ts';
import { trace } from '../../../ledger/index.ts';
import { countTypes, IDENTITY, ROLE_ARN, type Streamed } from '../testing.ts';
import { ACCOUNT, type ClientsBench, clientsBench, REGION } from './testing.ts';

let bench: ClientsBench;
let pinpoint: PinpointClient;
let kinesis: KinesisClient;
let name: string;
let serial = 0;

beforeAll(async () => {
  bench = await clientsBench();
  await bench.clock.hold();
  pinpoint = new PinpointClient(sdk(bench.url));
  kinesis = bench.edge.access.client(KinesisClient);
});

afterAll(async () => {
  pinpoint?.destroy();
  await bench?.[Symbol.asyncDispose]();
});

beforeEach(() => {
  name = `brook-${serial++}`;
  bench.ledger.clear();
});

const streamArn = () => `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/${name}`;
const deliveryArn = () => `arn:aws:firehose:${REGION}:${ACCOUNT}:deliverystream/${name}`;

async function createStream(): Promise<void> {
  await kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: 2 }));
  const wait = { client: kinesis, maxWaitTime: 30, minDelay: 1, maxDelay: 1 };
  await waitUntilStreamExists(wait, { StreamName: name });
}

/** Every record of the stream, as text. */
async function records(): Promise<string[]> {
  const all: string[] = [];
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName: name }));
  for (const { ShardId } of Shards) {
    const place = { StreamName: name, ShardId, ShardIteratorType: 'TRIM_HORIZON' as const };
    let { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(place));
    for (let behind = 1; behind > 0; ) {
      const answer = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
      all.push(...(answer.Records ?? []).map(({ Data }) => Buffer.from(Data ?? []).toString()));
      behind = answer.MillisBehindLatest ?? 0;
      ShardIterator = answer.NextShardIterator;
    }
  }
  return all;
}

/** An app with an event stream to `arn`, an email channel and endpoints. */
async function createApp(arn: string, addresses: readonly string[]): Promise<string> {
  const created = await pinpoint.send(new CreateAppCommand({ CreateApplicationRequest: { Name: name } }));
  const ApplicationId = created.ApplicationResponse?.Id;
  const WriteEventStream = { DestinationStreamArn: arn, RoleArn: ROLE_ARN };
  await pinpoint.send(new PutEventStreamCommand({ ApplicationId, WriteEventStream }));
  const EmailChannelRequest = { FromAddress: 'brook@example.com', Identity: IDENTITY };
  await pinpoint.send(new UpdateEmailChannelCommand({ ApplicationId, EmailChannelRequest }));
  for (let at = 0; at < addresses.length; at += 100) {
    const Item = addresses
      .slice(at, at + 100)
      .map((Address, n) => ({ Id: `e${at + n}`, ChannelType: 'EMAIL' as const, Address }));
    await pinpoint.send(new UpdateEndpointsBatchCommand({ ApplicationId, EndpointBatchRequest: { Item } }));
  }
  return ApplicationId ?? '';
}

async function runCampaign(ApplicationId: string): Promise<void> {
  const segment = await pinpoint.send(
    new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest: { Name: 'all', Dimensions: {} } }),
  );
  const WriteCampaignRequest = {
    Name: 'launch',
    SegmentId: segment.SegmentResponse?.Id,
    Schedule: { StartTime: 'IMMEDIATE' },
    MessageConfiguration: { EmailMessage: { Title: 'Hello', HtmlBody: '<a href="https://brook.example/">x</a>' } },
  };
  const created = await pinpoint.send(new CreateCampaignCommand({ ApplicationId, WriteCampaignRequest }));
  await bench.clock.advance(3_600_000);
  const CampaignId = created.CampaignResponse?.Id;
  const { CampaignResponse } = await pinpoint.send(new GetCampaignCommand({ ApplicationId, CampaignId }));
  expect(CampaignResponse?.State).toEqual({ CampaignStatus: 'COMPLETED' });
}

describe('the AWS SDK', () => {
  test('runs a campaign into a real Kinesis stream: one event per record, on a single line', async () => {
    await createStream();
    const addresses = Array.from({ length: 600 }, (_, n) =>
      n % 3 === 0 ? `a${n}+open@example.com` : `a${n}@example.com`,
    );
    await runCampaign(await createApp(streamArn(), addresses));
    const texts = await records();
    expect(texts.some((text) => text.includes('\n'))).toBe(false);
    const events: Streamed[] = texts.map((text) => JSON.parse(text));
    expect(countTypes(events)).toEqual({
      '_campaign.send': 600,
      '_email.send': 600,
      '_email.delivered': 600,
      '_email.open': 200,
    });
    expect(bench.conservation()).toMatchObject({ ok: true, accepted: 4000, consumed: 2000, held: 2000 });
    const opened = events.find(({ event_type: type }) => type === '_email.open');
    const { message_id: messageId } = opened?.facets.email_channel.mail_event.mail ?? {};
    expect(trace(bench.ledger, `${messageId}.open`)?.steps.map(({ what, where }) => `${what} ${where}`)).toEqual([
      `received pinpoint/${name}`,
      `noted pinpoint/${name}`,
      `noted pinpoint/${name}`,
      `accepted pinpoint/${name}`,
      `accepted kinesis/${name}`,
      `consumed pinpoint/${name}`,
    ]);
  });

  test('runs a campaign through a delivery stream into a bucket', async () => {
    const s3 = bench.edge.access.client(S3Client);
    const firehose = bench.edge.access.client(FirehoseClient);
    await s3.send(new CreateBucketCommand({ Bucket: name }));
    const S3DestinationConfiguration = { RoleARN: ROLE_ARN, BucketARN: `arn:aws:s3:::${name}` };
    const creation = { DeliveryStreamName: name, S3DestinationConfiguration };
    await firehose.send(new CreateDeliveryStreamCommand(creation));
    await bench.clock.advance(60_000);
    const { DeliveryStreamDescription } = await firehose.send(
      new DescribeDeliveryStreamCommand({ DeliveryStreamName: name }),
    );
    expect(DeliveryStreamDescription?.DeliveryStreamStatus).toBe('ACTIVE');
    await runCampaign(await createApp(deliveryArn(), ['a+click@example.com', 'bounce@simulator.amazonses.com']));
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: name }));
    const bodies = Contents.map(async ({ Key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: name, Key }));
      return await Body?.transformToString();
    });
    // Without a delimiter: whoever reads such objects has to part them.
    const events: Streamed[] = JSON.parse(`[${(await Promise.all(bodies)).join('').replaceAll('}{', '},{')}]`);
    expect(countTypes(events)).toEqual({
      '_campaign.send': 2,
      '_email.send': 2,
      '_email.delivered': 1,
      '_email.open': 1,
      '_email.click': 1,
      '_email.hardbounce': 1,
    });
    expect(bench.conservation()).toMatchObject({ ok: true, accepted: 16, consumed: 8, stored: 8, held: 0 });
    const click = events.find(({ event_type: type }) => type === '_email.click');
    const messageId = click?.facets.email_channel.mail_event.mail.message_id;
    const journey = trace(bench.ledger, `${messageId}.click`)?.steps ?? [];
    expect(journey.at(-1)).toMatchObject({ what: 'stored', into: [expect.stringContaining(`object/${name}/`)] });
  });

  test('gets errors as its own exceptions', async () => {
    const missing = await pinpoint
      .send(new GetAppCommand({ ApplicationId: 'nothing' }))
      .catch((error: unknown) => error);
    expect(missing).toBeInstanceOf(NotFoundException);
    expect(missing).toMatchObject({ name: 'NotFoundException', message: 'Application not found', $fault: 'client' });
    const { RequestID, $metadata } = missing as NotFoundException;
    expect(RequestID).toBe($metadata.requestId);
    const journey = new GetJourneyCommand({ ApplicationId: 'a', JourneyId: 'j' });
    await expect(pinpoint.send(journey)).rejects.toMatchObject({
      name: 'NotImplementedException',
      message: 'The Pinpoint emulator of naetmul does not support the operation GetJourney.',
    });
    const gone = createApp(streamArn(), []);
    await expect(gone).rejects.toMatchObject({
      name: 'BadRequestException',
      message: expect.stringMatching(/^Destination stream validation failed, .*ResourceNotFoundException: .*brook-/),
    });
  });
});

test('boto3 makes an app, reports events and sends mails', async () => {
  await createStream();
  const answer = await bench.python(`
import boto3, json
from botocore.exceptions import ClientError
p = boto3.client("pinpoint")
app = p.create_app(CreateApplicationRequest={"Name": "${name}", "tags": {"team": "brook"}})["ApplicationResponse"]
stream = {"DestinationStreamArn": "${streamArn()}", "RoleArn": "${ROLE_ARN}"}
p.put_event_stream(ApplicationId=app["Id"], WriteEventStream=stream)
p.update_email_channel(ApplicationId=app["Id"], EmailChannelRequest={"FromAddress": "brook@example.com", "Identity": "${IDENTITY}"})
event = {"EventType": "purchase", "Timestamp": "2022-01-27T05:48:25Z", "Metrics": {"price": 645.5}}
put = p.put_events(ApplicationId=app["Id"], EventsRequest={"BatchItem": {"e1": {"Endpoint": {}, "Events": {"ev1": event}}}})
part = {"Data": "hello", "Charset": "UTF-8"}
sent = p.send_messages(ApplicationId=app["Id"], MessageRequest={
  "Addresses": {"success@simulator.amazonses.com": {"ChannelType": "EMAIL"}},
  "MessageConfiguration": {"EmailMessage": {"SimpleEmail": {"Subject": part, "TextPart": part}}}})
try:
  p.get_segment(ApplicationId=app["Id"], SegmentId="none")
except p.exceptions.NotFoundException as error:
  failure = error.response
print(json.dumps({
  "status": put["ResponseMetadata"]["HTTPStatusCode"],
  "results": put["EventsResponse"]["Results"],
  "sent": [one["DeliveryStatus"] for one in sent["MessageResponse"]["Result"].values()],
  "tags": p.list_tags_for_resource(ResourceArn=app["Arn"])["TagsModel"]["tags"],
  "stream": p.get_event_stream(ApplicationId=app["Id"])["EventStream"]["DestinationStreamArn"],
  "failure": [failure["Error"]["Code"], failure["Error"]["Message"], "RequestID" in failure],
}))
`);
  const accepted = { StatusCode: 202, Message: 'Accepted' };
  expect(answer).toEqual({
    status: 202,
    results: { e1: { EndpointItemResponse: accepted, EventsItemResponse: { ev1: accepted } } },
    sent: ['SUCCESSFUL'],
    tags: { team: 'brook' },
    stream: streamArn(),
    failure: ['NotFoundException', 'Resource not found', true],
  });
  await bench.clock.advance(60_000);
  const types = (await records()).map((text) => JSON.parse(text).event_type);
  expect(types.sort()).toEqual(['_email.delivered', '_email.send', 'purchase']);
});

test('the AWS CLI makes an app and moves its event stream', async () => {
  await createStream();
  const created = await bench.cli('pinpoint', 'create-app', '--create-application-request', `Name=${name}`);
  const { Id = '', Arn = '' } = (created as { ApplicationResponse: Record<string, string> }).ApplicationResponse;
  const app = ['--application-id', Id];
  const stream = `DestinationStreamArn=${streamArn()},RoleArn=${ROLE_ARN}`;
  const put = await bench.cli('pinpoint', 'put-event-stream', ...app, '--write-event-stream', stream);
  expect(put).toEqual({
    EventStream: {
      ApplicationId: Id,
      DestinationStreamArn: streamArn(),
      RoleArn: ROLE_ARN,
      LastModifiedDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      LastUpdatedBy: `arn:aws:iam::${ACCOUNT}:root`,
    },
  });
  const event = { EventType: 'visit', Timestamp: '2022-01-27T05:48:25Z' };
  const batch = JSON.stringify({ BatchItem: { e1: { Endpoint: {}, Events: { ev1: event } } } });
  await bench.cli('pinpoint', 'put-events', ...app, '--events-request', batch);
  await bench.clock.advance(5000);
  expect((await records()).map((text) => JSON.parse(text).event_type)).toEqual(['visit']);
  await bench.cli('pinpoint', 'tag-resource', '--resource-arn', Arn, '--tags-model', 'tags={stage=PROD}');
  const tags = await bench.cli('pinpoint', 'list-tags-for-resource', '--resource-arn', Arn);
  expect(tags).toEqual({ TagsModel: { tags: { stage: 'PROD' } } });
  await bench.cli('pinpoint', 'delete-event-stream', ...app);
  await expect(bench.cli('pinpoint', 'get-event-stream', ...app)).rejects.toThrow(
    'An error occurred (NotFoundException) when calling the GetEventStream operation: Resource not found',
  );
});
