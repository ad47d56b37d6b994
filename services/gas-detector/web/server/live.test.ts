import { expect, test } from 'vitest';
import { readConfig } from './config.ts';
import { liveAddress } from './live.ts';

const AT = new Date('2026-01-27T05:48:25Z');
const never = () => Promise.reject(new Error('nobody asks for credentials'));

test('a plain broker gets its address as it is, and each page a client id of its own', async () => {
  const config = readConfig({ OPENSEARCH_ENDPOINT: 'x', MQTT_URL: 'ws://127.0.0.1:9001' });
  const first = await liveAddress(config, AT, never);
  expect(first).toEqual({
    url: 'ws://127.0.0.1:9001/mqtt',
    topic: 'pi/1',
    clientId: expect.stringMatching(/^gas-web-\w{12}$/),
  });
  expect((await liveAddress(config, AT, never)).clientId).not.toBe(first.clientId);
});

test("AWS's own is signed, with the role of the machine where the environment has no credentials", async () => {
  const config = readConfig({
    OPENSEARCH_ENDPOINT: 'x',
    MQTT_URL: 'a-ats.iot.eu-west-1.amazonaws.com',
    AWS_REGION: 'eu-west-1',
  });
  const role = async () => ({ accessKeyId: 'ASIAX', secretAccessKey: 's', sessionToken: 'token' });
  const url = new URL((await liveAddress(config, AT, role)).url);
  expect(`${url.protocol}//${url.host}${url.pathname}`).toBe('wss://a-ats.iot.eu-west-1.amazonaws.com/mqtt');
  expect(url.searchParams.get('X-Amz-Credential')).toBe('ASIAX/20260127/eu-west-1/iotdevicegateway/aws4_request');
  expect(url.searchParams.get('X-Amz-Security-Token')).toBe('token');
});

test('without a broker the page is told so', async () => {
  const config = readConfig({ OPENSEARCH_ENDPOINT: 'x' });
  await expect(liveAddress(config, AT, never)).rejects.toMatchObject({ status: 503, code: 'live-unset' });
});
