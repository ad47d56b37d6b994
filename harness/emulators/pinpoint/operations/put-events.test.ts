import { describe, expect, test } from 'vitest';
import { checkConservation, trace } from '../../../ledger/index.ts';
import { appBench, START } from '../testing.ts';

const Endpoint = {
  ChannelType: 'GCM',
  Address: 'token',
  Demographic: { Locale: 'ko_KR', Make: 'samsung', Model: 'SM-G998N', Platform: 'android', PlatformVersion: '12' },
};
const purchase = { EventType: '_monetization.purchase', Timestamp: '2022-01-27T05:48:20Z' };
const batch = (Events: object, endpoint: object = Endpoint) => ({
  EventsRequest: { BatchItem: { e1: { Endpoint: endpoint, Events } } },
});
const ACCEPTED = { StatusCode: 202, Message: 'Accepted' };

describe('events that an app reports', () => {
  test('are streamed as one record each, with what is known of the device', async () => {
    const bench = await appBench();
    const Session = { Id: 's1', StartTimestamp: '2022-01-27T05:48:00.000Z', StopTimestamp: '2022-01-27T05:48:21.000Z' };
    const more = {
      AppPackageName: 'kr.brook',
      AppTitle: 'Brook',
      AppVersionCode: '7',
      SdkName: 'aws-sdk-android',
      ClientSdkVersion: '2.22.0',
    };
    const Events = { ev1: { ...purchase, ...more, Session, Attributes: { sku: 'a' }, Metrics: { price: 645.5 } } };
    const answer = await bench.inApp('PutEvents', batch(Events));
    const Results = { e1: { EndpointItemResponse: ACCEPTED, EventsItemResponse: { ev1: ACCEPTED } } };
    expect(answer).toEqual({ EventsResponse: { Results } });
    await bench.clock.advance(10_000);
    expect(bench.streamed).toEqual([
      {
        event_type: '_monetization.purchase',
        event_timestamp: START - 5000,
        arrival_timestamp: START,
        event_version: '3.0',
        application: {
          app_id: bench.ApplicationId,
          package_name: 'kr.brook',
          sdk: { name: 'aws-sdk-android', version: '2.22.0' },
          title: 'Brook',
          version_code: '7',
        },
        client: { client_id: 'e1' },
        device: {
          locale: { code: 'ko_KR', country: 'KR', language: 'ko' },
          make: 'samsung',
          model: 'SM-G998N',
          platform: { name: 'android', version: '12' },
        },
        session: { session_id: 's1', start_timestamp: START - 25_000, stop_timestamp: START - 4000 },
        attributes: { sku: 'a' },
        metrics: { price: 645.5 },
      },
    ]);
    expect(Object.keys(bench.streamed[0] ?? {})).toEqual([
      ...['event_type', 'event_timestamp', 'arrival_timestamp', 'event_version', 'application', 'client', 'device'],
      ...['session', 'attributes', 'metrics'],
    ]);
    expect((await bench.inApp('GetEndpoint', { EndpointId: 'e1' })).EndpointResponse).toMatchObject(Endpoint);
  });

  test('are refused one by one, and the others taken', async () => {
    const { inApp, clock, streamed } = await appBench();
    const attributes = Object.fromEntries(Array.from({ length: 41 }, (_, n) => [`a${n}`, '']));
    const Events = {
      good: purchase,
      untyped: { Timestamp: purchase.Timestamp },
      undated: { EventType: 'x' },
      misdated: { EventType: 'x', Timestamp: 'now' },
      sessionless: { ...purchase, Session: { StartTimestamp: purchase.Timestamp } },
      wide: { ...purchase, Attributes: attributes },
      large: { ...purchase, Attributes: { a: 'x'.repeat(1000 * 1024) } },
    };
    const { EventsResponse } = await inApp('PutEvents', batch(Events, { ChannelType: 'PIGEON' }));
    const refused = (Message: string) => ({ StatusCode: 400, Message });
    expect(EventsResponse.Results.e1).toEqual({
      EndpointItemResponse: refused('Invalid ChannelType PIGEON'),
      EventsItemResponse: {
        good: ACCEPTED,
        untyped: refused('EventType is required'),
        undated: refused('Timestamp is required'),
        misdated: refused('Timestamp now is not in ISO 8601 format'),
        sessionless: refused('Session.Id is required'),
        wide: refused('An event can have at most 40 attributes and metrics'),
        large: refused('The event is larger than 1024000 bytes'),
      },
    });
    await clock.advance(10_000);
    expect(streamed).toHaveLength(1);
  });

  test('are at most 100 in a request, which has at most 4 MB', async () => {
    const { inApp } = await appBench();
    const Events = Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`ev${n}`, purchase]));
    await expect(inApp('PutEvents', batch(Events))).rejects.toMatchObject({
      code: 'BadRequestException',
      message: 'A request can have at most 100 events',
    });
    const large = { ev: { ...purchase, Attributes: { a: 'x'.repeat(4 * 1024 * 1024) } } };
    await expect(inApp('PutEvents', batch(large))).rejects.toMatchObject({ code: 'PayloadTooLargeException' });
  });

  test('can be traced from the request to the record, and back', async () => {
    const bench = await appBench();
    await bench.inApp('PutEvents', batch({ ev1: purchase, ev2: purchase }), { requestId: 'put-1' });
    await bench.clock.advance(10_000);
    const steps = (name: string) => trace(bench.ledger, name)?.steps.map(({ what, where }) => `${what} ${where}`);
    const journey = ['received', 'accepted', 'consumed'].map((what) => `${what} pinpoint/app-analytics`);
    expect(steps('put-1.e1.ev2')).toEqual(journey);
    expect(steps('00000002')).toEqual([journey[0], journey[1], journey[2]]);
    expect(steps('put-1')).toHaveLength(5);
    expect(checkConservation(bench.ledger, [])).toMatchObject({ ok: true, accepted: 2, consumed: 2 });
  });

  test('of several endpoints may have the same id', async () => {
    const { inApp, clock, ledger, streamed } = await appBench();
    const item = { Endpoint, Events: { ev1: purchase } };
    await inApp('PutEvents', { EventsRequest: { BatchItem: { e1: item, e2: { ...item, Endpoint: {} } } } });
    await clock.advance(10_000);
    expect(streamed.map(({ client }) => client.client_id)).toEqual(['e1', 'e2']);
    expect(checkConservation(ledger, [])).toMatchObject({ ok: true, accepted: 2, consumed: 2 });
  });

  test('go nowhere without an event stream', async () => {
    const bench = await appBench();
    await bench.inApp('DeleteEventStream');
    await bench.inApp('PutEvents', batch({ ev1: purchase }));
    await bench.clock.advance(3_600_000);
    expect(bench.streamed).toEqual([]);
    expect(checkConservation(bench.ledger, [])).toMatchObject({ ok: true, accepted: 0 });
  });
});
