import { describe, expect, test } from 'vitest';
import type { Entry } from '../../ledger/index.ts';
import { bufferBody } from '../body.ts';
import type { EdgeRequest } from '../http.ts';
import type { PassedCall, PassedOutcome } from './observer.ts';
import { s3Call, s3Observer } from './s3.ts';

const request = (method: string, target: string, headers: Record<string, string> = {}): EdgeRequest => ({
  method,
  target,
  headers: { host: 'localhost:4566', ...headers },
  rawHeaders: [],
  body: bufferBody(Buffer.alloc(0)),
  remoteAddress: '127.0.0.1',
  internal: false,
  signal: new AbortController().signal,
});

describe('a request to S3', () => {
  test.each([
    ['PUT', '/b/a%20key/x', {}, 'PutObject', 'b', 'a key/x'],
    ['PUT', '/b/k?x-id=PutObject', {}, 'PutObject', 'b', 'k'],
    ['PUT', '/b/k', { 'x-amz-copy-source': 'c/d' }, 'CopyObject', 'b', 'k'],
    ['POST', '/b/k?uploadId=u', {}, 'CompleteMultipartUpload', 'b', 'k'],
    ['DELETE', '/b/k?versionId=v', {}, 'DeleteObject', 'b', 'k'],
    ['PUT', '/a/k', { host: 'my.b.s3.localhost.localstack.cloud:4566' }, 'PutObject', 'my.b', 'a/k'],
    ['PUT', '/k', { host: 'b.s3.eu-west-1.amazonaws.com' }, 'PutObject', 'b', 'k'],
    ['PUT', '/k', { host: 'b.localhost:4566' }, 'PutObject', 'b', 'k'],
    ['PUT', '/b/k', { host: 's3.localhost:4566' }, 'PutObject', 'b', 'k'],
    ['PUT', '/b/k', { host: 's3.localhost.localstack.cloud:4566' }, 'PutObject', 'b', 'k'],
  ])('%s %s %j is %s', (method, target, headers, operation, bucket, key) => {
    expect(s3Call({ request: request(method, target, headers), service: 's3' })).toEqual({ operation, bucket, key });
  });

  test.each([
    ['GET', '/b/k'],
    ['PUT', '/b'],
    ['PUT', '/b/'],
    ['PUT', '/b/k?acl'],
    ['PUT', '/b/k?tagging='],
    ['PUT', '/b/k?partNumber=1&uploadId=u'],
    ['POST', '/b/k?uploads'],
    ['POST', '/b?delete'],
    ['DELETE', '/b/k?uploadId=u'],
    ['DELETE', '/b'],
  ])('%s %s changes no object', (method, target) => {
    expect(s3Call({ request: request(method, target), service: 's3' })).toBeUndefined();
  });

  test('of another service is none', () => {
    expect(s3Call({ request: request('PUT', '/b/k'), service: 'lambda' })).toBeUndefined();
  });
});

describe('the note', () => {
  const noted = (given: EdgeRequest, outcome: Partial<PassedOutcome>, writesOwnEntries = false) => {
    const entries: Omit<Entry, 'n' | 't'>[] = [];
    const observer = s3Observer({ ledger: { append: (entry) => entries.push(entry) } });
    const call = { request: given, service: 's3', cause: 3, writesOwnEntries } as PassedCall;
    observer.observe(call, { kind: 'answered', status: 200, headers: {}, ...outcome } as PassedOutcome);
    return entries;
  };

  test('of a put has its bytes, without those of chunk signatures, and its ETag', () => {
    const put = request('PUT', '/b/k', { 'content-length': '200', 'x-amz-decoded-content-length': '5' });
    expect(noted(put, { headers: { etag: '"abc"' } })).toEqual([
      {
        where: 's3/b',
        what: 'noted',
        into: ['object/b/k'],
        cause: 3,
        detail: { operation: 'PutObject', status: 200, bytes: 5, etag: 'abc' },
      },
    ]);
  });

  test('of an upload in parts has the ETag of the answer’s body', () => {
    const responseBody = Buffer.from('<CompleteMultipartUploadResult><ETag>&quot;abc-2&quot;</ETag></…>');
    expect(noted(request('POST', '/b/k?uploadId=u'), { responseBody })[0]?.detail).toEqual({
      operation: 'CompleteMultipartUpload',
      status: 200,
      etag: 'abc-2',
    });
  });

  test('of a put whose answer was lost says so', () => {
    expect(noted(request('PUT', '/b/k'), { kind: 'unknown', reason: 'socket hang up' })[0]?.detail).toEqual({
      operation: 'PutObject',
      outcome: 'unknown',
      reason: 'socket hang up',
    });
  });

  test('is left to a caller that writes its own', () => {
    expect(noted(request('PUT', '/b/k'), {}, true)).toEqual([]);
  });
});
