import { once } from 'node:events';
import http from 'node:http';
import { connect } from 'mqtt';
import { expect, test } from 'vitest';
import { readAll } from '../../../edge/body.ts';
import { testEdge } from '../../../edge/testing.ts';
import { brokerBench, type TestClient, testClient } from '../../../engines/mqtt/testing.ts';
import { mqttOverWebSocket } from './websocket.ts';

const SIGNATURE =
  'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test%2F20261121%2Fus-east-1%2Fiotdevicegateway%2Faws4_request' +
  '&X-Amz-Date=20261121T000000Z&X-Amz-SignedHeaders=host&X-Amz-Signature=ab';

async function webBench() {
  const bench = await brokerBench();
  const edge = await testEdge();
  edge.edge.onUpgrade(
    '/mqtt',
    mqttOverWebSocket(() => bench.broker.server),
  );
  const url = edge.url.replace('http', 'ws');
  const clients: TestClient[] = [];
  return {
    bench,
    url: edge.url,
    client(query: string, clientId: string) {
      const made = testClient(connect(`${url}/mqtt?${query}`, { clientId, protocolVersion: 4, reconnectPeriod: 0 }));
      clients.push(made);
      return made;
    },
    async [Symbol.asyncDispose]() {
      for (const { mqtt } of clients) mqtt.end(true);
      await edge[Symbol.asyncDispose]();
      await bench[Symbol.asyncDispose]();
    },
  };
}

test('a page that signs its request speaks MQTT with everybody, and may do everything', async () => {
  await using web = await webBench();
  const page = web.client(SIGNATURE, 'page');
  await page.isConnected;
  await page.mqtt.subscribeAsync(['pi/1', '$aws/events/presence/connected/pi'], { qos: 1 });
  const device = await web.bench.connected(await web.bench.device('pi'), 'pi');
  await device.mqtt.publishAsync('pi/1', 'from the device', { qos: 1 });
  const [event, message] = await page.arrived(2);
  expect(event).toContain('"clientId":"pi"');
  expect(message).toBe('pi/1 from the device');
  await device.mqtt.subscribeAsync('pi/1', { qos: 1 });
  await page.mqtt.publishAsync('pi/1', 'from the page', { qos: 1 });
  expect(await device.arrived(1)).toEqual(['pi/1 from the page']);
});

/** What the answer to a request for WebSocket is, other than yes. */
async function refusal(url: string, query: string): Promise<string> {
  const headers = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' };
  const [response] = (await once(http.get(`${url}/mqtt?${query}`, { headers }), 'response')) as [http.IncomingMessage];
  return `${response.statusCode} ${await readAll(response)}`;
}

test('a request without a signature is refused', async () => {
  await using web = await webBench();
  const unsigned = SIGNATURE.slice(0, SIGNATURE.indexOf('&X-Amz-Signature'));
  expect(await refusal(web.url, unsigned)).toBe('403 {"message":"Missing Authentication Token"}');
  expect(await refusal(web.url, 'X-Amz-Signature=ab')).toBe('403 {"message":"Missing Authentication Token"}');
});

test('while the broker is away there is nobody to speak with', async () => {
  await using web = await webBench();
  const page = web.client(SIGNATURE, 'page');
  await page.isConnected;
  await web.bench.server.stop();
  await page.isClosed;
  expect(await refusal(web.url, SIGNATURE)).toBe('503 {"message":"The message broker is away."}');
});
