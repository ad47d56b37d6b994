import { once } from 'node:events';
import type { TLSSocket } from 'node:tls';
import type { ISubscriptionMap } from 'mqtt';
import { describe, expect, test } from 'vitest';
import {
  allow,
  type BrokerBench,
  brokerBench,
  type Device,
  deny,
  deviceCredentials,
  EVERYTHING,
  type TestClient,
} from '../../../engines/mqtt/testing.ts';

const CONNECT = allow('Connect', 'client/*');
/** Refused by the client library: what CONNACK says of MQTT 3.1.1, and of MQTT 5. */
const UNACCEPTABLE_VERSION = 1;
const IDENTIFIER_REJECTED = 2;
const UNSUPPORTED_VERSION = 0x84;

/** A bench with a device that may do everything, under client ids of the test's choice. */
async function freeBench(...[options]: Parameters<typeof brokerBench>) {
  const bench = await brokerBench(options);
  const device = await bench.device('free');
  return Object.assign(bench, {
    join: (clientId: string, more = {}) => bench.connected(device, clientId, more),
    as: (clientId: string, more = {}) => bench.client(device.credentials, clientId, more),
  });
}

/** Publishes, and waits until the broker has handed the message out: what came before has been handed out, too. */
async function publishLast(bench: BrokerBench, topic: string): Promise<void> {
  await bench.broker.publish({ topic, payload: Buffer.from('last'), qos: 1, retain: false, clientId: undefined });
}

/** Resolves when the broker has noticed that the client is gone. */
function gone(bench: BrokerBench, clientId: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = bench.broker.onPublished(({ topic }) => {
      if (topic !== `$aws/events/presence/disconnected/${clientId}`) return;
      stop();
      resolve();
    });
  });
}

