import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../../page-kit/server/config.ts';
import { readConfig } from './config.ts';

const DOMAIN = 'search-gasdetect-abcdefghijklmnopqrstuvwxyz.ap-northeast-2.es.amazonaws.com';

test('without anything but the domain, the workshop is meant', () => {
  expect(readConfig({ OPENSEARCH_ENDPOINT: DOMAIN })).toEqual({
    host: '127.0.0.1',
    port: 8000,
    openSearchUrl: `https://${DOMAIN}`,
    index: 'gasdetect',
    region: 'ap-northeast-2',
    signsSearches: true,
    mqttUrl: undefined,
    topic: 'pi/1',
    credentials: undefined,
  });
});

describe('an endpoint without a protocol', () => {
  test('is spoken to with TLS', () => {
    const config = readConfig({ OPENSEARCH_ENDPOINT: DOMAIN, MQTT_URL: 'x-ats.iot.ap-northeast-2.amazonaws.com' });
    expect(config.mqttUrl).toBe('wss://x-ats.iot.ap-northeast-2.amazonaws.com/mqtt');
  });

  test('is spoken to without where all of AWS is, and the broker is there too', () => {
    const endpoint = 'localhost:4566/_aws/es/ap-northeast-2/gasdetect';
    const config = readConfig({
      OPENSEARCH_ENDPOINT: endpoint,
      AWS_ENDPOINT_URL: 'http://localhost:4566',
      MQTT_URL: '',
    });
    expect(config.openSearchUrl).toBe(`http://${endpoint}`);
    expect(config.mqttUrl).toBe('ws://localhost:4566/mqtt');
  });
});

test.each([
  [{}, 'OPENSEARCH_ENDPOINT is missing: set it to the endpoint of the OpenSearch domain.'],
  [
    { OPENSEARCH_ENDPOINT: 'ftp://x' },
    'OPENSEARCH_ENDPOINT must be an address that begins with http:// or https://, not ftp://x.',
  ],
  [
    { OPENSEARCH_ENDPOINT: 'x', MQTT_URL: 'mqtt://x' },
    'MQTT_URL must be an address that begins with ws:// or wss://, not mqtt://x.',
  ],
  [{ OPENSEARCH_ENDPOINT: 'x', PORT: '80a' }, 'PORT must be a number from 0 to 65535, not 80a.'],
])('%j is refused by name', (env, message) => {
  expect(() => readConfig(env)).toThrow(new ConfigError(message));
});
