import { describe, expect, test } from 'vitest';
import { checkConservation, trace } from '../../../ledger/index.ts';
import { appBench, countTypes, START } from '../testing.ts';

type Bench = Awaited<ReturnType<typeof appBench>>;

const EmailMessage = { Title: 'Hello', HtmlBody: '<p><a href="https://brook.example/">read</a></p>' };
const HOUR = 3_600_000;

async function addEndpoints({ inApp }: Bench, addresses: readonly string[], more: object = {}): Promise<void> {
  for (let at = 0; at < addresses.length; at += 100) {
    const Item = addresses
      .slice(at, at + 100)
      .map((Address) => ({ Id: `id-${Address}`, ChannelType: 'EMAIL', Address, ...more }));
    await inApp('UpdateEndpointsBatch', { EndpointBatchRequest: { Item } });
  }
}

async function createSegment({ inApp }: Bench, Dimensions: object = {}): Promise<string> {
  const { SegmentResponse } = await inApp('CreateSegment', { WriteSegmentRequest: { Name: 'all', Dimensions } });
  return SegmentResponse.Id;
}

async function createCampaign(bench: Bench, changes: object = {}, dimensions: object = {}): Promise<string> {
  const WriteCampaignRequest = {
    Name: 'launch',
    SegmentId: await createSegment(bench, dimensions),
    Schedule: { StartTime: 'IMMEDIATE' },
    MessageConfiguration: { EmailMessage },
    ...changes,
  };
  const { CampaignResponse } = await bench.inApp('CreateCampaign', { WriteCampaignRequest }, { requestId: 'create' });
  return CampaignResponse.Id;
}

const status = async ({ inApp }: Bench, CampaignId: string) =>
  (await inApp('GetCampaign', { CampaignId })).CampaignResponse.State.CampaignStatus;

const times = (count: number, of: (n: number) => string) => Array.from({ length: count }, (_, n) => of(n));

