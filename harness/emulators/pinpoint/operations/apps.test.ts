import { describe, expect, test } from 'vitest';
import { appBench, awsError, DELIVERY_ARN, IDENTITY, pinpointBench, ROLE_ARN, STREAM_ARN } from '../testing.ts';

const notFound = (Message: string) => ({
  code: 'NotFoundException',
  status: 404,
  message: Message,
  members: { Message, RequestID: expect.stringMatching(/^request-\d+$/) },
});
const bad = (Message: string) => ({ code: 'BadRequestException', status: 400, message: Message });

describe('apps', () => {
  test('are made, shown, listed by page and deleted', async () => {
    const { call } = await pinpointBench();
    for (const Name of ['a', 'b', 'c']) await call('CreateApp', { CreateApplicationRequest: { Name } });
    const { ApplicationsResponse: first } = await call('GetApps', { PageSize: '2' });
    expect(first.Item.map(({ Name }: { Name: string }) => Name)).toEqual(['a', 'b']);
    const { ApplicationsResponse: rest } = await call('GetApps', { PageSize: '2', Token: first.NextToken });
    expect(rest).toEqual({ Item: [expect.objectContaining({ Name: 'c' })] });
    const [{ Id }] = first.Item;
    expect(Id).toMatch(/^[0-9a-f]{32}$/);
    const shown = {
      ApplicationResponse: {
        Arn: `arn:aws:mobiletargeting:us-east-1:000000000000:apps/${Id}`,
        Id,
        Name: 'a',
        CreationDate: '2022-01-27T05:48:25.000Z',
      },
    };
    expect(await call('GetApp', { ApplicationId: Id })).toEqual(shown);
    expect(await call('DeleteApp', { ApplicationId: Id })).toEqual(shown);
    await expect(call('GetApp', { ApplicationId: Id })).rejects.toMatchObject(notFound('Application not found'));
  });

  test('belong to their account and region', async () => {
    const { call, ApplicationId } = await appBench();
    const elsewhere = call('GetApp', { ApplicationId }, { region: 'ap-northeast-2' });
    await expect(elsewhere).rejects.toMatchObject(notFound('Application not found'));
  });

  test('must have a name', async () => {
    const { call } = await pinpointBench();
    const without = call('CreateApp', { CreateApplicationRequest: {} });
    await expect(without).rejects.toMatchObject(bad('The request must include Name'));
  });

  test('have tags', async () => {
    const { call, inApp } = await appBench(undefined, { tags: { team: 'brook' } });
    const { ApplicationResponse: app } = await inApp('GetApp');
    await call('TagResource', { ResourceArn: app.Arn, TagsModel: { tags: { stage: 'PROD' } } });
    await call('UntagResource', { ResourceArn: app.Arn, TagKeys: ['team'] });
    const listed = await call('ListTagsForResource', { ResourceArn: app.Arn });
    expect(listed).toEqual({ TagsModel: { tags: { stage: 'PROD' } } });
    const wrong = call('ListTagsForResource', { ResourceArn: `${app.Arn}x` });
    await expect(wrong).rejects.toMatchObject(notFound('Resource not found'));
    const rates = { 'naetmul:recipients': 'open=lots' };
    const unreadable = call('TagResource', { ResourceArn: app.Arn, TagsModel: { tags: rates } });
    await expect(unreadable).rejects.toMatchObject(bad(expect.stringContaining('has "open=lots"')));
  });

  test('say by name what is not supported', async () => {
    const { call } = await pinpointBench();
    await expect(call('CreateJourney', {})).rejects.toMatchObject({
      code: 'NotImplementedException',
      status: 501,
      message: 'The Pinpoint emulator of naetmul does not support the operation CreateJourney.',
    });
  });
});

