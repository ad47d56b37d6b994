import { expect, test } from 'vitest';
import { signerFor } from './credentials.ts';
import { describeError, openSearchUrl } from './opensearch.ts';

const HOST = 'search-pinpoint-x.ap-northeast-2.es.amazonaws.com';

test.each([
  [HOST, undefined, `https://${HOST}`],
  [HOST, 'https://aws.example', `https://${HOST}`],
  ['127.0.0.1:4566/_aws/es/r/pinpoint', 'http://localhost:4566', 'http://127.0.0.1:4566/_aws/es/r/pinpoint'],
  ['http://localhost:9200/', undefined, 'http://localhost:9200'],
])('the endpoint %s with AWS at %s is %s', (endpoint, aws, url) => {
  expect(openSearchUrl(endpoint, aws)).toBe(url);
});

test('at AWS requests are signed, elsewhere where there are credentials', async () => {
  const own = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: '' };
  expect(signerFor('http://localhost:9200', {})).toBeUndefined();
  expect(signerFor(`https://${HOST}`, {})).toBeTypeOf('function');
  expect(await signerFor('http://localhost:9200', own)?.()).toEqual({
    accessKeyId: 'AKID',
    secretAccessKey: 'secret',
    sessionToken: undefined,
  });
});

test('an error is told by its root, with its cause unless that says nothing new', () => {
  const root = { type: 'query_shard_exception', reason: 'failed to create query: For input string: "now-15m"' };
  const cause = { type: 'number_format_exception', reason: 'For input string: "now-15m"' };
  const outer = { type: 'search_phase_execution_exception', reason: 'all shards failed' };
  expect(describeError({ ...outer, root_cause: [root], caused_by: { ...root, caused_by: cause } })).toBe(
    'query_shard_exception: failed to create query: For input string: "now-15m"',
  );
  const parse = { type: 'mapper_parsing_exception', reason: 'failed to parse' };
  const why = { type: 'illegal_argument_exception', reason: 'Malformed content' };
  expect(describeError({ ...parse, root_cause: [parse], caused_by: why })).toBe(
    'mapper_parsing_exception: failed to parse (illegal_argument_exception: Malformed content)',
  );
});
