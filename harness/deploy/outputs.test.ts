import { expect, test } from 'vitest';
import { outputAtTheEdge } from './outputs.ts';

const apiIds = new Set(['abc123']);
const urlFor = (apiId: string, stage: string) => `http://localhost:4566/_aws/execute-api/${apiId}/${stage}`;

test.each([
  [
    'https://abc123.execute-api.ap-northeast-2.amazonaws.com/PROD/v1',
    'http://localhost:4566/_aws/execute-api/abc123/PROD/v1',
  ],
  [
    'https://abc123.execute-api.ap-northeast-2.amazonaws.com/PROD',
    'http://localhost:4566/_aws/execute-api/abc123/PROD',
  ],
  [
    'https://abc123.execute-api.cn-north-1.amazonaws.com.cn/a/b/c?d=e',
    'http://localhost:4566/_aws/execute-api/abc123/a/b/c?d=e',
  ],
])('%s is an address of an API here', (value, expected) => {
  expect(outputAtTheEdge(value, apiIds, urlFor)).toBe(expected);
});

test.each([
  'https://other99.execute-api.ap-northeast-2.amazonaws.com/PROD/v1',
  'see https://abc123.execute-api.ap-northeast-2.amazonaws.com/PROD/v1',
  'https://abc123.execute-api.ap-northeast-2.example.com/PROD/v1',
  'arn:aws:execute-api:ap-northeast-2:000000000000:abc123/PROD/POST/v1',
  'ingest-stream',
])('%s stays as it is', (value) => {
  expect(outputAtTheEdge(value, apiIds, urlFor)).toBe(value);
});
