import {
  CreateCampaignCommand,
  CreateSegmentCommand,
  UpdateEmailChannelCommand,
  UpdateEndpointsBatchCommand,
} from '@aws-sdk/client-pinpoint';
import { expect, scenario } from '../harness/kit/index.ts';

/** What recipients do is in their addresses: see docs/fidelity/pinpoint.md. */
const PLAN = [
  { word: 'delivered', mails: 600 },
  { word: 'open', mails: 200 },
  { word: 'click', mails: 100 },
  { word: 'bounce', mails: 60 },
  { word: 'softbounce', mails: 30 },
  { word: 'complaint', mails: 10 },
] as const;
const MAILS = 1000;
/** Endpoints of one UpdateEndpointsBatch. */
const BATCH = 100;
const EXPECTED = {
  '_campaign.send': MAILS,
  '_email.send': MAILS,
  '_email.delivered': 600 + 200 + 100 + 10,
  '_email.open': 200 + 100,
  '_email.click': 100,
  '_email.hardbounce': 60,
  '_email.softbounce': 30,
  '_email.complaint': 10,
};

scenario(
  'of a campaign of 1,000 e-mails every event can be searched, as many of each type as the recipients made',
  async ({ aws, clock, appAnalytics, tell }) => {
    const { applicationId: ApplicationId } = appAnalytics;
    await clock.set('2022-01-27T14:48:25+09:00');

    await tell.step('1,000 recipients, who will open, click, complain or bounce');
    const addresses = PLAN.flatMap(({ word, mails }) =>
      Array.from({ length: mails }, (_, n) => `${word}${n}+${word}@example.com`),
    );
    expect(addresses).toHaveLength(MAILS);
    const EmailChannelRequest = {
      FromAddress: 'brook@example.com',
      Identity: 'arn:aws:ses:ap-northeast-2:000000000000:identity/example.com',
    };
    await aws.pinpoint.send(new UpdateEmailChannelCommand({ ApplicationId, EmailChannelRequest }));
    for (let from = 0; from < MAILS; from += BATCH) {
      const Item = addresses
        .slice(from, from + BATCH)
        .map((Address, n) => ({ Id: `e${from + n}`, ChannelType: 'EMAIL' as const, Address }));
      await aws.pinpoint.send(new UpdateEndpointsBatchCommand({ ApplicationId, EndpointBatchRequest: { Item } }));
    }
    const { SegmentResponse } = await aws.pinpoint.send(
      new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest: { Name: 'everybody', Dimensions: {} } }),
    );

    await tell.step('The campaign is sent, and twenty minutes pass');
    const { CampaignResponse } = await aws.pinpoint.send(
      new CreateCampaignCommand({
        ApplicationId,
        WriteCampaignRequest: {
          Name: 'a brook',
          SegmentId: SegmentResponse?.Id,
          Schedule: { StartTime: 'IMMEDIATE' },
          MessageConfiguration: {
            EmailMessage: { Title: '냇물', HtmlBody: '<a href="https://brook.example/">흐른다</a>' },
          },
        },
      }),
    );
    await clock.advance('20m');

    await tell.step('Every event is in the index, and the counts are those of the plan');
    await appAnalytics.ask('POST', '/pinpoint*/_refresh');
    const { status, json } = await appAnalytics.ask('POST', '/pinpoint*/_search?size=0', {
      track_total_hits: true,
      aggs: {
        types: { terms: { field: 'event_type.keyword', size: 50 } },
        recipients: { cardinality: { field: 'client.client_id.keyword', precision_threshold: 4000 } },
        campaigns: { terms: { field: 'attributes.campaign_id.keyword' } },
      },
    });
    expect(status, JSON.stringify(json)).toBe(200);
    const buckets = json.aggregations.types.buckets as readonly { key: string; doc_count: number }[];
    const counts = Object.fromEntries(buckets.map(({ key, doc_count }) => [key, doc_count]));
    for (const [type, count] of Object.entries(counts)) tell.figure(type, count);
    expect(counts).toEqual(EXPECTED);
    expect(json.aggregations.recipients.value).toBe(MAILS);
    const total = Object.values(EXPECTED).reduce((sum, count) => sum + count, 0);
    expect(json.hits.total.value).toBe(total);
    expect(json.aggregations.campaigns.buckets).toEqual([{ key: CampaignResponse?.Id, doc_count: total }]);
    expect(await appAnalytics.failedKeys()).toEqual([]);
  },
);
