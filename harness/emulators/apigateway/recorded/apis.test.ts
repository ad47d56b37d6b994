import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ACCOUNT, type TestGateway, testGateway } from '../testing.ts';
import { api, bad, change, conflict, missing, NO_RESOURCE, opProblem, violation } from './testing.ts';

let gateway: TestGateway;
beforeEach(() => {
  gateway = testGateway();
});
afterEach(() => gateway.clock.close());

describe('an API', () => {
  test('is listed until it is deleted', async () => {
    const first = await gateway.call('CreateRestApi', { name: 'a', description: 'first', tags: { k: 'v' } });
    const second = await gateway.call('CreateRestApi', { name: 'a', description: 'second', version: 'v1' });
    expect((await gateway.call('GetRestApis')).items).toEqual(expect.arrayContaining([first, second]));
    expect(await gateway.call('DeleteRestApi', { restApiId: first.id })).toEqual({});
    expect((await gateway.call('GetRestApis')).items).toEqual([second]);
  });

  test('shows its tags wherever it is shown, and no empty list of media types', async () => {
    const { id: restApiId, tags } = await gateway.call('CreateRestApi', { name: 'a', tags: { k: 'v' } });
    expect(tags).toEqual({ k: 'v' });
    expect(await gateway.call('GetRestApi', { restApiId })).toMatchObject({ tags });
    expect((await gateway.call('GetRestApis')).items[0]).toMatchObject({ tags });
    const plain = await gateway.call('CreateRestApi', { name: 'a', binaryMediaTypes: [] });
    expect(plain).not.toHaveProperty('binaryMediaTypes');
    expect(plain).not.toHaveProperty('tags');
  });

  test('shows that it has no tags when it is asked for alone', async () => {
    const { restApiId } = await api(gateway);
    expect((await gateway.call('GetRestApi', { restApiId })).tags).toEqual({});
    expect((await gateway.call('GetRestApis')).items[0]).not.toHaveProperty('tags');
  });

  test('compresses answers from a size on, from none on, and ends it', async () => {
    const { restApiId } = await api(gateway);
    const set = (value?: string, op = 'replace') =>
      gateway.call('UpdateRestApi', { restApiId, patchOperations: [change(op, '/minimumCompressionSize', value)] });
    expect(await set('10')).toMatchObject({ minimumCompressionSize: 10 });
    for (const none of ['', undefined]) expect(await set(none)).not.toHaveProperty('minimumCompressionSize');
    expect(await set('0')).toMatchObject({ minimumCompressionSize: 0 });
    const wrong = bad('Invalid minimum compression size, must be between 0 and 10485760');
    for (const value of ['-1', 'test', '10485761']) await expect(set(value)).rejects.toEqual(wrong);
    await expect(set('10', 'add')).rejects.toEqual(bad('Invalid patch operation specified. Must be one of: [replace]'));
    expect(await gateway.call('GetRestApi', { restApiId })).toMatchObject({ minimumCompressionSize: 0 });
  });

  test('changes its endpoint and its addresses', async () => {
    const { restApiId } = await api(gateway);
    const patchOperations = [
      change('replace', '/endpointConfiguration/types/0', 'EDGE'),
      change('replace', '/endpointConfiguration/types/EDGE', 'REGIONAL'),
      change('replace', '/endpointConfiguration/ipAddressType', 'dualstack'),
    ];
    const endpointConfiguration = { types: ['REGIONAL'], ipAddressType: 'dualstack' };
    expect(await gateway.call('UpdateRestApi', { restApiId, patchOperations })).toMatchObject({
      endpointConfiguration,
    });
    expect(await gateway.call('GetRestApi', { restApiId })).toMatchObject({ endpointConfiguration });
  });

  test.each([
    [
      change('replace', '/endpointConfiguration/ipAddressType', 'wrong'),
      'ipAddressType must be either ipv4 or dualstack.',
    ],
    [
      change('replace', '/endpointConfiguration/types/0', 'wrong'),
      'Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE',
    ],
    [
      change('remove', '/endpointConfiguration/ipAddressType', 'dualstack'),
      'Invalid patch operation specified. Must be one of: [replace]',
    ],
    [
      change('remove', '/endpointConfiguration/types/0', 'EDGE'),
      "Invalid patch operation specified. Must be 'add'|'remove'|'replace'",
    ],
    [change('replace', '/endpointConfiguration', 'EDGE'), 'Invalid patch path /endpointConfiguration'],
  ])('keeps its endpoint where it is told %j', async (patch, message) => {
    const { restApiId } = await api(gateway);
    await expect(gateway.call('UpdateRestApi', { restApiId, patchOperations: [patch] })).rejects.toEqual(bad(message));
    expect((await gateway.call('GetRestApi', { restApiId })).endpointConfiguration.types).toEqual(['EDGE']);
  });

  test('goes by its id in lower case only', async () => {
    const { restApiId } = await api(gateway);
    const upper = restApiId.toUpperCase();
    await expect(gateway.call('GetRestApi', { restApiId: upper })).rejects.toEqual(
      missing(`Invalid API identifier specified ${ACCOUNT}:${upper}`),
    );
  });

  test('is told of every patch with an operation that is none', async () => {
    const { restApiId } = await api(gateway);
    const wrong = change('wrong', '/endpointConfiguration/types/0', 'EDGE');
    await expect(gateway.call('UpdateRestApi', { restApiId, patchOperations: [wrong, wrong, wrong] })).rejects.toEqual(
      violation(...[1, 2, 3].map((n) => opProblem('updateRestApiInput', 'wrong', n))),
    );
  });
});