describe('a campaign', () => {
  test('of 1,000 mails yields the events that their addresses say, each once', async () => {
    const bench = await appBench();
    await addEndpoints(bench, [
      ...times(500, (n) => `quiet${n}@example.com`),
      ...times(250, (n) => `reader${n}+open@example.com`),
      ...times(100, (n) => `buyer${n}+click@example.com`),
      ...times(80, (n) => `gone${n}+bounce@example.com`),
      ...times(40, (n) => `full${n}+softbounce@example.com`),
      ...times(20, (n) => `angry${n}+complaint@example.com`),
      ...times(10, (n) => `leaver${n}+unsubscribe@example.com`),
    ]);
    const id = await createCampaign(bench);
    expect(await status(bench, id)).toBe('SCHEDULED');
    await bench.clock.advance(10_000);
    expect(await status(bench, id)).toBe('EXECUTING');
    await bench.clock.advance(HOUR);
    expect(await status(bench, id)).toBe('COMPLETED');
    expect(countTypes(bench.streamed)).toEqual({
      '_campaign.send': 1000,
      '_email.send': 1000,
      '_email.delivered': 880,
      '_email.open': 360,
      '_email.click': 100,
      '_email.hardbounce': 80,
      '_email.softbounce': 40,
      '_email.complaint': 20,
      '_email.unsubscribe': 10,
    });
    const { ActivitiesResponse } = await bench.inApp('GetCampaignActivities', { CampaignId: id });
    expect(ActivitiesResponse.Item).toMatchObject([
      {
        State: 'COMPLETED',
        Result: 'SUCCESS',
        TotalEndpointCount: 1000,
        SuccessfulEndpointCount: 1000,
        TreatmentId: '0',
      },
    ]);
    for (const { attributes } of bench.streamed) {
      expect(attributes).toMatchObject({
        campaign_id: id,
        campaign_activity_id: ActivitiesResponse.Item[0].Id,
        treatment_id: '0',
      });
    }
    expect(checkConservation(bench.ledger, bench.emulator.held?.() ?? [])).toMatchObject({
      ok: true,
      accepted: 3490,
      consumed: 3490,
    });
  });

  test('takes a mail’s time of sending for all its events, and the time that each came for its arrival', async () => {
    const bench = await appBench();
    await addEndpoints(bench, ['a+click@example.com']);
    await createCampaign(bench);
    await bench.clock.advance(HOUR);
    const [first] = bench.streamed;
    expect(bench.streamed.map(({ event_type: type }) => type)).toEqual(
      expect.arrayContaining(['_campaign.send', '_email.send', '_email.delivered', '_email.open', '_email.click']),
    );
    const arrivals = bench.streamed.map(({ arrival_timestamp: arrival }) => arrival);
    expect(arrivals).toEqual([...arrivals].sort((a, b) => a - b));
    expect(arrivals[0]).toBeGreaterThan(START);
    for (const event of bench.streamed) {
      expect(event.event_timestamp).toBe(first?.event_timestamp);
      expect(event.arrival_timestamp).toBeGreaterThan(event.event_timestamp);
      const mail = event.facets?.email_channel.mail_event.mail;
      if (mail) expect(mail.message_send_timestamp).toBe(event.event_timestamp);
    }
  });

  test('says to whom it was sent in the _campaign.send events', async () => {
    const bench = await appBench();
    await addEndpoints(bench, ['a@example.com'], { Attributes: { city: ['Seoul'] } });
    const id = await createCampaign(bench);
    await bench.clock.advance(HOUR);
    const sent = bench.streamed.find(({ event_type: type }) => type === '_campaign.send');
    expect(sent).toMatchObject({
      client: { client_id: 'id-a@example.com' },
      attributes: { campaign_id: id, delivery_type: 'EMAIL', campaign_send_status: 'SUCCESS' },
      awsAccountId: '000000000000',
    });
    expect(sent).not.toHaveProperty('facets');
    expect(JSON.parse(sent?.client_context.custom.endpoint)).toEqual({
      ChannelType: 'EMAIL',
      Address: 'a@example.com',
      EndpointStatus: 'ACTIVE',
      OptOut: 'NONE',
      EffectiveDate: '2022-01-27T05:48:25.000Z',
      Attributes: { city: ['Seoul'] },
      User: {},
    });
  });

  test('holds out as many as it says, and tells of them', async () => {
    const bench = await appBench();
    await addEndpoints(
      bench,
      times(40, (n) => `a${n}@example.com`),
    );
    await createCampaign(bench, { HoldoutPercent: 25 });
    await bench.clock.advance(HOUR);
    expect(countTypes(bench.streamed)).toEqual({ '_campaign.send': 40, '_email.send': 30, '_email.delivered': 30 });
    const statuses = bench.streamed.flatMap(({ attributes }) => attributes.campaign_send_status ?? []);
    expect(statuses.filter((one) => one === 'HOLDOUT')).toHaveLength(10);
  });

  test('reaches the endpoints of its segment that can be reached', async () => {
    const bench = await appBench();
    const city = (name: string) => ({ Attributes: { city: [name] } });
    await addEndpoints(bench, ['seoul@example.com'], city('Seoul'));
    await addEndpoints(bench, ['busan@example.com'], city('Busan'));
    await addEndpoints(bench, ['out@example.com'], { ...city('Seoul'), OptOut: 'ALL' });
    await addEndpoints(bench, ['away@example.com'], { ...city('Seoul'), EndpointStatus: 'INACTIVE' });
    await addEndpoints(bench, ['+821000000000'], { ...city('Seoul'), ChannelType: 'SMS' });
    const sent = async (dimensions: object) => {
      bench.streamed.length = 0;
      await createCampaign(bench, {}, dimensions);
      await bench.clock.advance(HOUR);
      return bench.streamed
        .filter(({ event_type: type }) => type === '_email.send')
        .map(({ facets }) => facets.email_channel.mail_event.mail.destination[0]);
    };
    const attribute = (AttributeType: string, ...Values: string[]) => ({
      Attributes: { city: { AttributeType, Values } },
    });
    expect(await sent({})).toEqual(['seoul@example.com', 'busan@example.com']);
    expect(await sent(attribute('INCLUSIVE', 'Seoul', 'Jeju'))).toEqual(['seoul@example.com']);
    expect(await sent(attribute('EXCLUSIVE', 'Seoul'))).toEqual(['busan@example.com']);
    expect(await sent(attribute('CONTAINS', 'usa'))).toEqual(['busan@example.com']);
    const channel = { Demographic: { Channel: { DimensionType: 'EXCLUSIVE', Values: ['EMAIL'] } } };
    expect(await sent(channel)).toEqual([]);
  });

  test('begins at its time', async () => {
    const bench = await appBench();
    await addEndpoints(bench, ['a@example.com']);
    await createCampaign(bench, { Schedule: { StartTime: '2022-01-28T00:00:00Z', Frequency: 'ONCE' } });
    await bench.clock.travelTo(Date.parse('2022-01-27T23:59:59Z'));
    expect(bench.streamed).toEqual([]);
    await bench.clock.advance(60_000);
    expect(bench.streamed[0]?.event_timestamp).toBe(Date.parse('2022-01-28T00:00:00Z'));
  });

  test('sends as fast as it may, and no longer', async () => {
    const bench = await appBench();
    await addEndpoints(
      bench,
      times(130, (n) => `a${n}@example.com`),
    );
    await createCampaign(bench, { Limits: { MessagesPerSecond: 2, MaximumDuration: 60 } });
    await bench.clock.advance(HOUR);
    expect(countTypes(bench.streamed)).toMatchObject({ '_campaign.send': 130, '_email.send': 120 });
    const expired = bench.streamed.filter(({ attributes }) => attributes.campaign_send_status === 'EXPIRED');
    expect(expired).toHaveLength(10);
    const sends = bench.streamed
      .filter(({ event_type: type }) => type === '_email.send')
      .map((one) => one.event_timestamp);
    expect(Math.max(...sends) - Math.min(...sends)).toBe(59_500);
  });

  test('that is deleted sends no more', async () => {
    const bench = await appBench();
    await addEndpoints(
      bench,
      times(100, (n) => `a${n}@example.com`),
    );
    const id = await createCampaign(bench, { Limits: { MessagesPerSecond: 1 } });
    await bench.clock.advance(10_500);
    const { CampaignResponse } = await bench.inApp('DeleteCampaign', { CampaignId: id });
    expect(CampaignResponse.State).toEqual({ CampaignStatus: 'DELETED' });
    await bench.clock.advance(HOUR);
    expect(countTypes(bench.streamed)).toEqual({ '_campaign.send': 10, '_email.send': 10, '_email.delivered': 10 });
    await expect(bench.inApp('GetCampaign', { CampaignId: id })).rejects.toMatchObject({
      message: 'Resource not found',
    });
  });

  test('has recipients who do what its tag says, or that of its app', async () => {
    const bench = await appBench(undefined, { tags: { 'naetmul:recipients': 'hardbounce=1' } });
    await addEndpoints(bench, ['a@example.com', 'b+open@example.com']);
    await createCampaign(bench);
    await bench.clock.advance(HOUR);
    expect(countTypes(bench.streamed)).toMatchObject({ '_email.hardbounce': 1, '_email.open': 1 });
    bench.streamed.length = 0;
    await createCampaign(bench, { tags: { 'naetmul:recipients': 'open=1 click=1' } });
    await bench.clock.advance(HOUR);
    expect(countTypes(bench.streamed)).toMatchObject({ '_email.delivered': 2, '_email.open': 2, '_email.click': 1 });
  });

  test('fills in a template for each recipient', async () => {
    const bench = await appBench();
    const EmailTemplateRequest = { Subject: 'For {{User.UserAttributes.name}}', HtmlPart: 'x' };
    await bench.call('CreateEmailTemplate', { TemplateName: 'hello', EmailTemplateRequest });
    await addEndpoints(bench, ['a@example.com'], { User: { UserId: 'u', UserAttributes: { name: ['지호'] } } });
    const TemplateConfiguration = { EmailTemplate: { Name: 'hello' } };
    await createCampaign(bench, { MessageConfiguration: undefined, TemplateConfiguration });
    await bench.clock.advance(HOUR);
    const mail = bench.streamed.at(-1)?.facets.email_channel.mail_event.mail;
    expect(mail.common_headers.subject).toBe('For 지호');
  });

  test('can be followed from a mail to all of its events', async () => {
    const bench = await appBench();
    await addEndpoints(bench, ['a+open@example.com']);
    await createCampaign(bench);
    await bench.clock.advance(HOUR);
    const messageId = bench.streamed.at(-1)?.facets.email_channel.mail_event.mail.message_id;
    expect(messageId).toMatch(/^02010000[0-9a-v]{8}-[0-9a-v]{8}(-[0-9a-v]{4}){3}-[0-9a-v]{12}-000000$/);
    const steps = trace(bench.ledger, messageId)?.steps.map(({ what }) => what);
    const events = (what: string) => Array.from({ length: 4 }, () => what);
    expect([...(steps ?? [])].sort()).toEqual(
      [...events('accepted'), ...events('consumed'), 'noted', 'noted', 'received'].sort(),
    );
    expect(trace(bench.ledger, `${messageId}.open`)?.steps.map(({ what }) => what)).toEqual([
      'received',
      'noted',
      'noted',
      'accepted',
      'consumed',
    ]);
  });

  test('is the same again from the same seed', async () => {
    const run = async () => {
      const bench = await appBench(undefined, { tags: { 'naetmul:recipients': 'open=0.5 click=0.5 softbounce=0.1' } });
      await addEndpoints(
        bench,
        times(50, (n) => `a${n}@example.com`),
      );
      await createCampaign(bench);
      await bench.clock.advance(HOUR);
      return bench.streamed;
    };
    expect(await run()).toEqual(await run());
  });

  test('is over when the app is deleted, or the emulator reset', async () => {
    for (const end of [(bench: Bench) => bench.inApp('DeleteApp'), (bench: Bench) => bench.emulator.reset?.()]) {
      const bench = await appBench();
      await addEndpoints(
        bench,
        times(100, (n) => `a${n}@example.com`),
      );
      await createCampaign(bench);
      await bench.clock.advance(2000);
      const before = bench.streamed.length;
      await end(bench);
      await bench.clock.advance(HOUR);
      expect(bench.streamed).toHaveLength(before);
      expect(bench.emulator.held?.()).toEqual([]);
    }
  });
});

