/**
 * Records as Pinpoint's event stream has them, for tests and for looking at the page: the same for the same arguments.
 * Source of the shapes: Pinpoint developer guide, "Event stream data" of apps, campaigns and email.
 */

const APP_ID = '0f1e2d3c4b5a69788796a5b4c3d2e1f0';
const SECOND = 1000;
const MINUTE = 60 * SECOND;

export interface PinpointEvent {
  readonly event_type: string;
  readonly event_timestamp: number;
  readonly arrival_timestamp: number;
  readonly [member: string]: unknown;
}

/** An e-mail campaign, by when each of its events arrives: what was sent, delivered, opened, clicked, bounced. */
export function campaignAt(start: number, recipients: number, seed = 1): PinpointEvent[] {
  const random = randomOf(seed);
  const events: PinpointEvent[] = [];
  for (let recipient = 0; recipient < recipients; recipient += 1) {
    const endpoint = `endpoint-${seed}-${String(recipient).padStart(5, '0')}`;
    const address = `reader-${recipient}@example.com`;
    // All events of one mail share the time at which it was sent; what orders them is when they arrived.
    const sent = start + Math.floor((recipient / recipients) * 2 * MINUTE);
    const mail = (type: string, after: number, feedback: string, event: object) =>
      events.push(mailEvent(type, { sent, arrival: sent + after, endpoint, address, feedback, event }));
    events.push(campaignSend(sent, endpoint));
    mail('_email.send', 400 + random() * SECOND, 'received', { send: {} });
    const fate = random();
    if (fate < 0.02) {
      mail('_email.hardbounce', 2 * SECOND, 'hardbounce', { bounce: { bounce_type: 'Permanent' } });
      continue;
    }
    const delivery = { smtp_response: '250 ok:  Message accepted', reporting_mta: 'a8-50.smtp-out.amazonses.com' };
    mail('_email.delivered', 2 * SECOND + random() * 20 * SECOND, 'delivered', { delivery });
    if (fate < 0.022) mail('_email.complaint', 5 * MINUTE, 'complaint', { complaint: {} });
    if (fate < 0.55) continue;
    const opened = 30 * SECOND + random() ** 3 * 60 * MINUTE;
    mail('_email.open', opened, 'opened', { open: { ip_address: '192.0.2.1', user_agent: 'Mozilla/5.0' } });
    if (fate < 0.85) continue;
    const link = 'https://www.example.com/spring?ref=mail';
    mail('_email.click', opened + random() * MINUTE, link, { click: { ip_address: '192.0.2.1', link } });
  }
  return events.sort(byArrival);
}

/** What users of an app do in a stretch of time. */
export function sessionsBetween(from: number, to: number, sessions: number, seed = 1): PinpointEvent[] {
  const random = randomOf(seed + 1000);
  const events: PinpointEvent[] = [];
  for (let session = 0; session < sessions; session += 1) {
    const start = Math.floor(from + random() * (to - from));
    const device = { client: `device-${seed}-${session}`, session: `session-${seed}-${session}`, start };
    const at = (type: string, after: number, attributes: object, metrics: object) =>
      events.push(appEvent(type, start + Math.floor(after), device, { attributes, metrics }));
    const length = 20 * SECOND + random() * 10 * MINUTE;
    at('_session.start', 0, {}, {});
    if (random() < 0.7) at('menu.open', length * 0.3, { menu: '봄 신상품' }, { position: Math.floor(random() * 9) });
    if (random() < 0.2) {
      const price = Math.floor(random() * 90 + 10) * 1000;
      at('_monetization.purchase', length * 0.8, { _currency: 'KRW', _product_id: 'XYZ' }, { _item_price: price });
    }
    at('_session.stop', length, {}, {});
  }
  return events.filter(({ arrival_timestamp: arrival }) => arrival < to).sort(byArrival);
}

function campaignSend(time: number, endpoint: string): PinpointEvent {
  return {
    event_type: '_campaign.send',
    event_timestamp: time,
    arrival_timestamp: time,
    event_version: '3.1',
    application: { app_id: APP_ID, sdk: {} },
    client: { client_id: endpoint },
    device: { platform: {} },
    session: {},
    attributes: {
      treatment_id: '0',
      campaign_activity_id: '5473285727f04865bc673e527b76f6c3',
      delivery_type: 'EMAIL',
      campaign_id: '4f8d6097c2e8400fa3081d875e4ce6dd',
      campaign_send_status: 'SUCCESS',
    },
    client_context: { custom: { endpoint: '{"ChannelType":"EMAIL","EndpointStatus":"ACTIVE","OptOut":"NONE"}' } },
    awsAccountId: '123456789012',
  };
}

interface MailFacts {
  readonly sent: number;
  readonly arrival: number;
  readonly endpoint: string;
  readonly address: string;
  readonly feedback: string;
  readonly event: object;
}

function mailEvent(type: string, { sent, arrival, endpoint, address, feedback, event }: MailFacts): PinpointEvent {
  return {
    event_type: type,
    event_timestamp: sent,
    arrival_timestamp: Math.floor(arrival),
    event_version: '3.1',
    application: { app_id: APP_ID, sdk: {} },
    client: { client_id: endpoint },
    device: { platform: {} },
    session: {},
    attributes: {
      feedback,
      treatment_id: '0',
      campaign_activity_id: '5473285727f04865bc673e527b76f6c3',
      campaign_id: '4f8d6097c2e8400fa3081d875e4ce6dd',
    },
    client_context: { custom: { legacy_identifier: APP_ID } },
    facets: {
      email_channel: {
        mail_event: {
          mail: {
            message_id: `${endpoint}-000000`,
            message_send_timestamp: sent,
            from_address: 'naetmul@example.com',
            destination: [address],
            headers_truncated: false,
            headers: [{ name: 'From', value: 'naetmul@example.com' }],
            common_headers: { from: 'naetmul@example.com', to: [address], subject: '봄 신상품이 도착했습니다' },
          },
          ...event,
        },
      },
    },
    awsAccountId: '123456789012',
  };
}

interface Device {
  readonly client: string;
  readonly session: string;
  readonly start: number;
}

function appEvent(type: string, time: number, { client, session, start }: Device, facts: object): PinpointEvent {
  return {
    event_type: type,
    event_timestamp: time,
    arrival_timestamp: time + 250,
    event_version: '3.0',
    application: { app_id: APP_ID, package_name: 'com.example.naetmul', sdk: { name: 'aws-sdk', version: '2.1' } },
    client: { client_id: client, cognito_id: 'ap-northeast-2:7d4d1d5e-0000-4000-8000-000000000000' },
    device: {
      locale: { code: 'ko_KR', country: 'KR', language: 'ko' },
      make: 'samsung',
      platform: { name: 'android' },
    },
    session: { session_id: session, start_timestamp: start },
    ...facts,
  };
}

function byArrival(a: PinpointEvent, b: PinpointEvent): number {
  return a.arrival_timestamp - b.arrival_timestamp;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
