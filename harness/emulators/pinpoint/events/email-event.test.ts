import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../clock/index.ts';
import type { App } from '../model.ts';
import { type EmailEvent, emailRecord } from './email-event.ts';

const SENT = 1643262505380;
const app = { id: 'a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6', accountId: '123456789012', region: 'us-east-1' } as App;

function record(what: EmailEvent['what'], changes: Partial<EmailEvent> = {}) {
  return emailRecord({
    app,
    mail: {
      messageId: '0201000073rnbmd1-mbvdg3uo-q8ia-m3ku-ibd3-ms77k0000000-000000',
      from: 'sender@example.com',
      to: 'recipient@example.com',
      content: { subject: 'Amazon Pinpoint Test', html: '<a href="https://aws.amazon.com/pinpoint/">x</a>', text: 'x' },
      contentType: 'multipart/alternative;  boundary="----=_Part_314159_271828"',
    },
    what,
    sentAt: SENT,
    arrivedAt: SENT + 1310,
    clientId: '9a311b17-6f8e-4093-be61-4d0bb0000000',
    attributes: {},
    ofCampaign: false,
    link: 'https://aws.amazon.com/pinpoint/',
    random: createRandom(what),
    ...changes,
  });
}

const KEYS = [
  ...['event_type', 'event_timestamp', 'arrival_timestamp', 'event_version', 'application', 'client', 'device'],
  ...['session', 'attributes', 'client_context', 'awsAccountId', 'facets'],
];

describe('an event of a mail', () => {
  test('that was sent is as the developer guide shows it', () => {
    const sent = record('send');
    expect(Object.keys(sent)).toEqual(KEYS);
    expect(sent).toEqual({
      event_type: '_email.send',
      event_timestamp: SENT,
      arrival_timestamp: SENT + 1310,
      event_version: '3.1',
      application: { app_id: app.id, sdk: {} },
      client: { client_id: '9a311b17-6f8e-4093-be61-4d0bb0000000' },
      device: { platform: {} },
      session: {},
      attributes: { feedback: 'received' },
      client_context: { custom: { legacy_identifier: app.id } },
      awsAccountId: '123456789012',
      facets: {
        email_channel: {
          mail_event: {
            mail: {
              message_id: '0201000073rnbmd1-mbvdg3uo-q8ia-m3ku-ibd3-ms77k0000000-000000',
              message_send_timestamp: SENT,
              from_address: 'sender@example.com',
              destination: ['recipient@example.com'],
              headers_truncated: false,
              headers: [
                { name: 'From', value: 'sender@example.com' },
                { name: 'To', value: 'recipient@example.com' },
                { name: 'Subject', value: 'Amazon Pinpoint Test' },
                { name: 'MIME-Version', value: '1.0' },
                { name: 'Content-Type', value: 'multipart/alternative;  boundary="----=_Part_314159_271828"' },
              ],
              common_headers: {
                from: 'sender@example.com',
                to: ['recipient@example.com'],
                subject: 'Amazon Pinpoint Test',
              },
            },
            send: {},
          },
        },
      },
    });
  });

  test.each([
    ['delivered', 'delivered', 'delivery', ['smtp_response', 'reporting_mta', 'recipients', 'processing_time_millis']],
    ['open', 'opened', 'open', ['ip_address', 'user_agent']],
    ['click', 'https://aws.amazon.com/pinpoint/', 'click', ['ip_address', 'user_agent', 'link']],
    [
      'hardbounce',
      'hardbounce',
      'bounce',
      ['bounce_type', 'bounce_sub_type', 'bounced_recipients', 'feedback_id', 'reporting_mta'],
    ],
    [
      'softbounce',
      'softbounce',
      'bounce',
      ['bounce_type', 'bounce_sub_type', 'bounced_recipients', 'feedback_id', 'reporting_mta'],
    ],
    [
      'complaint',
      'complaint',
      'complaint',
      ['complained_recipients', 'feedback_id', 'user_agent', 'complaint_feedback_type'],
    ],
    ['rejected', 'rejected', 'reject', ['reason']],
    ['unsubscribe', 'unsubscribed', 'unsubscribe', []],
  ] as const)('%s has its feedback and its object', (what, feedback, member, keys) => {
    const { event_type, event_timestamp, attributes, facets } = record(what);
    expect([event_type, event_timestamp, attributes]).toEqual([`_email.${what}`, SENT, { feedback }]);
    const event: Record<string, unknown> = facets.email_channel.mail_event;
    expect(Object.keys(event)).toEqual(['mail', member]);
    expect(Object.keys(event[member] as object)).toEqual(keys);
  });

  test('that was opened or clicked has a Message-ID of "null"', () => {
    const names = (what: EmailEvent['what']) => record(what).facets.email_channel.mail_event.mail.headers.at(-1);
    expect(names('open')).toEqual({ name: 'Message-ID', value: 'null' });
    expect(names('click')).toEqual({ name: 'Message-ID', value: 'null' });
    expect(names('delivered')).toMatchObject({ name: 'Content-Type' });
  });

  test('of a campaign says which, and its send comes without the Subject header', () => {
    const attributes = { treatment_id: '0', campaign_activity_id: 'a', campaign_id: 'c' };
    const sent = record('send', { attributes, ofCampaign: true });
    expect(sent.attributes).toEqual({ feedback: 'received', ...attributes });
    const headers = sent.facets.email_channel.mail_event.mail.headers.map(({ name }) => name);
    expect(headers).toEqual(['From', 'To', 'MIME-Version', 'Content-Type']);
  });

  test('is one line of JSON', () => {
    expect(JSON.stringify(record('click'))).not.toContain('\n');
  });
});

test('the fixtures are events as they are streamed', () => {
  const file = new URL('../../../../fixtures/app-analytics/email-events.jsonl', import.meta.url);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).event_type)).toEqual([
    '_campaign.send',
    '_email.send',
    '_email.delivered',
    '_email.open',
    '_email.click',
    '_email.hardbounce',
    '_email.complaint',
  ]);
  for (const line of lines.slice(1)) expect(Object.keys(JSON.parse(line))).toEqual(KEYS);
});
