import { afterEach, describe, expect, test } from 'vitest';
import { deploy, enableLogs, json, type MethodPlan, REGION, ROLE, type TestGateway, testGateway } from '../testing.ts';
import { compileBinaryTypes } from './content-handling.ts';

/** No UTF-8. */
const RAW = Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0xff]);
const MANGLED = Buffer.from(RAW.toString('utf8'));
const ENCODED = RAW.toString('base64');
const TEXT = 'this is a UTF8 text typed object';
const base64 = (text: string) => Buffer.from(text).toString('base64');

const S3 = {
  type: 'AWS',
  credentials: ROLE,
  integrationHttpMethod: 'PUT',
  uri: `arn:aws:apigateway:${REGION}:s3:path/bucket/key`,
};
const PNG = { binaryMediaTypes: ['image/png'] };

let gateway: TestGateway;
/** Some tests need no gateway. */
afterEach(() => (gateway as TestGateway | undefined)?.clock.close());

/** What reaches the backend of a body. */
async function sent(plan: Partial<MethodPlan>, contentType: string | undefined, body: Buffer | string) {
  let received: Buffer | string | undefined;
  gateway = testGateway((request) => {
    received = request.body;
    return json(200, '');
  });
  const { url } = await deploy(gateway, { integration: S3, ...plan });
  const headers = contentType === undefined ? {} : { 'Content-Type': contentType };
  const { status } = await gateway.invoke(url, { headers, body });
  return status === 200 ? Buffer.from(received ?? '') : status;
}

/** What the caller gets of a backend's body. */
async function answered(
  plan: Partial<MethodPlan>,
  contentHandling: string | undefined,
  contentType: string,
  accept: string | undefined,
  body: Buffer | string,
) {
  gateway = testGateway(() => ({ status: 200, headers: { 'content-type': contentType }, body: Buffer.from(body) }));
  const { url } = await deploy(gateway, {
    integration: S3,
    integrationResponses: [{ statusCode: '200', ...(contentHandling ? { contentHandling } : {}) }],
    ...plan,
  });
  const { status, bytes } = await gateway.invoke(url, { headers: accept === undefined ? {} : { Accept: accept } });
  return status === 200 ? bytes : status;
}

describe('which media types are binary', () => {
  test.each([
    [['image/png'], 'image/png', true],
    [['image/png'], 'IMAGE/PNG; q=1', true],
    [['image/png'], 'image/png,text/html', true],
    [['image/png'], 'text/html,image/png', false],
    [['image/png'], 'image/pngx', false],
    [['image/*'], 'image/webp', true],
    [['image/*'], 'imagery/webp', false],
    [['*/*'], 'application/json', true],
    [['*/*'], undefined, true],
    [['application/json'], undefined, true],
    [['image/png'], undefined, false],
    [['image/png'], '*/*', false],
    [[], 'image/png', false],
  ])('of %j, %j: %s', (types, header, expected) => {
    expect(compileBinaryTypes(new Set(types))(header)).toBe(expected);
  });
});

describe('a request’s body', () => {
  const handled = (contentHandling: string, api: object = {}) => ({ integration: { ...S3, contentHandling }, api });
  test.each([
    ['without binary types is text, which bytes that are none do not survive', {}, 'image/png', RAW, MANGLED],
    ['without binary types stays as it is if it is text', {}, 'image/png', TEXT, TEXT],
    ['of a binary type stays as it is', { api: PNG }, 'image/png', RAW, RAW],
    ['of a binary type is not read as base64', { api: PNG }, 'image/png', ENCODED, ENCODED],
    ['of another type is text', { api: PNG }, 'text/plain', RAW, MANGLED],
    ['of a binary type becomes base64', handled('CONVERT_TO_TEXT', PNG), 'image/png', RAW, ENCODED],
    ['of text becomes base64 only where its type is binary', handled('CONVERT_TO_TEXT', PNG), 'text/plain', TEXT, TEXT],
    ['of text is read as base64', handled('CONVERT_TO_BINARY'), 'image/png', ENCODED, RAW],
    ['of text that is no base64 is refused', handled('CONVERT_TO_BINARY'), 'image/png', TEXT, 500],
    ['of a binary type is binary already', handled('CONVERT_TO_BINARY', PNG), 'image/png', RAW, RAW],
  ])('%s', async (_what, plan, contentType, body, expected) => {
    const got = await sent(plan, contentType, body);
    expect(got).toEqual(typeof expected === 'number' ? expected : Buffer.from(expected));
  });

  test('that is binary cannot be seen by a template, unless it is made text', async () => {
    const requestTemplates = { 'image/png': '{"data": "$input.body"}' };
    expect(await sent({ integration: { ...S3, requestTemplates }, api: PNG }, 'image/png', RAW)).toBe(500);
    gateway.clock.close();
    const integration = { ...S3, requestTemplates, contentHandling: 'CONVERT_TO_TEXT' };
    expect(await sent({ integration, api: PNG }, 'image/png', RAW)).toEqual(Buffer.from(`{"data": "${ENCODED}"}`));
  });
});

