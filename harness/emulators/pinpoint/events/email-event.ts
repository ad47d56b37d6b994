import type { Random } from '../../../clock/index.ts';
import type { Mail } from '../email/mail.ts';
import type { Reaction } from '../email/recipient.ts';
import type { App } from '../model.ts';
import { messagingRecord } from './messaging.ts';

export interface EmailEvent {
  readonly app: App;
  readonly mail: Mail;
  readonly what: 'send' | Reaction;
  /** When the mail was sent; ms since the epoch. */
  readonly sentAt: number;
  readonly arrivedAt: number;
  readonly clientId: string;
  /** Beside `feedback`: of a campaign, or what the sender of a transactional mail gave. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly ofCampaign: boolean;
  /** The link that is clicked. */
  readonly link: string | undefined;
  readonly random: Random;
}

/** An event of a mail. Source: Pinpoint developer guide, "Email event data stream". */
export function emailRecord(event: EmailEvent) {
  const { app, what, sentAt, arrivedAt, clientId } = event;
  const { feedback, member, content } = describe(event);
  const record = messagingRecord(app, {
    type: `_email.${what}`,
    sentAt,
    arrivedAt,
    clientId,
    attributes: { feedback, ...event.attributes },
    clientContext: { legacy_identifier: app.id },
  });
  return { ...record, facets: { email_channel: { mail_event: { mail: mailOf(event), [member]: content } } } };
}

function mailOf({ mail, what, sentAt, ofCampaign }: EmailEvent) {
  const { messageId, from, to, content, contentType } = mail;
  const headers = [
    { name: 'From', value: from },
    { name: 'To', value: to },
    // The sends of campaigns come without.
    ...(ofCampaign && what === 'send' ? [] : [{ name: 'Subject', value: content.subject }]),
    { name: 'MIME-Version', value: '1.0' },
    { name: 'Content-Type', value: contentType },
    ...(what === 'open' || what === 'click' ? [{ name: 'Message-ID', value: 'null' }] : []),
  ];
  return {
    message_id: messageId,
    message_send_timestamp: sentAt,
    from_address: from,
    destination: [to],
    headers_truncated: false,
    headers,
    common_headers: { from, to: [to], subject: content.subject },
  };
}

interface Description {
  readonly feedback: string;
  /** The member of `mail_event` that is named for the event. */
  readonly member: string;
  readonly content: Readonly<Record<string, unknown>>;
}

function describe(event: EmailEvent): Description {
  const { what, mail, sentAt, arrivedAt, random, app, link = '' } = event;
  const { to } = mail;
  switch (what) {
    case 'send':
      return { feedback: 'received', member: 'send', content: {} };
    case 'delivered': {
      const content = {
        smtp_response: `250 ok:  Message ${10_000_000 + random.integer(90_000_000)} accepted`,
        reporting_mta: mta(app.region, random),
        recipients: [to],
        processing_time_millis: arrivedAt - sentAt,
      };
      return { feedback: 'delivered', member: 'delivery', content };
    }
    case 'open':
      return { feedback: 'opened', member: 'open', content: reader(random) };
    case 'click':
      return { feedback: link, member: 'click', content: { ...reader(random), link } };
    case 'hardbounce':
      return {
        feedback: 'hardbounce',
        member: 'bounce',
        content: bounce(event, 'Permanent', '5.1.1', 'smtp; 550 5.1.1 user unknown'),
      };
    case 'softbounce':
      return {
        feedback: 'softbounce',
        member: 'bounce',
        content: bounce(event, 'Transient', '4.2.2', 'smtp; 452 4.2.2 mailbox full'),
      };
    case 'complaint': {
      const complained = [{ email_address: to }];
      const content = {
        complained_recipients: complained,
        feedback_id: random.uuid(),
        user_agent: 'Amazon SES Mailbox Simulator',
        complaint_feedback_type: 'abuse',
      };
      return { feedback: 'complaint', member: 'complaint', content };
    }
    case 'rejected':
      return { feedback: 'rejected', member: 'reject', content: { reason: 'Bad content' } };
    case 'unsubscribe':
      return { feedback: 'unsubscribed', member: 'unsubscribe', content: {} };
  }
}

function bounce({ mail, random, app }: EmailEvent, type: string, status: string, diagnostic: string) {
  return {
    bounce_type: type,
    bounce_sub_type: 'General',
    bounced_recipients: [{ email_address: mail.to, action: 'failed', status, diagnostic_code: diagnostic }],
    feedback_id: random.uuid(),
    reporting_mta: `dsn; ${mta(app.region, random)}`,
  };
}

/** A server of SES. */
function mta(region: string, random: Random): string {
  const host = `a${1 + random.integer(60)}-${1 + random.integer(200)}.smtp-out`;
  return region === 'us-east-1' ? `${host}.amazonses.com` : `${host}.${region}.amazonses.com`;
}

const USER_AGENTS = [
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 15_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/97.0.4692.99 Safari/537.36',
  'Mozilla/5.0 (Linux; Android 12; SM-G998N) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/97.0.4692.98 Mobile Safari/537.36',
];

/** Who reads: an address of a range that is nobody's (RFC 5737), and a program. */
function reader(random: Random) {
  return {
    ip_address: `203.0.113.${1 + random.integer(254)}`,
    user_agent: USER_AGENTS[random.integer(USER_AGENTS.length)] as string,
  };
}
