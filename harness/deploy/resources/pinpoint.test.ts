import {
  DeleteAppCommand,
  GetAppCommand,
  GetAppsCommand,
  GetCampaignCommand,
  GetEmailChannelCommand,
  GetEmailTemplateCommand,
  GetEventStreamCommand,
  GetSegmentCommand,
  PinpointClient,
} from '@aws-sdk/client-pinpoint';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRandom } from '../../clock/index.ts';
import type { EmulatorContext } from '../../edge/emulator.ts';
import { type TestEdge, testEdge } from '../../edge/testing.ts';
import { createPinpoint } from '../../emulators/pinpoint/index.ts';
import { type Deployed, deploy } from '../index.ts';
import { checkTemplate } from '../template/load.ts';
import { parseTemplateText } from '../template/parse.ts';

const TEMPLATE = `
Resources:
  App: { Type: "AWS::Pinpoint::App", Properties: { Name: brook, Tags: { team: 물 } } }
  Stream:
    Type: AWS::Pinpoint::EventStream
    Properties:
      ApplicationId: !Ref App
      DestinationStreamArn: !Sub "arn:aws:firehose:\${AWS::Region}:\${AWS::AccountId}:deliverystream/events"
      RoleArn: arn:aws:iam::000000000000:role/pinpoint
  Channel:
    Type: AWS::Pinpoint::EmailChannel
    Properties:
      ApplicationId: !GetAtt App.Id
      FromAddress: brook@example.com
      Identity: arn:aws:ses:us-east-1:000000000000:identity/example.com
      Enabled: "true"
  Words:
    Type: AWS::Pinpoint::EmailTemplate
    Properties: { TemplateName: words, Subject: The brook, HtmlPart: <p>It flows</p>, Tags: { team: 물 } }
  Readers:
    Type: AWS::Pinpoint::Segment
    Properties:
      ApplicationId: !Ref App
      Name: readers
      Dimensions: { Attributes: { city: { AttributeType: INCLUSIVE, Values: [Seoul] } } }
  News:
    Type: AWS::Pinpoint::Campaign
    DependsOn: Channel
    Properties:
      ApplicationId: !Ref App
      SegmentId: !GetAtt Readers.SegmentId
      Name: news
      HoldoutPercent: "10"
      Limits: { MessagesPerSecond: "50" }
      Schedule: { StartTime: 2099-01-27T05:48:25Z, TimeZone: UTC+09 }
      TemplateConfiguration: { EmailTemplate: { Name: !Ref Words } }
      Tags: { team: 물 }
Outputs:
  App: { Value: !GetAtt App.Arn }
  Segment: { Value: !GetAtt Readers.Arn }
  SegmentId: { Value: !GetAtt Readers.SegmentId }
  Campaign: { Value: !GetAtt News.Arn }
  CampaignId: { Value: !GetAtt News.CampaignId }
  Words: { Value: !GetAtt Words.Arn }
`;

const DELIVERY = {
  DeliveryStreamARN: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/events',
  DeliveryStreamStatus: 'ACTIVE',
  DeliveryStreamType: 'DirectPut',
};

let edge: TestEdge;
let pinpoint: PinpointClient;
let stack: Deployed;

const idOf = (logicalId: string) => stack.resources.find((one) => one.logicalId === logicalId)?.physicalId ?? '';

beforeEach(async () => {
  edge = await testEdge();
  const context = {
    clock: edge.clock,
    random: createRandom('pinpoint'),
    ledger: { append: () => 0 },
    // Nothing is streamed here, and so the destination of events need only be there.
    aws: { client: () => ({ send: async () => ({ DeliveryStreamDescription: DELIVERY }) }) },
    log: { info() {}, warn() {}, error() {} },
    defaults: { region: 'us-east-1', accountId: '000000000000' },
  } as unknown as EmulatorContext;
  edge.edge.register(createPinpoint(context));
  pinpoint = edge.edge.access.client(PinpointClient, 'us-east-1');
  stack = await deploy(await checkTemplate(parseTemplateText(TEMPLATE, 't.yaml'), 't.yaml'), {
    name: 'analytics',
    aws: edge.edge.access,
    region: 'us-east-1',
    accountId: '000000000000',
    progress: () => undefined,
    urlFor: () => '',
  });
});