describe('a message', () => {
  test('reaches two subscribers once each, whatever else they subscribed to, and the ledger says who got it', async () => {
    await using bench = await freeBench();
    const [a, b, publisher] = await Promise.all([bench.join('a'), bench.join('b'), bench.join('p')]);
    await a.mqtt.subscribeAsync('pi/+', { qos: 1 });
    await b.mqtt.subscribeAsync(['pi/1', 'pi/#'], { qos: 1 });
    await publisher.mqtt.publishAsync('pi/1', 'hello', { qos: 1 });
    await publishLast(bench, 'pi/2');
    expect(await a.arrived(2)).toEqual(['pi/1 hello', 'pi/2 last']);
    expect(await b.arrived(2)).toEqual(['pi/1 hello', 'pi/2 last']);
    const [first] = bench.entries;
    expect(first).toMatchObject({
      where: 'iot/pi/1',
      what: 'noted',
      ids: [expect.stringMatching(/^message\/\//)],
      detail: { qos: 1, bytes: 5, from: 'p', deliveredTo: expect.toSatisfy((to) => to.toSorted().join() === 'a,b') },
    });
    expect(Object.fromEntries(bench.counted)).toMatchObject({
      'Connect.Success': 3,
      'Subscribe.Success': 3,
      'PublishIn.Success': 1,
      'PublishOut.Success': 4,
    });
  });

  test('comes with the smaller QoS of publisher and subscriber', async () => {
    await using bench = await freeBench();
    const [zero, one] = await Promise.all([bench.join('zero'), bench.join('one')]);
    const seen: string[] = [];
    zero.mqtt.on('message', (_topic, payload, { qos }) => seen.push(`zero ${payload} ${qos}`));
    one.mqtt.on('message', (_topic, payload, { qos }) => seen.push(`one ${payload} ${qos}`));
    await zero.mqtt.subscribeAsync('t', { qos: 0 });
    await one.mqtt.subscribeAsync('t', { qos: 1 });
    await zero.mqtt.publishAsync('t', 'b', { qos: 1 });
    await zero.mqtt.publishAsync('t', 'a', { qos: 0 });
    await Promise.all([zero.arrived(2), one.arrived(2)]);
    expect(seen.toSorted()).toEqual(['one a 0', 'one b 1', 'zero a 0', 'zero b 0']);
  });

  test('to sensor does not reach sensor/#', async () => {
    await using bench = await freeBench();
    const client = await bench.join('a');
    await client.mqtt.subscribeAsync('sensor/#', { qos: 1 });
    await client.mqtt.publishAsync('sensor', 'not for it', { qos: 1 });
    await client.mqtt.publishAsync('sensor/', 'for it', { qos: 1 });
    expect(await client.arrived(1)).toEqual(['sensor/ for it']);
  });

  test('for a rule alone reaches who listens for rules, and no subscriber', async () => {
    await using bench = await freeBench();
    const heard: string[] = [];
    bench.broker.onPublished(({ topic, payload, cause }) => heard.push(`${topic} ${payload} ${cause}`));
    const client = await bench.join('a');
    heard.length = 0;
    await client.mqtt.subscribeAsync('#', { qos: 1 });
    await client.mqtt.publishAsync('$aws/rules/detect/pi/1', 'x', { qos: 1 });
    await publishLast(bench, 'pi/1');
    expect(await client.arrived(1)).toEqual(['pi/1 last']);
    expect(heard).toEqual(['$aws/rules/detect/pi/1 x 1', 'pi/1 last 2']);
  });

  test('of the broker’s own makers reaches subscribers, with what led to it', async () => {
    await using bench = await freeBench();
    const client = await bench.join('a');
    await client.mqtt.subscribeAsync('pi/1', { qos: 1 });
    const message = { topic: 'pi/1', payload: Buffer.from('x'), qos: 1, retain: false, clientId: undefined } as const;
    await bench.broker.publish({ ...message, cause: 7 });
    expect(await client.arrived(1)).toEqual(['pi/1 x']);
    expect(bench.entries).toMatchObject([{ cause: 7, detail: { deliveredTo: ['a'] } }]);
    const refused = bench.broker.publish({ ...message, topic: 'pi/#' });
    await expect(refused).rejects.toThrow('Nobody may publish to pi/#: it has a wildcard.');
  });
});

describe('a certificate', () => {
  test('lets a client in whoever signed it, also one that names its protocol in ALPN', async () => {
    await using bench = await brokerBench();
    const device = await bench.device('pi');
    expect(await bench.client(device.credentials, 'a').isConnected).toBe(false);
    const named = await bench.connected(device, 'b', { ALPNProtocols: ['x-amzn-mqtt-ca'] } as object);
    expect((named.mqtt.stream as unknown as { alpnProtocol: string }).alpnProtocol).toBe('x-amzn-mqtt-ca');
  });

  test('is known also in a TLS session that is taken up again', async () => {
    await using bench = await brokerBench();
    const device = await bench.device('pi');
    const first = bench.client(device.credentials, 'a');
    const stream = first.mqtt.stream as unknown as TLSSocket;
    const [session] = (await once(stream, 'session')) as [Buffer];
    const second = await bench.connected(device, 'b', { session } as object);
    expect((second.mqtt.stream as unknown as TLSSocket).isSessionReused()).toBe(true);
  });

  test('that nobody registered, or none at all, has the connection closed', async () => {
    await using bench = await brokerBench();
    await bench.client(await deviceCredentials('stranger'), 'a').isClosed;
    await bench.client({}, 'b').isClosed;
    expect(bench.logged).toEqual([
      'A connection from 127.0.0.1 was closed: the client showed a certificate that is not active here.',
      'A connection from 127.0.0.1 was closed: the client showed no certificate.',
    ]);
    expect(bench.counted.get('Connect.AuthError')).toBe(2);
  });

  test('that is made inactive ends the connections that it made, and makes no more', async () => {
    await using bench = await brokerBench();
    const device = await bench.device('pi');
    const client = await bench.connected(device, 'a');
    device.permit(undefined);
    await client.isClosed;
    const again = bench.client(device.credentials, 'a');
    await again.isClosed;
    await expect(again.isConnected).rejects.toThrow();
  });
});

describe('CONNECT', () => {
  test.for([
    [{ protocolVersion: 5 }, UNSUPPORTED_VERSION],
    [{ protocolVersion: 3, protocolId: 'MQIsdp' }, UNACCEPTABLE_VERSION],
    [{ clientId: 'x'.repeat(129) }, IDENTIFIER_REJECTED],
    [{ clientId: '$x' }, IDENTIFIER_REJECTED],
  ] as const)('with %j is refused with the code %d', async ([difference, code]) => {
    await using bench = await freeBench();
    const client = bench.as('a', difference);
    expect(await client.isClosed).toMatchObject({ code });
  });

  test('that the policies do not allow ends the connection without a CONNACK', async () => {
    await using bench = await brokerBench();
    const device = await bench.device('pi', [allow('Connect', 'client/pi-*'), deny('Connect', 'client/pi-9')]);
    await bench.connected(device, 'pi-1');
    for (const clientId of ['other', 'pi-9']) {
      const client = bench.client(device.credentials, clientId);
      expect(await client.isClosed).toBeUndefined();
      await expect(client.isConnected).rejects.toThrow('The connection was closed.');
    }
    expect(bench.counted.get('Connect.AuthError')).toBe(2);
  });

  test('without a client id gets one from the broker', async () => {
    await using bench = await freeBench();
    const watcher = await bench.join('watcher');
    await watcher.mqtt.subscribeAsync('$aws/events/presence/connected/#', { qos: 1 });
    await bench.join('');
    const [event] = await watcher.arrived(1);
    expect(event).toMatch(/^\$aws\/events\/presence\/connected\/\$GEN\/[0-9a-f-]{36} /);
  });

  test('with the client id of another connection ends that one', async () => {
    await using bench = await freeBench();
    const watcher = await bench.join('watcher');
    await watcher.mqtt.subscribeAsync('$aws/events/presence/disconnected/a', { qos: 1 });
    const older = await bench.join('a');
    await older.mqtt.subscribeAsync('t');
    const newer = await bench.join('a');
    await older.isClosed;
    await newer.mqtt.subscribeAsync('t', { qos: 1 });
    await publishLast(bench, 't');
    expect(await newer.arrived(1)).toEqual(['t last']);
    const [event] = await watcher.arrived(1);
    expect(event).toContain('"disconnectReason":"DUPLICATE_CLIENTID"');
    expect(older.messages).toEqual([]);
  });
});

describe('PUBLISH', () => {
  test.for([
    ['a topic that no policy allows', 'pi/2', {}, 'no policy allows iot:Publish'],
    ['a denied topic', 'pi/1/secret', {}, 'no policy allows iot:Publish'],
    [
      'a message to be retained, without iot:RetainPublish',
      'pi/1',
      { retain: true },
      'no policy allows iot:RetainPublish',
    ],
  ] as const)('of %s ends the connection, and the message goes nowhere', async ([, topic, options, reason]) => {
    await using bench = await brokerBench();
    const statements = [CONNECT, allow('Publish', 'topic/pi/1', 'topic/pi/1/*'), deny('Publish', 'topic/pi/1/secret')];
    const device = await bench.device('pi', statements);
    const watcher = await bench.connected(await bench.device('watcher'), 'watcher');
    await watcher.mqtt.subscribeAsync('pi/#', { qos: 1 });
    const client = await bench.connected(device, 'a');
    await client.mqtt.publishAsync('pi/1/no2', 'allowed', { qos: 1 });
    client.mqtt.publish(topic, 'not allowed', { qos: 1, ...options });
    await client.isClosed;
    await publishLast(bench, 'pi/3');
    expect(await watcher.arrived(2)).toEqual(['pi/1/no2 allowed', 'pi/3 last']);
    const refused = bench.entries.filter(({ what }) => what === 'refused');
    expect(refused).toMatchObject([{ where: `iot/${topic}`, detail: { from: 'a', reason } }]);
    expect(bench.counted.get('PublishIn.AuthError')).toBe(1);
  });

  test.for([
    ['a payload of more than 128 KB', 't', 128 * 1024 + 1, 1],
    ['a topic of more than 256 bytes', 't'.repeat(257), 1, 1],
    ['a topic with more than seven slashes', '1/2/3/4/5/6/7/8/9', 1, 1],
    ['a reserved topic', '$aws/things/a/shadow/update', 1, 1],
    ['QoS 2', 't', 1, 2],
  ] as const)('with %s ends the connection', async ([, topic, bytes, qos]) => {
    await using bench = await freeBench();
    const client = await bench.join('a');
    client.mqtt.publish(topic, 'x'.repeat(bytes), { qos });
    await client.isClosed;
    expect(bench.counted.get('PublishIn.ClientError')).toBe(1);
    expect(bench.entries).toMatchObject([{ what: 'refused' }]);
  });

  test('of the largest message, to the longest and deepest topic, is taken', async () => {
    await using bench = await freeBench();
    const client = await bench.join('a');
    const topic = `1/2/3/4/5/6/7/${'t'.repeat(242)}`;
    await client.mqtt.subscribeAsync(topic, { qos: 1 });
    await client.mqtt.publishAsync(topic, 'x'.repeat(128 * 1024), { qos: 1 });
    const [message] = await client.arrived(1);
    expect(message).toHaveLength(topic.length + 1 + 128 * 1024);
  });

  test('beyond a hundred in a second of the clock is discarded, where that limit is asked for', async () => {
    await using bench = await freeBench({ limitPublishRate: true });
    await bench.clock.hold();
    const client = await bench.join('a');
    await client.mqtt.subscribeAsync('t');
    for (let n = 1; n <= 120; n++) client.mqtt.publish('t', String(n));
    await client.arrived(100);
    await bench.clock.advance(1000);
    await client.mqtt.publishAsync('t', 'the next second');
    const messages = await client.arrived(101);
    expect(messages.slice(98)).toEqual(['t 99', 't 100', 't the next second']);
  });
});

describe('SUBSCRIBE', () => {
  const ONLY_PI = [CONNECT, allow('Subscribe', 'topicfilter/pi/+'), allow('Receive', 'topic/pi/*')];

  test('to a filter that no policy allows ends the connection', async () => {
    await using bench = await brokerBench();
    const client = await bench.connected(await bench.device('pi', ONLY_PI), 'a');
    await client.mqtt.subscribeAsync('pi/+', { qos: 1 });
    client.mqtt.subscribe('pi/1', { qos: 1 });
    await client.isClosed;
    expect(bench.logged.at(-1)).toBe(
      'The client a was disconnected: no policy lets it iot:Subscribe to topicfilter/pi/1.',
    );
  });

  test('to a filter that no policy allows gets a failing SUBACK, where that is asked for', async () => {
    await using bench = await brokerBench({ subscribeDenied: 'refuse' });
    const client = await bench.connected(await bench.device('pi', ONLY_PI), 'a', { clean: false });
    await client.mqtt.subscribeAsync('pi/+', { qos: 1 });
    await expect(client.mqtt.subscribeAsync('pi/1', { qos: 1 })).rejects.toThrow('Unspecified error');
    await publishLast(bench, 'pi/2');
    expect(await client.arrived(1)).toEqual(['pi/2 last']);
  });

  test.for<[string, ISubscriptionMap]>([
    ['QoS 2', { t: { qos: 2 } }],
    ['a reserved topic', { '$SYS/#': { qos: 1 } }],
    ['too deep a filter', { '1/2/3/4/5/6/7/8/#': { qos: 1 } }],
    ['nine filters at once', Object.fromEntries([...'123456789'].map((topic) => [topic, { qos: 1 }]))],
  ])('for %s ends the connection', async ([, filters]) => {
    await using bench = await freeBench();
    const client = await bench.join('a');
    client.mqtt.subscribe(filters);
    await client.isClosed;
    expect(bench.counted.get('Subscribe.ClientError')).toBeGreaterThanOrEqual(1);
  });

  test('takes eight filters at once, and fifty in all: the next is refused in SUBACK', async () => {
    await using bench = await freeBench();
    const client = await bench.join('a');
    const filters = Array.from({ length: 51 }, (_, at) => `t/${at}`);
    for (let at = 0; at < 48; at += 8) await client.mqtt.subscribeAsync(filters.slice(at, at + 8), { qos: 1 });
    await client.mqtt.subscribeAsync(filters.slice(48, 50), { qos: 1 });
    await expect(client.mqtt.subscribeAsync('t/50')).rejects.toThrow('Unspecified error');
    await client.mqtt.subscribeAsync('t/7', { qos: 0 });
    await client.mqtt.unsubscribeAsync('t/0');
    await client.mqtt.subscribeAsync('t/50', { qos: 1 });
    await publishLast(bench, 't/0');
    await publishLast(bench, 't/50');
    expect(await client.arrived(1)).toEqual(['t/50 last']);
  });

  test('to a shared subscription is refused in SUBACK', async () => {
    await using bench = await freeBench();
    const client = await bench.join('a');
    await expect(client.mqtt.subscribeAsync('$share/group/t')).rejects.toThrow('Unspecified error');
    expect(bench.logged).toEqual(['The client a asked for $share/group/t: naetmul has no shared subscriptions.']);
  });
});

test('what a policy does not let a client receive does not come, and nothing else happens', async () => {
  await using bench = await brokerBench();
  const statements = [CONNECT, allow('Subscribe', 'topicfilter/*'), allow('Receive', 'topic/pi/*')];
  const device = await bench.device('pi', statements);
  const [limited, free] = await Promise.all([
    bench.connected(device, 'limited'),
    bench.connected(await bench.device('free'), 'free'),
  ]);
  for (const { mqtt } of [limited, free]) await mqtt.subscribeAsync('#', { qos: 1 });
  await free.mqtt.publishAsync('secret', 'x', { qos: 1, retain: true });
  await publishLast(bench, 'pi/1');
  expect(await limited.arrived(1)).toEqual(['pi/1 last']);
  expect(await free.arrived(2)).toEqual(['secret x', 'pi/1 last']);
  expect(bench.entries[0]).toMatchObject({ detail: { deliveredTo: ['free'], withheldFrom: ['limited'] } });

  // Also what is retained, and what a changed policy takes away.
  await limited.mqtt.subscribeAsync('secret', { qos: 1 });
  device.permit([...statements, deny('Receive', 'topic/pi/2')]);
  await publishLast(bench, 'pi/2');
  await publishLast(bench, 'pi/3');
  expect(await limited.arrived(2)).toEqual(['pi/1 last', 'pi/3 last']);
});

describe('a retained message', () => {
  test('comes to those who subscribe to its very topic, until an empty one takes its place', async () => {
    await using bench = await freeBench();
    const publisher = await bench.join('p');
    await publisher.mqtt.publishAsync('pi/1', 'old', { qos: 1, retain: true });
    await publisher.mqtt.publishAsync('pi/1', 'kept', { qos: 1, retain: true });
    expect(bench.broker.retained('pi/1')).toMatchObject({ payload: Buffer.from('kept'), qos: 1 });

    const [exact, wild] = await Promise.all([bench.join('exact'), bench.join('wild')]);
    const flags: boolean[] = [];
    exact.mqtt.on('message', (_topic, _payload, { retain }) => flags.push(retain));
    await wild.mqtt.subscribeAsync(['pi/+', '#'], { qos: 1 });
    await exact.mqtt.subscribeAsync('pi/1', { qos: 1 });
    expect(await exact.arrived(1)).toEqual(['pi/1 kept']);

    await publisher.mqtt.publishAsync('pi/1', '', { qos: 1, retain: true });
    expect(await exact.arrived(2)).toEqual(['pi/1 kept', 'pi/1 ']);
    expect(await wild.arrived(1)).toEqual(['pi/1 ']);
    expect(flags).toEqual([true, false]);
    expect(bench.broker.retainedTopics()).toEqual([]);
  });
});

describe('a persistent session', () => {
  const PERSISTENT = { clean: false };

  test('gets the QoS 1 messages of its absence when it returns, and only those', async () => {
    await using bench = await freeBench();
    const [client, publisher] = await Promise.all([bench.join('a', PERSISTENT), bench.join('p')]);
    await client.mqtt.subscribeAsync('pi/+', { qos: 1 });
    await Promise.all([gone(bench, 'a'), client.mqtt.endAsync()]);
    await publisher.mqtt.publishAsync('pi/1', 'first', { qos: 1 });
    expect(bench.entries.at(-1)?.detail).toMatchObject({ deliveredTo: [], keptFor: ['a'] });
    await publisher.mqtt.publishAsync('pi/1', 'not kept', { qos: 0 });
    await publisher.mqtt.publishAsync('pi/2', 'second', { qos: 1 });

    const back = bench.as('a', PERSISTENT);
    expect(await back.isConnected).toBe(true);
    expect(await back.arrived(2)).toEqual(['pi/1 first', 'pi/2 second']);
    const resumed = bench.entries.filter(({ detail }) => detail?.resumedBy === 'a');
    expect(resumed.map(({ where, ids }) => [where, ids])).toEqual([
      ['iot/pi/1', bench.entries[0]?.ids],
      ['iot/pi/2', bench.entries[2]?.ids],
    ]);

    // Acknowledged once, they do not come again.
    await Promise.all([gone(bench, 'a'), back.mqtt.endAsync()]);
    const third = bench.as('a', PERSISTENT);
    expect(await third.isConnected).toBe(true);
    await publishLast(bench, 'pi/4');
    expect(await third.arrived(1)).toEqual(['pi/4 last']);
  });

  test('takes subscriptions while its client still gets what was kept', async () => {
    await using bench = await freeBench();
    const client = await bench.join('a', PERSISTENT);
    await client.mqtt.subscribeAsync('pi/1', { qos: 1 });
    await Promise.all([gone(bench, 'a'), client.mqtt.endAsync()]);
    const large = { topic: 'pi/1', payload: Buffer.alloc(128 * 1024, 'x'), qos: 1, retain: false } as const;
    for (let n = 0; n < 100; n++) await bench.broker.publish({ ...large, clientId: undefined });
    const back = bench.as('a', PERSISTENT);
    await back.isConnected;
    // More than the buffers of its socket take is still to come.
    back.mqtt.stream.pause();
    const subscribed = back.mqtt.subscribeAsync('pi/2', { qos: 1 });
    await expect.poll(() => bench.counted.get('Subscribe.Success')).toBe(2);
    back.mqtt.stream.resume();
    await subscribed;
    await publishLast(bench, 'pi/2');
    expect(await back.arrived(101)).toContain('pi/2 last');
  });

  test('without a subscription is a session, too', async () => {
    await using bench = await freeBench();
    const client = await bench.join('a', PERSISTENT);
    await Promise.all([gone(bench, 'a'), client.mqtt.endAsync()]);
    expect(await bench.as('a', PERSISTENT).isConnected).toBe(true);
    expect(await bench.as('b', PERSISTENT).isConnected).toBe(false);
  });

  test('is gone an hour of the clock after its client went', async () => {
    await using bench = await freeBench();
    await bench.clock.hold();
    const client = await bench.join('a', PERSISTENT);
    await client.mqtt.subscribeAsync('pi/1', { qos: 1 });
    await Promise.all([gone(bench, 'a'), client.mqtt.endAsync()]);
    await publishLast(bench, 'pi/1');
    await bench.clock.advance(60 * 60 * 1000);
    expect(bench.entries.at(-1)?.detail).toEqual({ reason: 'the session of a expired' });
    const back = bench.as('a', PERSISTENT);
    expect(await back.isConnected).toBe(false);
    await publishLast(bench, 'pi/1');
    await back.mqtt.subscribeAsync('pi/2', { qos: 1 });
    await publishLast(bench, 'pi/2');
    expect(await back.arrived(1)).toEqual(['pi/2 last']);
  });

  test('outlives the server, as what is retained does', async () => {
    await using bench = await freeBench();
    const client = await bench.join('a', PERSISTENT);
    await client.mqtt.subscribeAsync('pi/+', { qos: 1 });
    await client.mqtt.publishAsync('state', 'kept', { qos: 1, retain: true });
    await bench.restart();
    await client.isClosed;
    await publishLast(bench, 'pi/2');
    const back = bench.as('a', PERSISTENT);
    expect(await back.isConnected).toBe(true);
    await back.arrived(1);
    await back.mqtt.subscribeAsync('state', { qos: 1 });
    expect(await back.arrived(2)).toEqual(['pi/2 last', 'state kept']);
  });
});

describe('a will', () => {
  const WILL = { will: { topic: 'gone/a', payload: Buffer.from('bye'), qos: 1, retain: false } } as const;

  test('is published when the connection breaks off, and not when the client says goodbye', async () => {
    await using bench = await freeBench();
    const watcher = await bench.join('watcher');
    await watcher.mqtt.subscribeAsync('gone/#', { qos: 1 });
    await (await bench.join('a', WILL)).mqtt.endAsync();
    await publishLast(bench, 'gone/nobody');
    const lost = await bench.join('a', WILL);
    lost.mqtt.stream.destroy();
    expect(await watcher.arrived(2)).toEqual(['gone/nobody last', 'gone/a bye']);
  });

  test('that no policy allows is not published', async () => {
    await using bench = await brokerBench();
    const device: Device = await bench.device('pi', [CONNECT]);
    const watcher = await bench.connected(await bench.device('free'), 'watcher');
    await watcher.mqtt.subscribeAsync(['gone/#', '$aws/events/presence/disconnected/a'], { qos: 1 });
    const lost = await bench.connected(device, 'a', WILL);
    lost.mqtt.stream.destroy();
    expect((await watcher.arrived(1))[0]).toContain('$aws/events/presence/disconnected/a');
    expect(bench.entries.filter(({ what }) => what === 'refused')).toMatchObject([{ where: 'iot/gone/a' }]);
  });

  test('with QoS 2 is refused with its CONNECT', async () => {
    await using bench = await freeBench();
    const client = bench.as('a', { will: { ...WILL.will, qos: 2 } });
    await client.isClosed;
    await expect(client.isConnected).rejects.toThrow('The connection was closed.');
  });
});

describe('lifecycle events', () => {
  test('tell who comes and who goes, and why', async () => {
    await using bench = await freeBench();
    await bench.clock.hold();
    const watcher = await bench.join('watcher');
    await watcher.mqtt.subscribeAsync('$aws/events/presence/#', { qos: 1 });
    await (await bench.join('a')).mqtt.endAsync();
    await watcher.arrived(2);
    await bench.join('a');
    await watcher.arrived(3);
    expect(bench.broker.disconnect('a')).toBe(true);
    expect(bench.broker.disconnect('nobody')).toBe(false);
    const events = (await watcher.arrived(4)).map((message) => JSON.parse(message.slice(message.indexOf(' '))));
    const common = {
      clientId: 'a',
      timestamp: bench.clock.now(),
      principalIdentifier: expect.stringMatching(/^[0-9a-f]{64}$/),
    };
    const connected = { ...common, eventType: 'connected', ipAddress: '127.0.0.1' };
    const disconnected = { ...common, eventType: 'disconnected' };
    expect(events).toEqual([
      { ...connected, versionNumber: 0, sessionIdentifier: expect.any(String) },
      {
        ...disconnected,
        versionNumber: 0,
        sessionIdentifier: events[0].sessionIdentifier,
        clientInitiatedDisconnect: true,
        disconnectReason: 'CLIENT_INITIATED_DISCONNECT',
      },
      { ...connected, versionNumber: 1, sessionIdentifier: expect.any(String) },
      {
        ...disconnected,
        versionNumber: 1,
        sessionIdentifier: events[2].sessionIdentifier,
        clientInitiatedDisconnect: false,
        disconnectReason: 'SERVER_INITIATED_DISCONNECT',
      },
    ]);
    expect(bench.entries).toEqual([]);
  });
});

test('a hundred subscribers are not held up by one that reads nothing', async () => {
  await using bench = await freeBench();
  const clients = await Promise.all(Array.from({ length: 100 }, (_, at) => bench.join(`s${at}`)));
  await Promise.all(clients.map(({ mqtt }) => mqtt.subscribeAsync('t', { qos: 1 })));
  const [slow, ...others] = clients as [TestClient, ...TestClient[]];
  await slow.mqtt.subscribeAsync('large', { qos: 1 });
  slow.mqtt.stream.pause();
  const publisher = await bench.join('p');
  // More than the buffers of its socket take.
  for (let n = 0; n < 120; n++) await publisher.mqtt.publishAsync('large', 'x'.repeat(100_000), { qos: 1 });
  // More than Aedes itself has on their way at once.
  for (let n = 1; n <= 150; n++) await publisher.mqtt.publishAsync('t', String(n), { qos: 1 });
  for (const { arrived } of others) expect((await arrived(150)).at(-1)).toBe('t 150');
  expect(slow.messages.length).toBeLessThan(120);
});

test('a client that is very far behind is disconnected', async () => {
  await using bench = await freeBench();
  const [slow, publisher] = await Promise.all([bench.join('slow'), bench.join('p')]);
  await publisher.mqtt.subscribeAsync('$aws/events/presence/disconnected/slow', { qos: 1 });
  await slow.mqtt.subscribeAsync('large', { qos: 1 });
  slow.mqtt.stream.pause();
  while (publisher.messages.length === 0) await publisher.mqtt.publishAsync('large', 'x'.repeat(120_000), { qos: 1 });
  expect(publisher.messages[0]).toContain('"disconnectReason":"CONNECTION_LOST"');
});

test('a reset forgets sessions, retained messages and connections, and no will is published', async () => {
  await using bench = await freeBench();
  const heard: string[] = [];
  const will = { topic: 'gone', payload: Buffer.from('x'), qos: 0, retain: false } as const;
  const client = await bench.join('a', { clean: false, will });
  await client.mqtt.subscribeAsync('t', { qos: 1 });
  await client.mqtt.publishAsync('t', 'kept', { qos: 1, retain: true });
  bench.broker.onPublished(({ topic }) => heard.push(topic));
  await bench.broker.reset();
  await client.isClosed;
  expect(heard).toEqual([]);
  expect(bench.broker.retainedTopics()).toEqual([]);
  expect(await bench.as('a', { clean: false }).isConnected).toBe(false);
});

test('a listener that fails does the message no harm', async () => {
  await using bench = await freeBench();
  bench.broker.onPublished(() => {
    throw new Error('broken');
  });
  const client = await bench.join('a');
  await client.mqtt.subscribeAsync('t', { qos: 1 });
  await client.mqtt.publishAsync('t', 'x', { qos: 1 });
  expect(await client.arrived(1)).toEqual(['t x']);
  expect(bench.logged).toContain('Somebody who listens to the broker failed on a message to t.');
});

test('where the broker is, and whom to trust, is known as long as it is there', async () => {
  await using bench = await brokerBench();
  const device = await bench.device('pi', [EVERYTHING]);
  await bench.connected(device, 'a');
  expect(bench.broker.address()).toEqual({ host: '127.0.0.1', port: bench.server.port });
  expect(bench.broker.caPem()).toMatch(/^-----BEGIN CERTIFICATE-----/);
  await bench.server.stop();
  expect(bench.broker.address()).toBeUndefined();
  expect(bench.broker.caPem()).toBeUndefined();
});