describe('a resource', () => {
  test.each([
    ['of another name', change('replace', '/invalid', 'dogs'), bad(replaceOnly("'/invalid'"))],
    ['below nothing', change('replace', '/parentId', 'nowhere'), NO_RESOURCE],
    ['without a path', change('remove', '/pathPart'), bad(unsupported("'/pathPart'", 'remove'))],
    ['with one more path', change('add', '/pathPart', 'dogs'), bad(unsupported("'/pathPart'", 'add'))],
  ])('cannot be changed to be %s', async (_what, patch, error) => {
    const { restApiId, resourceId } = await api(gateway);
    await expect(gateway.call('UpdateResource', { restApiId, resourceId, patchOperations: [patch] })).rejects.toEqual(
      error,
    );
  });

  test('is moved where nothing is in its way', async () => {
    const { restApiId, rootResourceId, resourceId } = await api(gateway);
    const create = async (parentId: string, pathPart: string) =>
      (await gateway.call('CreateResource', { restApiId, parentId, pathPart })).id as string;
    const move = (id: string, path: string, value: string) =>
      gateway.call('UpdateResource', { restApiId, resourceId: id, patchOperations: [change('replace', path, value)] });
    const child = await create(resourceId, 'subpets');
    const grandchild = await create(child, 'pets');
    const taken = conflict('Another resource with the same parent already has this name: pets');
    await expect(move(grandchild, '/parentId', rootResourceId)).rejects.toEqual(taken);
    await expect(move(resourceId, '/parentId', child)).rejects.toEqual(bad('Resources cannot be cyclical.'));
    expect(await move(child, '/parentId', rootResourceId)).toMatchObject({ path: '/subpets' });
    await expect(move(child, '/pathPart', 'pets')).rejects.toEqual(taken);
    // What was moved out of it stays.
    await gateway.call('DeleteResource', { restApiId, resourceId });
    const { items } = await gateway.call('GetResources', { restApiId });
    expect(items.map(({ path }: { path: string }) => path).sort()).toEqual(['/', '/subpets', '/subpets/pets']);
  });

  test('goes with its children', async () => {
    const { restApiId, resourceId } = await api(gateway);
    const { id } = await gateway.call('CreateResource', { restApiId, parentId: resourceId, pathPart: '{id}' });
    await gateway.call('DeleteResource', { restApiId, resourceId });
    await expect(gateway.call('DeleteResource', { restApiId, resourceId: id })).rejects.toEqual(NO_RESOURCE);
  });

  test.each([
    ['pathPart', 'dogs'],
    ['parentId', 'x'],
  ])('at the root keeps its %s', async (member, value) => {
    const { restApiId, rootResourceId: resourceId } = await api(gateway);
    const patchOperations = [change('replace', `/${member}`, value)];
    await expect(gateway.call('UpdateResource', { restApiId, resourceId, patchOperations })).rejects.toEqual(
      bad(`Root resource cannot update its ${member}.`),
    );
  });

  test('has no children below a greedy one, and no two variables beside each other', async () => {
    const { restApiId, rootResourceId, resourceId } = await api(gateway);
    const create = (parentId: string, pathPart: string) =>
      gateway.call('CreateResource', { restApiId, parentId, pathPart });
    const { id: greedy } = await create(rootResourceId, '{proxy+}');
    await expect(create(rootResourceId, '{dynamic}')).rejects.toEqual(
      bad('A sibling ({proxy+}) of this resource already has a variable path part -- only one is allowed'),
    );
    for (const child of ['child', '{child}']) {
      await expect(create(greedy, child)).rejects.toEqual(
        bad('Cannot create a child of a resource with a greedy path variable: {proxy+}'),
      );
    }
    expect(await create(resourceId, '{child+}')).toMatchObject({ path: '/pets/{child+}' });
    await expect(create('nowhere', 'a')).rejects.toEqual(NO_RESOURCE);
  });
});

