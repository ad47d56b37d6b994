import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CustomResourceRequest, textTree } from './request.ts';
import { CustomResourceFailed, readResponse } from './response.ts';
import { openResponseUrl, type ResponseUrl } from './response-url.ts';

const request: CustomResourceRequest = {
  RequestType: 'Create',
  ServiceToken: 'arn:aws:lambda:us-east-1:000000000000:function:make',
  ResponseURL: 'http://127.0.0.1:1/',
  StackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/s/1',
  RequestId: 'r-1',
  LogicalResourceId: 'Template',
  ResourceType: 'Custom::IndexTemplate',
  ResourceProperties: {},
};
const good = {
  Status: 'SUCCESS',
  PhysicalResourceId: 'default_template',
  StackId: request.StackId,
  RequestId: 'r-1',
  LogicalResourceId: 'Template',
};
const read = (body: unknown) =>
  readResponse(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), request);
const refusalOf = (body: unknown): CustomResourceFailed => {
  try {
    read(body);
  } catch (error) {
    expect(error).toBeInstanceOf(CustomResourceFailed);
    return error as CustomResourceFailed;
  }
  return expect.unreachable('it was taken');
};

describe('what a provider is asked', () => {
  test('has every value as text, however deep', () => {
    expect(textTree({ a: 1, b: true, c: 'x', d: [1.5, { e: false }], f: {} })).toEqual({
      a: '1',
      b: 'true',
      c: 'x',
      d: ['1.5', { e: 'false' }],
      f: {},
    });
  });
});

describe('what a provider answers', () => {
  test('names the resource and gives its attributes, texts and lists of texts', () => {
    const Data = { Name: 'a', Count: 2, Ready: true, Zones: ['a', 1], Nested: { a: 1 }, Nothing: null };
    expect(read({ ...good, Data, NoEcho: true })).toEqual({
      physicalId: 'default_template',
      data: { Name: 'a', Count: '2', Ready: 'true', Zones: ['a', '1'] },
      noEcho: true,
    });
    expect(read({ ...good, Data: null })).toEqual({ physicalId: 'default_template', data: {}, noEcho: false });
  });

  test('fails with the provider’s reason and the name that it gave', () => {
    const failed = refusalOf({ ...good, Status: 'FAILED', Reason: 'no such domain' });
    expect(failed.message).toBe(
      'Received response status [FAILED] from custom resource. Message returned: no such domain (RequestId: r-1)',
    );
    expect(failed.physicalId).toBe('default_template');
  });

  test.each([
    [{ ...good, Status: 'FAILURE' }, "Invalid Response object: 'FAILURE' is not a valid ResponseStatus"],
    [{}, 'Invalid Response object: null is not a valid ResponseStatus'],
    [{ ...good, PhysicalResourceId: undefined }, 'Invalid PhysicalResourceId'],
    [{ ...good, PhysicalResourceId: '' }, 'Invalid PhysicalResourceId'],
    [{ ...good, PhysicalResourceId: '가'.repeat(342) }, 'Invalid PhysicalResourceId'],
    [
      { ...good, Status: 'FAILED', Reason: 'boom', PhysicalResourceId: undefined },
      'Invalid PhysicalResourceId (its Reason: boom)',
    ],
    [
      { ...good, RequestId: 'other' },
      'Invalid Response object: RequestId must be r-1, as in the request, and is other',
    ],
    [{ ...good, Data: ['a'] }, 'Invalid Response object: Data must be a JSON object'],
    ['[]', 'Invalid Response object: it must be a JSON object'],
    [{ ...good, Data: { long: 'x'.repeat(4096) } }, 'Response object is too long.'],
  ])('is not taken as %j', (body, message) => {
    expect(refusalOf(body).message).toBe(message);
  });

  test.each(['', 'ok', '{"Status":'])('is not taken when it is no JSON: %j', (body) => {
    expect(refusalOf(body).message).toMatch(/^Invalid Response object: Unexpected /);
  });

  test('may have as many bytes as CloudFormation takes, and no more', () => {
    const spare = 4096 - Buffer.byteLength(JSON.stringify({ ...good, Data: { a: '' } }));
    expect(read({ ...good, Data: { a: 'x'.repeat(spare) } }).data.a).toHaveLength(spare);
    expect(refusalOf({ ...good, Data: { a: 'x'.repeat(spare + 1) } }).message).toBe('Response object is too long.');
  });
});

describe('the address for the answer', () => {
  let door: ResponseUrl;

  beforeEach(async () => {
    door = await openResponseUrl('arn:aws:cloudformation:us-east-1:1:stack/s/1|Template|r-1', 'ap-northeast-2');
  });

  afterEach(() => door[Symbol.asyncDispose]());

  test('has CloudFormation’s form, without TLS', () => {
    const { protocol, pathname, searchParams } = new URL(door.url);
    expect(protocol).toBe('http:');
    expect(decodeURIComponent(pathname)).toBe('/arn:aws:cloudformation:us-east-1:1:stack/s/1|Template|r-1');
    expect(Object.fromEntries(searchParams)).toMatchObject({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Date': expect.stringMatching(/^\d{8}T\d{6}Z$/),
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Expires': '7200',
      'X-Amz-Credential': expect.stringMatching(/^AKIA\w{16}\/\d{8}\/ap-northeast-2\/s3\/aws4_request$/),
      'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test('takes what is put there, whatever it says it is, and keeps the first', async () => {
    const headers = { 'content-type': 'text/plain' };
    expect((await fetch(door.url, { method: 'PUT', body: 'first', headers })).status).toBe(200);
    expect((await fetch(door.url, { method: 'PUT', body: 'second' })).status).toBe(200);
    expect(String(await door.answer)).toBe('first');
  });

  test('takes nothing else, in S3’s words', async () => {
    const posted = await fetch(door.url, { method: 'POST', body: '{}' });
    expect([posted.status, await posted.text()]).toEqual([
      403,
      expect.stringContaining('<Code>SignatureDoesNotMatch</Code>'),
    ]);
    const other = await fetch(door.url.replace(/Signature=.*/, 'Signature=00'), { method: 'PUT', body: '{}' });
    expect(other.status).toBe(403);
    expect(await putInChunks(door.url)).toBe(501);
    expect(door.refusals).toEqual([
      expect.stringMatching(/^POST was refused with 403 SignatureDoesNotMatch: /),
      expect.stringMatching(/^PUT was refused with 403 /),
      'PUT was refused with 501 NotImplemented: A header you provided implies functionality that is not implemented',
    ]);
  });

  test('keeps no more of a body than shows that it is too long', async () => {
    await fetch(door.url, { method: 'PUT', body: Buffer.alloc(1 << 20) });
    const kept = await door.answer;
    expect(kept.length).toBeGreaterThan(4096);
    expect(kept.length).toBeLessThan(1 << 20);
  });
});

/** As handlers do that do not say how long their body is. */
function putInChunks(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const call = httpRequest(url, { method: 'PUT' }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    call.on('error', reject);
    call.write('{');
    call.end('}');
  });
}