describe('a backend’s body', () => {
  const both = [
    [RAW, 'raw'],
    [ENCODED, 'base64'],
    [TEXT, 'text'],
  ] as const;
  /** For raw bytes, base64 and text in turn; 500 where it is to be read as base64 and is none. */
  test.each([
    ['no binary types', {}, undefined, 'binary/octet-stream', 'image/png', [MANGLED, ENCODED, TEXT]],
    ['no binary types, to binary', {}, 'CONVERT_TO_BINARY', 'binary/octet-stream', 'image/png', [500, RAW, 500]],
    ['text for text', PNG, undefined, 'text/plain', 'text/plain', [MANGLED, ENCODED, TEXT]],
    ['text for binary', PNG, undefined, 'text/plain', 'image/png', [500, RAW, 500]],
    ['binary for text', PNG, undefined, 'image/png', 'text/plain', [ENCODED, base64(ENCODED), base64(TEXT)]],
    ['binary for binary', PNG, undefined, 'image/png', 'image/png', [RAW, ENCODED, TEXT]],
    [
      'binary for whoever says nothing',
      PNG,
      undefined,
      'image/png',
      undefined,
      [ENCODED, base64(ENCODED), base64(TEXT)],
    ],
    ['text to text', PNG, 'CONVERT_TO_TEXT', 'text/plain', 'image/png', [MANGLED, ENCODED, TEXT]],
    ['binary to text', PNG, 'CONVERT_TO_TEXT', 'image/png', 'image/png', [ENCODED, base64(ENCODED), base64(TEXT)]],
    ['text to binary', PNG, 'CONVERT_TO_BINARY', 'text/plain', 'text/plain', [500, RAW, 500]],
    ['binary to binary', PNG, 'CONVERT_TO_BINARY', 'image/png', 'text/plain', [RAW, ENCODED, TEXT]],
  ])('%s', async (_what, api, handling, contentType, accept, expected) => {
    for (const [index, [body]] of both.entries()) {
      const wanted = expected[index] as Buffer | string | number;
      const got = await answered({ api }, handling, contentType, accept, body);
      expect(got).toEqual(typeof wanted === 'number' ? wanted : Buffer.from(wanted));
      gateway.clock.close();
    }
  });

  test('that was made text is seen by a template, binary is not', async () => {
    const template = { responseTemplates: { 'application/json': '{"data": "$input.body"}' } };
    const integrationResponses = [{ statusCode: '200', contentHandling: 'CONVERT_TO_TEXT', ...template }];
    const text = await answered({ api: PNG, integrationResponses }, undefined, 'image/png', 'image/png', RAW);
    expect(text).toEqual(Buffer.from(`{"data": "${ENCODED}"}`));
    gateway.clock.close();
    const raw = [{ statusCode: '200', ...template }];
    expect(await answered({ api: PNG, integrationResponses: raw }, undefined, 'image/png', 'image/png', RAW)).toBe(500);
  });
});

describe('with every type binary', () => {
  const every = { binaryMediaTypes: ['*/*'] };
  const preflight = (more: object): MethodPlan => ({
    api: every,
    httpMethod: 'OPTIONS',
    methodResponses: [
      { statusCode: '200', responseParameters: { 'method.response.header.Access-Control-Allow-Origin': true } },
    ],
    integration: { type: 'MOCK', requestTemplates: { 'application/json': '{"statusCode": 200}' }, ...more },
    integrationResponses: [
      {
        statusCode: '200',
        responseParameters: { 'method.response.header.Access-Control-Allow-Origin': "'*'" },
        responseTemplates: { 'application/json': '' },
      },
    ],
  });
  const ask = { method: 'OPTIONS', headers: { Accept: '*/*', Origin: 'https://page.example' } };

  test('a mocked preflight fails, which is a trap, and says so in the log', async () => {
    gateway = testGateway();
    const { url, restApiId } = await deploy(gateway, preflight({}));
    await enableLogs(gateway, restApiId);
    expect(await gateway.invoke(url, ask)).toMatchObject({ status: 500, body: '{"message": "Internal server error"}' });
    const lines = gateway.lines().map((line) => line.replace(/^\(\S+\) /, ''));
    expect(lines).toContain('Method request body before transformations: [Binary Data]');
    expect(lines).toContain('Execution failed due to configuration error: Unable to transform request');
  });

  test('and works once its integration makes text of what comes', async () => {
    gateway = testGateway();
    const { url } = await deploy(gateway, preflight({ contentHandling: 'CONVERT_TO_TEXT' }));
    expect(await gateway.invoke(url, ask)).toMatchObject({
      status: 200,
      headers: { 'Access-Control-Allow-Origin': '*' },
      body: '',
    });
  });
});

test('what cannot be decoded is named in the log', async () => {
  gateway = testGateway();
  const integration = { ...S3, contentHandling: 'CONVERT_TO_BINARY' };
  const { url, restApiId } = await deploy(gateway, { integration });
  await enableLogs(gateway, restApiId);
  await gateway.invoke(url, { body: TEXT });
  expect(gateway.lines().join('\n')).toContain(
    'Execution failed due to configuration error: Unable to base64 decode the body.',
  );
});