describe('an event stream', () => {
  const put = (DestinationStreamArn: string, RoleArn = ROLE_ARN) => ({
    WriteEventStream: { DestinationStreamArn, RoleArn },
  });

  test('is shown as it was put, and goes', async () => {
    const { inApp, ApplicationId } = await appBench();
    const EventStream = {
      ApplicationId,
      DestinationStreamArn: DELIVERY_ARN,
      LastModifiedDate: '2022-01-27T05:48:25.000Z',
      LastUpdatedBy: 'arn:aws:iam::000000000000:root',
      RoleArn: ROLE_ARN,
    };
    expect(await inApp('GetEventStream')).toEqual({ EventStream });
    const moved = await inApp('PutEventStream', put(STREAM_ARN));
    expect(moved).toEqual({ EventStream: { ...EventStream, DestinationStreamArn: STREAM_ARN } });
    expect(await inApp('DeleteEventStream')).toEqual(moved);
    await expect(inApp('GetEventStream')).rejects.toMatchObject(notFound('Resource not found'));
    await expect(inApp('DeleteEventStream')).rejects.toMatchObject(notFound('Resource not found'));
  });

  const refusal = (reason: string) =>
    bad(`Destination stream validation failed, make sure the IAM Role is configured properly: ${reason}`);

  test.each([
    [
      'arn:aws:s3:::lake',
      ROLE_ARN,
      'arn:aws:s3:::lake is not the ARN of a Kinesis stream or a Firehose delivery stream',
    ],
    [DELIVERY_ARN, 'pinpoint', 'pinpoint is not the ARN of a role'],
    [`${DELIVERY_ARN}2`, ROLE_ARN, `there is no ${DELIVERY_ARN}2`],
  ])('to %s in the role %s is refused', async (arn, role, reason) => {
    const { inApp } = await appBench();
    await expect(inApp('PutEventStream', put(arn, role))).rejects.toMatchObject(refusal(reason));
  });

  test('to something that is not there, or takes no puts, is refused', async () => {
    let description: unknown;
    const { inApp } = await appBench((command) => {
      if (command === 'DescribeStreamSummary') throw awsError('ResourceNotFoundException', 'Stream x not found');
      return command === 'DescribeDeliveryStream' ? description : undefined;
    });
    const gone = inApp('PutEventStream', put(STREAM_ARN));
    await expect(gone).rejects.toMatchObject(refusal('ResourceNotFoundException: Stream x not found'));
    description = {
      DeliveryStreamDescription: { DeliveryStreamARN: DELIVERY_ARN, DeliveryStreamType: 'KinesisStreamAsSource' },
    };
    const reading = inApp('PutEventStream', put(DELIVERY_ARN));
    await expect(reading).rejects.toMatchObject(refusal('analytics takes no direct puts, it reads from its source'));
  });
});

describe('the email channel', () => {
  test('is shown, versioned, and goes', async () => {
    const { inApp } = await appBench();
    const { EmailChannelResponse: channel } = await inApp('GetEmailChannel');
    expect(channel).toMatchObject({ Enabled: true, FromAddress: 'brook@example.com', Platform: 'EMAIL', Version: 1 });
    const EmailChannelRequest = { FromAddress: 'a@example.com', Identity: IDENTITY, Enabled: false };
    const { EmailChannelResponse: changed } = await inApp('UpdateEmailChannel', { EmailChannelRequest });
    expect(changed).toMatchObject({ Enabled: false, FromAddress: 'a@example.com', Version: 2 });
    await inApp('DeleteEmailChannel');
    await expect(inApp('GetEmailChannel')).rejects.toMatchObject(notFound('Resource not found'));
  });

  test('needs an address and an identity', async () => {
    const { inApp } = await appBench();
    const update = (EmailChannelRequest: object) => inApp('UpdateEmailChannel', { EmailChannelRequest });
    await expect(update({ Identity: IDENTITY })).rejects.toMatchObject(bad('The request must include FromAddress'));
    const wrong = update({ FromAddress: 'a@example.com', Identity: 'example.com' });
    await expect(wrong).rejects.toMatchObject(bad('Invalid Identity example.com'));
  });
});

test('a request of more than 7 MB is refused', async () => {
  const { inApp } = await appBench();
  const large = inApp('UpdateEndpoint', { EndpointId: 'e', EndpointRequest: { Address: 'a'.repeat(7 * 1024 * 1024) } });
  await expect(large).rejects.toMatchObject({ code: 'PayloadTooLargeException', status: 413 });
});
