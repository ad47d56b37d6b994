import { gunzipSync, inflateSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deploy, type TestGateway, testGateway } from '../testing.ts';

const BODY = '냇물 '.repeat(100);
const BYTES = Buffer.byteLength(BODY);

let gateway: TestGateway;
beforeEach(() => {
  gateway = testGateway();
});
afterEach(() => gateway.clock.close());

async function answer(acceptEncoding: string | undefined, minimumCompressionSize: number | undefined, more = {}) {
  const { url } = await deploy(gateway, {
    api: { minimumCompressionSize },
    integration: { type: 'MOCK', requestTemplates: { 'application/json': '{"statusCode": 200}' } },
    methodResponses: [{ statusCode: '200', responseParameters: { 'method.response.header.Content-Encoding': true } }],
    integrationResponses: [{ statusCode: '200', responseTemplates: { 'text/plain': BODY }, ...more }],
  });
  return await gateway.invoke(
    url,
    acceptEncoding === undefined ? {} : { headers: { 'Accept-Encoding': acceptEncoding } },
  );
}

test.each([
  ['gzip', 'gzip', gunzipSync],
  ['deflate', 'deflate', inflateSync],
  ['gzip, deflate, br', 'gzip', gunzipSync],
  ['GZIP;q=0.5, deflate;q=0.9', 'deflate', inflateSync],
  ['br;q=0, gzip', 'gzip', gunzipSync],
])('a caller who takes %s gets %s', async (accepted, coding, unpack) => {
  const { status, headers, bytes } = await answer(accepted, 0);
  expect([status, headers['Content-Encoding'], headers['Content-Type']]).toEqual([200, coding, 'text/plain']);
  expect(unpack(bytes).toString()).toBe(BODY);
  expect(bytes.length).toBeLessThan(BYTES);
});

test.each([
  undefined,
  '',
  '*',
  'br',
  'identity',
  'br, gzip',
  'gzip;q=0.5, identity',
  'gzip;q=0',
])('a caller whose first choice is another (%j) gets the answer as it is', async (accepted) => {
  const { headers, body } = await answer(accepted, 0);
  expect([headers['Content-Encoding'], body]).toEqual([undefined, BODY]);
});

test('what is smaller than the API says, compressed already, or of an API that compresses nothing, stays', async () => {
  expect((await answer('gzip', BYTES)).headers).toHaveProperty('Content-Encoding', 'gzip');
  expect((await answer('gzip', BYTES + 1)).body).toBe(BODY);
  expect((await answer('gzip', undefined)).body).toBe(BODY);
  const coded = { responseParameters: { 'method.response.header.Content-Encoding': "'br'" } };
  const { headers, body } = await answer('gzip', 0, coded);
  expect([headers['Content-Encoding'], body]).toEqual(['br', BODY]);
});

test('what API Gateway answers itself is not compressed', async () => {
  const { restApiId } = await deploy(gateway, {
    api: { minimumCompressionSize: 0 },
    integration: { type: 'MOCK', requestTemplates: { 'application/json': '{"statusCode": 200}' } },
  });
  const { headers, body } = await gateway.invoke(`${restApiId}/PROD/nowhere`, {
    headers: { 'Accept-Encoding': 'gzip' },
  });
  expect([headers['Content-Encoding'], body]).toEqual([undefined, '{"message":"Missing Authentication Token"}']);
});