function replaceOnly(path: string): string {
  return `Invalid patch path  ${path} specified for op 'replace'. Must be one of: [/parentId, /pathPart]`;
}
function unsupported(path: string, op: string): string {
  return `Invalid patch path  ${path} specified for op '${op}'. Please choose supported operations`;
}

describe('a gateway response', () => {
  const DEFAULT = { 'application/json': '{"message":$context.error.messageString}' };
  const responseType = 'MISSING_AUTHENTICATION_TOKEN';

  test('is AWS’s own until it is set, and again after it is deleted', async () => {
    const { restApiId } = await api(gateway);
    const show = () => gateway.call('GetGatewayResponse', { restApiId, responseType });
    const own = {
      responseType,
      statusCode: '403',
      responseParameters: {},
      responseTemplates: DEFAULT,
      defaultResponse: true,
    };
    expect(await show()).toEqual(own);
    const set = { ...own, statusCode: '404', defaultResponse: false };
    expect(await gateway.call('PutGatewayResponse', { restApiId, responseType, statusCode: '404' })).toEqual(set);
    expect(await show()).toEqual(set);
    const { items } = await gateway.call('GetGatewayResponses', { restApiId });
    expect(items).toHaveLength(21);
    expect(items).toContainEqual(set);
    expect(await gateway.call('DeleteGatewayResponse', { restApiId, responseType })).toEqual({});
    expect(await show()).toEqual(own);
    await expect(gateway.call('DeleteGatewayResponse', { restApiId, responseType })).rejects.toEqual(
      missing('Gateway response type not defined on api'),
    );
  });

  test('of the 5XX shows in those of that class that are not set, with their own status', async () => {
    const { restApiId } = await api(gateway);
    const responseParameters = { 'gatewayresponse.header.foo': "'bar'" };
    const responseTemplates = { 'application/json': '{"type":"$context.error.responseType"}' };
    await gateway.call('PutGatewayResponse', {
      restApiId,
      responseType: 'DEFAULT_5XX',
      statusCode: '599',
      responseParameters,
      responseTemplates,
    });
    await gateway.call('PutGatewayResponse', { restApiId, responseType: 'AUTHORIZER_FAILURE', responseParameters });
    const { items } = await gateway.call('GetGatewayResponses', { restApiId });
    expect(items).toContainEqual({
      responseType: 'INTEGRATION_TIMEOUT',
      statusCode: expect.any(String),
      responseParameters,
      responseTemplates,
      defaultResponse: true,
    });
    expect(items).toContainEqual({
      responseType: 'AUTHORIZER_FAILURE',
      statusCode: '500',
      responseParameters,
      responseTemplates: DEFAULT,
      defaultResponse: false,
    });
  });

  test.each([
    [change('add', '/statusCode', '444'), bad('Invalid patch path /statusCode')],
    [change('remove', '/statusCode'), bad('Invalid patch path /statusCode')],
    [change('replace'), bad('Invalid patch path null')],
    [change('replace', '/wrongPath', 'x'), bad('Invalid patch path /wrongPath')],
    [change('wrong-op', '/statusCode'), violation(opProblem('updateGatewayResponseInput', 'wrong-op'))],
    [
      change('replace', '/responseParameters/gatewayresponse.header.wrong', "'x'"),
      missing('Invalid parameter name specified'),
    ],
    [change('add', '/responseTemplates/application~1wrong'), bad('Invalid null or empty value in responseTemplates')],
    [
      change('add', '/responseParameters/gatewayresponse.header.foo'),
      bad('Invalid null or empty value in responseParameters'),
    ],
  ])('cannot be changed by %j', async (patch, error) => {
    const { restApiId } = await api(gateway);
    await expect(
      gateway.call('UpdateGatewayResponse', { restApiId, responseType: 'DEFAULT_4XX', patchOperations: [patch] }),
    ).rejects.toEqual(error);
  });

  test.each([
    'GetGatewayResponses',
    'GetGatewayResponse',
    'DeleteGatewayResponse',
    'UpdateGatewayResponse',
  ])('of an API that is not there is not there, either (%s)', async (operation) => {
    const input = { restApiId: 'nowhere', responseType, patchOperations: [] };
    await expect(gateway.call(operation, input)).rejects.toEqual(
      missing(`Invalid API identifier specified ${ACCOUNT}:nowhere`),
    );
  });
});
