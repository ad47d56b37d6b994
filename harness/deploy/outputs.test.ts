import { describe, expect, test } from 'vitest';
import { domainAtTheEdge, outputAtTheEdge } from './outputs.ts';

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

describe('an address of a domain', () => {
  const endpoints = ['127.0.0.1:4566/_aws/es/ap-northeast-2/gas'];

  test.each([
    ['https://127.0.0.1:4566/_aws/es/ap-northeast-2/gas', 'http://127.0.0.1:4566/_aws/es/ap-northeast-2/gas'],
    [
      'https://127.0.0.1:4566/_aws/es/ap-northeast-2/gas/a/_search',
      'http://127.0.0.1:4566/_aws/es/ap-northeast-2/gas/a/_search',
    ],
  ])('%s is spoken to without TLS here', (value, expected) => {
    expect(domainAtTheEdge(value, endpoints)).toBe(expected);
  });

  test.each([
    'https://127.0.0.1:4566/_aws/es/ap-northeast-2/gas-2',
    '127.0.0.1:4566/_aws/es/ap-northeast-2/gas',
    'https://search-gas-abc.ap-northeast-2.es.amazonaws.com',
  ])('%s stays as it is', (value) => {
    expect(domainAtTheEdge(value, endpoints)).toBe(value);
  });
});