afterEach(() => edge[Symbol.asyncDispose]());

test('an app and what belongs to it are made as the template says', async () => {
  const ApplicationId = idOf('App');
  expect(ApplicationId).toMatch(/^[0-9a-f]{32}$/);
  const { ApplicationResponse } = await pinpoint.send(new GetAppCommand({ ApplicationId }));
  expect(ApplicationResponse).toMatchObject({ Name: 'brook', tags: { team: '물' } });
  const { EventStream } = await pinpoint.send(new GetEventStreamCommand({ ApplicationId }));
  expect(EventStream).toMatchObject({
    DestinationStreamArn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/events',
    RoleArn: 'arn:aws:iam::000000000000:role/pinpoint',
  });
  for (const part of ['Stream', 'Channel', 'Readers']) expect(idOf(part), part).toBe(ApplicationId);
  const { EmailChannelResponse } = await pinpoint.send(new GetEmailChannelCommand({ ApplicationId }));
  expect(EmailChannelResponse).toMatchObject({ FromAddress: 'brook@example.com', Enabled: true });
  const { EmailTemplateResponse } = await pinpoint.send(new GetEmailTemplateCommand({ TemplateName: idOf('Words') }));
  expect(EmailTemplateResponse).toMatchObject({ Subject: 'The brook', HtmlPart: '<p>It flows</p>' });
  const { SegmentId, CampaignId } = stack.outputs;
  expect(idOf('News')).toBe(`${ApplicationId}|${SegmentId}`);
  const { SegmentResponse } = await pinpoint.send(new GetSegmentCommand({ ApplicationId, SegmentId }));
  expect(SegmentResponse).toMatchObject({
    Name: 'readers',
    Dimensions: { Attributes: { city: { AttributeType: 'INCLUSIVE', Values: ['Seoul'] } } },
  });
  const { CampaignResponse } = await pinpoint.send(new GetCampaignCommand({ ApplicationId, CampaignId }));
  expect(CampaignResponse).toMatchObject({
    Name: 'news',
    HoldoutPercent: 10,
    Limits: { MessagesPerSecond: 50 },
    Schedule: { StartTime: '2099-01-27T05:48:25Z', Timezone: 'UTC+09' },
    SegmentId,
    TemplateConfiguration: { EmailTemplate: { Name: 'words' } },
    tags: { team: '물' },
  });
  const arn = 'arn:aws:mobiletargeting:us-east-1:000000000000';
  expect(stack.outputs).toEqual({
    App: `${arn}:apps/${ApplicationId}`,
    Segment: `${arn}:apps/${ApplicationId}/segments/${SegmentId}`,
    SegmentId: expect.stringMatching(/^[0-9a-f]{32}$/),
    Campaign: `${arn}:apps/${ApplicationId}/campaigns/${CampaignId}`,
    CampaignId: expect.stringMatching(/^[0-9a-f]{32}$/),
    Words: `${arn}:templates/words/EMAIL`,
  });
});

test('an app that was lost is made again with all that belongs to it, and all go in the end', async () => {
  const ApplicationId = idOf('App');
  await pinpoint.send(new DeleteAppCommand({ ApplicationId }));
  await stack.redeploy();
  expect(idOf('App')).not.toBe(ApplicationId);
  const { CampaignId, SegmentId } = stack.outputs;
  const again = new GetCampaignCommand({ ApplicationId: idOf('App'), CampaignId });
  expect((await pinpoint.send(again)).CampaignResponse?.SegmentId).toBe(SegmentId);
  await stack.undeploy();
  expect((await pinpoint.send(new GetAppsCommand({}))).ApplicationsResponse?.Item).toEqual([]);
  await expect(pinpoint.send(new GetEmailTemplateCommand({ TemplateName: 'words' }))).rejects.toMatchObject({
    name: 'NotFoundException',
  });
});
