import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

test('the environment says where OpenSearch is, and the rest has defaults', () => {
  expect(readConfig({ OPENSEARCH_ENDPOINT: 'http://localhost:9200' })).toMatchObject({
    host: '127.0.0.1',
    port: 8000,
    indexName: 'pinpoint',
    openSearch: { url: 'http://localhost:9200', region: 'ap-northeast-2', credentials: undefined },
  });
});

test.each([
  [{}, 'OPENSEARCH_ENDPOINT is missing: set it to the endpoint of the OpenSearch domain.'],
  [{ OPENSEARCH_ENDPOINT: 'http://' }, 'OPENSEARCH_ENDPOINT must be an address, not http://.'],
  [{ OPENSEARCH_ENDPOINT: 'x', PORT: '65536' }, 'PORT must be a number from 0 to 65535, not 65536.'],
])('%o is refused: %s', (env, message) => {
  expect(() => readConfig(env)).toThrow(message);
});
