import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ACCOUNT, REGION, ROLE, type TestGateway, testGateway } from '../testing.ts';

let gateway: TestGateway;
let at: { restApiId: string; resourceId: string; httpMethod: string };

beforeEach(async () => {
  gateway = testGateway();
  const api = await gateway.call('CreateRestApi', { name: 'proxies' });
  at = { restApiId: api.id, resourceId: api.rootResourceId, httpMethod: 'ANY' };
  await gateway.call('PutMethod', { ...at, authorizationType: 'NONE' });
});
afterEach(() => gateway.clock.close());

const bad = (message: string) => expect.objectContaining({ code: 'BadRequestException', message, status: 400 });
const missing = (message: string) => expect.objectContaining({ code: 'NotFoundException', message, status: 404 });

const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:MyLambda`;
const arn = (rest: string) => `arn:aws:apigateway:${REGION}:${rest}`;
const INVOCATIONS = arn(`lambda:path/2015-03-31/functions/${FUNCTION}/invocations`);
const ONLY_LAMBDA =
  "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.";

describe('PutIntegration', () => {
  test.each([
    [{ type: 'HTTP', uri: 'http://example.com' }, 'Enumeration value for HttpMethod must be non-empty'],
    [{ type: 'HTTP_PROXY', uri: 'http://example.com' }, 'Enumeration value for HttpMethod must be non-empty'],
    [{ type: 'AWS_PROXY', uri: INVOCATIONS }, 'Enumeration value for HttpMethod must be non-empty'],
    [{ type: 'HTTP', method: 'POST', uri: 'non-valid-http' }, 'Invalid HTTP endpoint specified for URI'],
    [{ type: 'HTTP_PROXY', method: 'POST', uri: 'non-valid-http' }, 'Invalid HTTP endpoint specified for URI'],
    [{ type: 'HTTP_PROXY', method: 'POST' }, 'Invalid HTTP endpoint specified for URI'],
    [{ type: 'HTTP_PROXY', method: 'ANY', uri: 'ftp://example.com' }, 'Invalid HTTP endpoint specified for URI'],
    [{ type: 'AWS_PROXY', method: 'POST', uri: FUNCTION }, 'AWS ARN for integration must contain path or action'],
    [
      { type: 'AWS_PROXY', method: 'POST', uri: `bad-arn:lambda:path/2015-03-31/functions/${FUNCTION}/invocations` },
      'Invalid ARN specified in the request',
    ],
    [
      {
        type: 'AWS_PROXY',
        method: 'POST',
        uri: arn(`lambda:test/2015-03-31/functions/${FUNCTION}/invocations`),
      },
      'AWS ARN for integration must contain path or action',
    ],
    [
      {
        type: 'AWS_PROXY',
        method: 'POST',
        uri: arn(`firehose:path/2015-03-31/functions/${FUNCTION}/invocations`),
      },
      ONLY_LAMBDA,
    ],
    [{ type: 'AWS_PROXY', method: 'POST', uri: arn(`lambda:path/random/value/${FUNCTION}/invocations`) }, ONLY_LAMBDA],
    [{ type: 'AWS_PROXY', method: 'POST', uri: arn('s3:path/b/k') }, ONLY_LAMBDA],
    [{ type: 'AWS', method: 'POST', uri: 'non-valid-arn' }, 'Invalid ARN specified in the request'],
    [
      { type: 'AWS', method: 'POST', uri: 'arn:aws:iam::0000000000:role/service-role/asdf' },
      'AWS ARN for integration must contain path or action',
    ],
  ])('refuses %j as AWS does', async ({
    method,
    ...input
  }: { type: string; method?: string; uri?: string }, message) => {
    const put = { ...at, ...input, ...(method ? { integrationHttpMethod: method } : {}) };
    await expect(gateway.call('PutIntegration', put)).rejects.toEqual(bad(message));
  });

  test.each(['HTTP', 'HTTP_PROXY'])('of type %s shows how it is connected', async (type) => {
    const put = { ...at, type, integrationHttpMethod: 'POST', uri: 'http://example.com' };
    expect(await gateway.call('PutIntegration', put)).toEqual({
      cacheKeyParameters: [],
      cacheNamespace: at.resourceId,
      connectionType: 'INTERNET',
      httpMethod: 'POST',
      passthroughBehavior: 'WHEN_NO_MATCH',
      timeoutInMillis: 29_000,
      type,
      uri: 'http://example.com',
    });
  });

  test('of type MOCK has no address', async () => {
    const shown = await gateway.call('PutIntegration', { ...at, type: 'MOCK', uri: 'http://example.com' });
    expect(Object.keys(shown).sort()).toEqual([
      'cacheKeyParameters',
      'cacheNamespace',
      'passthroughBehavior',
      'timeoutInMillis',
      'type',
    ]);
  });

  test.each([
    ['http://$'.concat('{stageVariables.host}/pets/{proxy}')],
    ['https://petstore.example.com'],
    ['http://127.0.0.1:3000/{proxy}?a={b}'],
  ])('takes the address %s', async (uri) => {
    const put = { ...at, type: 'HTTP_PROXY', integrationHttpMethod: 'ANY', uri };
    expect(await gateway.call('PutIntegration', put)).toMatchObject({ uri, httpMethod: 'ANY' });
  });

  test('keeps how bodies are to be converted, and knows no other way', async () => {
    const put = { ...at, type: 'AWS', credentials: ROLE, integrationHttpMethod: 'ANY', uri: arn('s3:path/b/k') };
    const kept = await gateway.call('PutIntegration', { ...put, contentHandling: 'CONVERT_TO_BINARY' });
    expect(kept.contentHandling).toBe('CONVERT_TO_BINARY');
    await expect(gateway.call('PutIntegration', { ...put, contentHandling: 'CONVERT' })).rejects.toMatchObject({
      code: 'ValidationException',
      message:
        "1 validation error detected: Value 'CONVERT' at 'putIntegrationInput.contentHandling' failed to satisfy " +
        'constraint: Member must satisfy enum value set: [CONVERT_TO_BINARY, CONVERT_TO_TEXT]',
    });
  });
});

test('UpdateIntegration holds what it changes to the same rules', async () => {
  await gateway.call('PutIntegration', { ...at, type: 'HTTP_PROXY', integrationHttpMethod: 'ANY', uri: 'http://a' });
  const change = (path: string, value: string) =>
    gateway.call('UpdateIntegration', { ...at, patchOperations: [{ op: 'replace', path, value }] });
  expect(await change('/uri', 'http://b')).toMatchObject({ uri: 'http://b', connectionType: 'INTERNET' });
  await expect(change('/uri', 'b')).rejects.toEqual(bad('Invalid HTTP endpoint specified for URI'));
  expect(await change('/contentHandling', 'CONVERT_TO_TEXT')).toMatchObject({ contentHandling: 'CONVERT_TO_TEXT' });
  expect((await gateway.call('GetIntegration', at)).uri).toBe('http://b');
});

describe('UpdateIntegrationResponse', () => {
  beforeEach(async () => {
    await gateway.call('PutMethodResponse', {
      ...at,
      statusCode: '200',
      responseParameters: { 'method.response.header.ETag': false },
    });
    await gateway.call('PutIntegration', { ...at, type: 'MOCK' });
    await gateway.call('PutIntegrationResponse', {
      ...at,
      statusCode: '200',
      selectionPattern: '',
      responseTemplates: { 'application/json': '"created"' },
    });
  });
  const update = (...patchOperations: object[]) =>
    gateway.call('UpdateIntegrationResponse', { ...at, statusCode: '200', patchOperations });

  test('changes templates, pattern, parameters and the conversion', async () => {
    const changed = await update(
      { op: 'replace', path: '/selectionPattern', value: 'updated-pattern' },
      { op: 'add', path: '/responseTemplates/text~1plain', value: 'plain' },
      { op: 'remove', path: '/responseTemplates/application~1json' },
      {
        op: 'add',
        path: '/responseParameters/method.response.header.ETag',
        value: 'integration.response.header.ETag',
      },
      { op: 'replace', path: '/contentHandling', value: 'CONVERT_TO_BINARY' },
    );
    expect(changed).toEqual({
      statusCode: '200',
      selectionPattern: 'updated-pattern',
      responseTemplates: { 'text/plain': 'plain' },
      responseParameters: { 'method.response.header.ETag': 'integration.response.header.ETag' },
      contentHandling: 'CONVERT_TO_BINARY',
    });
    expect(await gateway.call('GetIntegrationResponse', { ...at, statusCode: '200' })).toEqual(changed);
    const cleared = await update({ op: 'remove', path: '/contentHandling' });
    expect(cleared).not.toHaveProperty('contentHandling');
  });

  test.each([
    [{ op: 'replace', path: '/wrong', value: 'x' }, bad('Invalid patch path /wrong')],
    [{ op: 'replace', path: '/responseTemplates', value: 'x' }, bad('Invalid patch path /responseTemplates')],
    [
      { op: 'add', path: '/selectionPattern', value: 'x' },
      bad('Invalid patch operation specified. Must be one of: [replace]'),
    ],
    [{ op: 'replace', path: '/selectionPattern', value: '(' }, bad('Invalid selection pattern specified: (')],
  ])('refuses %j and changes nothing', async (patch, error) => {
    await expect(update({ op: 'replace', path: '/selectionPattern', value: 'new' }, patch)).rejects.toEqual(error);
    expect(await gateway.call('GetIntegrationResponse', { ...at, statusCode: '200' })).toMatchObject({
      selectionPattern: '',
    });
  });

  test('of a status code that has none is refused', async () => {
    await expect(
      gateway.call('UpdateIntegrationResponse', { ...at, statusCode: '404', patchOperations: [] }),
    ).rejects.toEqual(missing('Invalid Response status code specified'));
  });
});

describe('binary media types', () => {
  const update = (...patchOperations: object[]) =>
    gateway.call('UpdateRestApi', { restApiId: at.restApiId, patchOperations });

  test('are given when an API is made', async () => {
    const api = await gateway.call('CreateRestApi', { name: 'images', binaryMediaTypes: ['image/png'] });
    expect(api.binaryMediaTypes).toEqual(['image/png']);
  });

  test('are a list that is patched like a map', async () => {
    const added = await update(
      { op: 'add', path: '/binaryMediaTypes/image~1png' },
      { op: 'add', path: '/binaryMediaTypes/image~1jpeg' },
    );
    expect(added.binaryMediaTypes).toEqual(['image/png', 'image/jpeg']);
    const replaced = await update({ op: 'replace', path: '/binaryMediaTypes/image~1png', value: 'image/gif' });
    expect(replaced.binaryMediaTypes).toEqual(['image/jpeg', 'image/gif']);
    expect((await update({ op: 'remove', path: '/binaryMediaTypes/image~1gif' })).binaryMediaTypes).toEqual([
      'image/jpeg',
    ]);
  });

  test('added as if to an array, get the name of the array’s end', async () => {
    const { binaryMediaTypes } = await update({ op: 'add', path: '/binaryMediaTypes/-', value: 'image/png' });
    expect(binaryMediaTypes).toEqual(['-']);
  });

  test.each(['add', 'replace', 'remove'])('cannot be patched as a whole (%s)', async (op) => {
    await expect(update({ op, path: '/binaryMediaTypes', value: 'image/gif' })).rejects.toEqual(
      bad('Invalid patch path /binaryMediaTypes'),
    );
  });
});

describe('UpdateGatewayResponse', () => {
  const update = (...patchOperations: object[]) =>
    gateway.call('UpdateGatewayResponse', {
      restApiId: at.restApiId,
      responseType: 'DEFAULT_4XX',
      patchOperations,
    });
  const ORIGIN = 'gatewayresponse.header.Access-Control-Allow-Origin';

  test('of one that was not set begins with AWS’s own', async () => {
    expect(await update({ op: 'replace', path: '/statusCode', value: '444' })).toEqual({
      defaultResponse: false,
      responseParameters: {},
      responseTemplates: { 'application/json': '{"message":$context.error.messageString}' },
      responseType: 'DEFAULT_4XX',
      statusCode: '444',
    });
  });

  test('adds and replaces headers and templates', async () => {
    await update({ op: 'add', path: `/responseParameters/${ORIGIN}`, value: "'a.b.c'" });
    const changed = await update(
      { op: 'replace', path: `/responseParameters/${ORIGIN}`, value: "'example.com'" },
      { op: 'add', path: '/responseTemplates/application~1xml', value: '<message/>' },
    );
    expect(changed.responseParameters).toEqual({ [ORIGIN]: "'example.com'" });
    expect(Object.keys(changed.responseTemplates)).toEqual(['application/json', 'application/xml']);
  });

  test.each([
    [{ op: 'add', path: '/statusCode', value: '444' }, bad('Invalid patch path /statusCode')],
    [{ op: 'remove', path: '/statusCode' }, bad('Invalid patch path /statusCode')],
    [
      { op: 'replace', path: `/responseParameters/${ORIGIN}`, value: "'example.com'" },
      missing('Invalid parameter name specified'),
    ],
    [{ op: 'add', value: 'x' }, bad('Invalid patch path null')],
    [{ op: 'add', path: '/wrongPath', value: 'x' }, bad('Invalid patch path /wrongPath')],
    [
      { op: 'replace', path: '/responseTemplates/application~1json' },
      bad('Invalid null or empty value in responseTemplates'),
    ],
    [
      { op: 'replace', path: `/responseParameters/${ORIGIN}` },
      bad('Invalid null or empty value in responseParameters'),
    ],
  ])('refuses %j', async (patch, error) => {
    await expect(update(patch)).rejects.toEqual(error);
  });
});