describe('what a campaign must be', () => {
  test.each([
    [{ SegmentId: undefined }, 'The request must include SegmentId'],
    [{ SegmentId: 'x' }, 'Resource not found'],
    [{ Schedule: undefined }, 'The request must include Schedule'],
    [{ Schedule: { StartTime: '2022-01-01T00:00:00Z' } }, 'StartTime 2022-01-01T00:00:00Z is in the past'],
    [{ Schedule: { StartTime: 'soon' } }, 'Invalid StartTime soon'],
    [{ HoldoutPercent: 101 }, 'Invalid HoldoutPercent 101'],
    [{ Limits: { MaximumDuration: 59 } }, 'Invalid MaximumDuration 59'],
    [{ MessageConfiguration: undefined }, 'The request must include a MessageConfiguration or a TemplateConfiguration'],
    [
      { MessageConfiguration: { EmailMessage: { Title: 'x' } } },
      'The request must include the body of the email message',
    ],
    [
      { Schedule: { StartTime: 'IMMEDIATE', Frequency: 'DAILY' } },
      'The Pinpoint emulator of naetmul does not support the Frequency DAILY of a campaign, only ONCE.',
    ],
    [
      { MessageConfiguration: { SMSMessage: { Body: 'x' } } },
      'The Pinpoint emulator of naetmul does not support SMSMessage of MessageConfiguration, only EmailMessage.',
    ],
    [
      { AdditionalTreatments: [{ SizePercent: 50 }] },
      'The Pinpoint emulator of naetmul does not support AdditionalTreatments of a campaign.',
    ],
    [{ Hook: { LambdaFunctionName: 'f' } }, 'The Pinpoint emulator of naetmul does not support Hook of a campaign.'],
  ])('%j is refused', async (changes, message) => {
    await expect(createCampaign(await appBench(), changes)).rejects.toMatchObject({ message });
  });

  test('the email channel must be there and enabled', async () => {
    const bench = await appBench();
    await bench.inApp('DeleteEmailChannel');
    await expect(createCampaign(bench)).rejects.toMatchObject({
      code: 'BadRequestException',
      message: 'The email channel is not enabled for this application',
    });
  });
});
