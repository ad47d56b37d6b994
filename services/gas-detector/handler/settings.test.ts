import { expect, test } from 'vitest';
import { readSettings } from './settings.ts';

const ENV = {
  TOPIC: 'pi/1',
  OPENSEARCH_ENDPOINT: 'search-gasdetect-abc.ap-northeast-2.es.amazonaws.com',
  OPENSEARCH_INDEX: 'gasdetect',
  WAITING_QUEUE_URL: 'https://sqs.ap-northeast-2.amazonaws.com/1/q',
  AWS_REGION: 'ap-northeast-2',
};

test.each([
  ['an endpoint as CloudFormation names it', {}, 'https://search-gasdetect-abc.ap-northeast-2.es.amazonaws.com/'],
  ['one with a scheme', { OPENSEARCH_ENDPOINT: 'http://h:1/p' }, 'http://h:1/p'],
  [
    'one where AWS is spoken to without TLS',
    { OPENSEARCH_ENDPOINT: '127.0.0.1:4566/_aws/es/r/d', AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' },
    'http://127.0.0.1:4566/_aws/es/r/d',
  ],
])('%s', (_what, given, href) => {
  expect(readSettings({ ...ENV, ...given }).endpoint.href).toBe(href);
});

test('the endpoint of IoT is the region’s unless one is given', () => {
  expect(readSettings(ENV).iotEndpoint).toBeUndefined();
  expect(readSettings({ ...ENV, IOT_ENDPOINT: 'a1-ats.iot.ap-northeast-2.amazonaws.com' }).iotEndpoint).toBe(
    'https://a1-ats.iot.ap-northeast-2.amazonaws.com/',
  );
});

test('everything that is missing is named', () => {
  expect(() => readSettings({ TOPIC: 'pi/1', OPENSEARCH_INDEX: '' })).toThrow(
    'Missing from the environment: OPENSEARCH_ENDPOINT, OPENSEARCH_INDEX, WAITING_QUEUE_URL, AWS_REGION.',
  );
});
