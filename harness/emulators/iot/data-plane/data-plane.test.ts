import {
  DeleteConnectionCommand,
  GetRetainedMessageCommand,
  GetThingShadowCommand,
  ListRetainedMessagesCommand,
  PublishCommand,
  type PublishCommandInput,
} from '@aws-sdk/client-iot-data-plane';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type IotBench, iotBench } from '../testing.ts';

let bench: IotBench;

beforeEach(async () => {
  bench = await iotBench();
});

afterEach(() => bench[Symbol.asyncDispose]());

const publish = (input: Partial<PublishCommandInput>) =>
  bench.data.send(new PublishCommand({ topic: 'pi/1', payload: Buffer.from('{"no2":88}'), ...input }));

test('a message reaches the broker as it was sent, and the ledger says so', async () => {
  const { $metadata } = await publish({ qos: 1, contentType: 'application/json' });
  expect(bench.published).toEqual([
    { topic: 'pi/1', payload: Buffer.from('{"no2":88}'), qos: 1, retain: false, clientId: undefined, cause: 1 },
  ]);
  expect(bench.entries).toEqual([
    expect.objectContaining({
      where: 'iot/pi/1',
      what: 'received',
      ids: [`request//${$metadata.requestId}`],
      detail: { bytes: 10, qos: 1 },
    }),
  ]);
  expect(bench.counted).toEqual(['PublishIn.Success HTTP']);
});

test('by default it is QoS 0 and may have no payload', async () => {
  await bench.data.send(new PublishCommand({ topic: 'pi/1' }));
  expect(bench.published).toMatchObject([{ qos: 0, retain: false, payload: Buffer.alloc(0) }]);
});

test.each([
  'iotdata',
  'iotdevicegateway',
])('a plain HTTP client signs for %s and leaves slashes as they are', async (service) => {
  const answer = await fetch(`${bench.url}/topics/pi/1/%EA%B0%80%20b?qos=1&retain=true`, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=test/20220127/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: Buffer.from([0, 255]),
  });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ message: 'OK', traceId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  expect(bench.published).toMatchObject([{ topic: 'pi/1/가 b', payload: Buffer.from([0, 255]), qos: 1, retain: true }]);
});

test.each<[string, Partial<PublishCommandInput>, string, number, string]>([
  ['a wildcard', { topic: 'pi/+' }, 'InvalidRequestException', 400, 'The topic is not valid: it has a wildcard.'],
  [
    'a long topic',
    { topic: 'é'.repeat(129) },
    'InvalidRequestException',
    400,
    'The topic is not valid: it is longer than 256 bytes.',
  ],
  [
    'a deep topic',
    { topic: 'a/b/c/d/e/f/g/h/i' },
    'InvalidRequestException',
    400,
    'The topic is not valid: it has more than 7 slashes.',
  ],
  ['QoS 2', { qos: 2 }, 'InvalidRequestException', 400, 'The QoS is 0 or 1.'],
  [
    'a large payload',
    { payload: Buffer.alloc(128 * 1024 + 1) },
    'RequestEntityTooLargeException',
    413,
    'The payload is larger than 131072 bytes.',
  ],
  [
    'a reserved topic',
    { topic: '$aws/things/pi/shadow/update' },
    'InvalidRequestException',
    400,
    'The topic is not valid: topics that begin with $ are reserved.',
  ],
  [
    'an expiry',
    { messageExpiry: 60 },
    'NotImplementedException',
    501,
    'The IoT emulator of naetmul does not support messageExpiry of Publish.',
  ],
])('%s is refused', async (_what, input, name, httpStatusCode, message) => {
  await expect(publish(input)).rejects.toMatchObject({ name, message, $metadata: { httpStatusCode } });
  expect(bench.published).toEqual([]);
  expect(bench.entries).toMatchObject([{ what: 'refused', detail: { status: httpStatusCode, error: name } }]);
});

test('the largest message passes', async () => {
  await publish({ topic: 'a/b/c/d/e/f/g/h', payload: Buffer.alloc(128 * 1024) });
  expect(bench.published[0]?.payload).toHaveLength(131_072);
});

test('without a broker the service is unavailable', async () => {
  bench.state.away = true;
  await expect(publish({})).rejects.toMatchObject({
    name: 'ServiceUnavailableException',
    $metadata: { httpStatusCode: 503 },
  });
  expect(bench.counted).toEqual(['PublishIn.ServerError HTTP']);
});

test('retained messages are listed and read', async () => {
  await publish({ retain: true, qos: 1 });
  await publish({ topic: 'pi/2', retain: true, payload: Buffer.from('냇물') });
  const first = await bench.data.send(new ListRetainedMessagesCommand({ maxResults: 1 }));
  expect(first.retainedTopics).toEqual([
    { topic: 'pi/1', payloadSize: 10, qos: 1, lastModifiedTime: 1_600_000_000_000 },
  ]);
  const { nextToken } = first;
  expect((await bench.data.send(new ListRetainedMessagesCommand({ nextToken }))).retainedTopics).toMatchObject([
    { topic: 'pi/2', payloadSize: 6 },
  ]);
  const { payload, ...about } = await bench.data.send(new GetRetainedMessageCommand({ topic: 'pi/2' }));
  expect(Buffer.from(payload ?? []).toString()).toBe('냇물');
  expect(about).toMatchObject({ topic: 'pi/2', qos: 0, lastModifiedTime: 1_600_000_000_000 });
  await expect(bench.data.send(new GetRetainedMessageCommand({ topic: 'pi/3' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'No retained message found for topic: pi/3',
  });
});

test('a connection is ended by its client id', async () => {
  bench.clients.add('pi-1');
  const end = () => bench.data.send(new DeleteConnectionCommand({ clientId: 'pi-1' }));
  await end();
  await expect(end()).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'No connection found for client ID: pi-1',
  });
});

test('shadows are refused by name', async () => {
  await expect(bench.data.send(new GetThingShadowCommand({ thingName: 'pi-1' }))).rejects.toThrow(
    'The IoT emulator of naetmul does not support the operation GetThingShadow.',
  );
});
