import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TlsDemands, TlsNames } from '../../../edge/emulator.ts';
import type { TlsConnection } from '../../../edge/http.ts';
import { NaetmulError } from '../../../errors.ts';
import {
  deploy,
  edgeRequest,
  enableLogs,
  json,
  REGION,
  ROLE,
  received,
  type TestGateway,
  testGateway,
} from '../testing.ts';
import { clientCertOf } from './client-certificate.ts';
import { certify } from './testing.ts';

const ACM = `arn:aws:acm:${REGION}:123456789012:certificate/12345678-1234-1234-1234-123456789012`;
const EDGE_ACM = ACM.replace(REGION, 'us-east-1');
const REGIONAL = {
  endpointConfiguration: { types: ['REGIONAL'] },
  regionalCertificateArn: ACM,
  securityPolicy: 'TLS_1_2',
};
const MOCK = {
  integration: { type: 'MOCK', requestTemplates: { 'application/json': '{"statusCode": 200}' } },
  integrationResponses: [
    {
      statusCode: '200',
      responseTemplates: {
        'application/json':
          '$context.domainName|$context.domainPrefix|$context.path|$context.customDomain.basePathMatched|$context.stage',
      },
    },
  ],
};
const replace = (path: string, value?: string) => ({ op: 'replace', path, value });

let gateway: TestGateway;
let restApiId: string;

beforeEach(async () => {
  gateway = testGateway();
  ({ restApiId } = await deploy(gateway, MOCK));
});

afterEach(() => gateway.clock.close());

const create = (domainName = 'api.example.com', more: object = {}) =>
  gateway.call('CreateDomainName', { domainName, ...REGIONAL, ...more });

const map = (basePath?: string, more: object = {}) =>
  gateway.call('CreateBasePathMapping', { domainName: 'api.example.com', basePath, restApiId, stage: 'PROD', ...more });

async function ask(host: string, target: string, tls?: TlsConnection) {
  const [path = '/', query = ''] = target.split('?');
  const customDomains = gateway.emulator.dataPlane?.customDomains;
  const request = { ...edgeRequest('POST', target, { Host: host }), tls };
  const response = await received(customDomains?.handle(request, { host, path, query }));
  return { status: response?.status, body: String(response?.body) };
}

describe('a domain name', () => {
  test('is shown as AWS shows it', async () => {
    const created = await create('API.example.com', { tags: { team: 'gas' } });
    expect(created).toEqual({
      domainName: 'api.example.com',
      domainNameArn: `arn:aws:apigateway:${REGION}::/domainnames/api.example.com`,
      regionalDomainName: expect.stringMatching(/^d-[a-z0-9]{10}\.execute-api\.ap-northeast-2\.amazonaws\.com$/),
      regionalHostedZoneId: 'Z20JF4UZKIW1U8',
      regionalCertificateArn: ACM,
      certificateUploadDate: expect.any(Date),
      endpointConfiguration: { types: ['REGIONAL'], ipAddressType: 'ipv4' },
      domainNameStatus: 'AVAILABLE',
      securityPolicy: 'TLS_1_2',
      tags: { team: 'gas' },
      routingMode: 'BASE_PATH_MAPPING_ONLY',
    });
    expect(await gateway.call('GetDomainName', { domainName: 'api.example.com' })).toEqual(created);
    expect(await gateway.call('GetDomainNames')).toEqual({ items: [created], position: undefined });
  });

  test('without an endpoint configuration is edge-optimized', async () => {
    expect(
      await gateway.call('CreateDomainName', { domainName: 'a.example.com', certificateArn: EDGE_ACM }),
    ).toMatchObject({
      distributionDomainName: expect.stringMatching(/^d[a-z0-9]{10}\.cloudfront\.net$/),
      distributionHostedZoneId: 'Z2FDTNDATAQYW2',
      certificateArn: EDGE_ACM,
      endpointConfiguration: { types: ['EDGE'] },
      securityPolicy: 'TLS_1_0',
    });
  });

  test.each([
    [{ domainName: '' }, 'No Domain Name specified'],
    [{ domainName: 'a..b' }, 'Invalid domain name specified: a..b'],
    [{ domainName: '127.0.0.1' }, 'Invalid domain name specified: 127.0.0.1'],
    [{ domainName: 'api.*.com' }, 'Invalid domain name specified: api.*.com'],
    [{ domainName: 'localhost' }, "The domain name localhost cannot be used: naetmul's AWS endpoint answers to it"],
    [{ domainName: '*.localhost' }, "The domain name *.localhost cannot be used: naetmul's AWS endpoint answers to it"],
    [
      { domainName: 's3.ap-northeast-2.amazonaws.com' },
      "The domain name s3.ap-northeast-2.amazonaws.com cannot be used: naetmul's AWS endpoint answers to it",
    ],
    [{ regionalCertificateArn: EDGE_ACM }, `Invalid certificate ARN: ${EDGE_ACM}. Certificate must be in '${REGION}'.`],
    [{ regionalCertificateArn: 'mine' }, 'Invalid certificate ARN: mine.'],
    [{ certificateArn: EDGE_ACM }, 'Cannot import certificates for EDGE while REGIONAL is active.'],
    [{ regionalCertificateArn: undefined }, 'A regional domain name needs a certificate: regionalCertificateArn'],
    [
      { endpointConfiguration: undefined, regionalCertificateArn: undefined, certificateArn: ACM },
      `Invalid certificate ARN: ${ACM}. Certificate must be in 'us-east-1'.`,
    ],
    [{ securityPolicy: 'TLS_1_1' }, 'Invalid security policy specified. Must be one of: [TLS_1_0, TLS_1_2]'],
    [
      { mutualTlsAuthentication: { truststoreUri: 'certs.pem' } },
      'Invalid truststore URI certs.pem. It takes the form s3://bucket-name/key-name',
    ],
  ])('with %j is refused', async (given, message) => {
    await expect(
      gateway.call('CreateDomainName', { domainName: 'b.example.com', ...REGIONAL, ...given }),
    ).rejects.toMatchObject({ code: 'BadRequestException', message });
    expect((await gateway.call('GetDomainNames')).items).toEqual([]);
  });

  test.each([
    [{ endpointConfiguration: { types: ['PRIVATE'] } }, 'private custom domain names (endpointConfiguration.types)'],
    [{ certificateBody: 'PEM' }, 'certificates uploaded to API Gateway (certificateBody); ACM is for that'],
    [{ policy: '{}' }, 'policies of custom domain names (policy)'],
    [{ routingMode: 'ROUTING_RULE_ONLY' }, 'routing rules of custom domain names (routingMode)'],
    [
      { securityPolicy: 'SecurityPolicy_TLS13_1_3_2025_09' },
      'the security policy SecurityPolicy_TLS13_1_3_2025_09 (securityPolicy)',
    ],
  ])('with %j is refused by name', async (given, what) => {
    await expect(create('b.example.com', given)).rejects.toMatchObject({
      code: 'NotImplementedException',
      message: `The API Gateway emulator of naetmul does not support ${what}.`,
    });
  });

  test('exists once', async () => {
    await create();
    await expect(create()).rejects.toMatchObject({
      code: 'BadRequestException',
      message: 'The domain name you provided already exists.',
    });
  });

  test.each([
    'GetDomainName',
    'DeleteDomainName',
    'UpdateDomainName',
    'GetBasePathMappings',
  ])('that is not there is not found by %s', async (operation) => {
    await expect(gateway.call(operation, { domainName: 'nobody.example.com' })).rejects.toMatchObject({
      code: 'NotFoundException',
      message: 'Invalid domain name identifier specified',
    });
  });

  test('is changed as a whole or not at all', async () => {
    const created = await create();
    const update = (...patchOperations: object[]) =>
      gateway.call('UpdateDomainName', { domainName: 'api.example.com', patchOperations });
    await expect(
      update(replace('/endpointConfiguration/types/REGIONAL', 'EDGE'), replace('/certificateArn', ACM)),
    ).rejects.toMatchObject({ message: `Invalid certificate ARN: ${ACM}. Certificate must be in 'us-east-1'.` });
    await expect(update(replace('/domainName', 'b.example.com'))).rejects.toMatchObject({
      message: 'Invalid patch path /domainName',
    });
    expect(await gateway.call('GetDomainName', { domainName: 'api.example.com' })).toEqual(created);
    expect(
      await update(replace('/endpointConfiguration/types/REGIONAL', 'EDGE'), replace('/certificateArn', EDGE_ACM)),
    ).toMatchObject({ endpointConfiguration: { types: ['EDGE'] }, certificateArn: EDGE_ACM });
    expect(await update(replace('/securityPolicy', 'TLS_1_0'))).toMatchObject({ securityPolicy: 'TLS_1_0' });
  });

  test('has tags', async () => {
    const { domainNameArn: resourceArn } = await create();
    await gateway.call('TagResource', { resourceArn, tags: { team: 'gas', stage: 'x' } });
    await gateway.call('UntagResource', { resourceArn, tagKeys: ['stage'] });
    expect(await gateway.call('GetTags', { resourceArn })).toEqual({ tags: { team: 'gas' } });
  });
});

describe('a base path mapping', () => {
  beforeEach(async () => void (await create()));

  test('without a base path is called (none)', async () => {
    const mapping = { basePath: '(none)', restApiId, stage: 'PROD' };
    expect(await map()).toEqual(mapping);
    const at = { domainName: 'api.example.com', basePath: '(none)' };
    expect(await gateway.call('GetBasePathMapping', at)).toEqual(mapping);
    expect((await gateway.call('GetBasePathMappings', at)).items).toEqual([mapping]);
    await gateway.call('DeleteBasePathMapping', at);
    await expect(gateway.call('GetBasePathMapping', at)).rejects.toMatchObject({
      code: 'NotFoundException',
      message: 'Invalid base path mapping identifier specified',
    });
  });

  test.each([
    ['v1', {}, 'ConflictException', 'Base path already exists for this domain name'],
    ['(none)', {}, 'ConflictException', 'Only one base path mapping is allowed if the base path is empty.'],
    [
      'v1/orders',
      {},
      'BadRequestException',
      "API Gateway V1 doesn't support the slash character (/) in base path mappings. To create a multi-level base path mapping, use API Gateway V2.",
    ],
    ['v2', { restApiId: 'nobody' }, 'BadRequestException', 'Invalid REST API identifier specified'],
    ['v2', { stage: 'TEST' }, 'BadRequestException', 'Invalid stage identifier specified'],
    [
      'v 2',
      {},
      'BadRequestException',
      "Invalid base path specified: v 2. It has at most 300 letters, numbers and characters of $-_.+!*'()",
    ],
  ])('for %s with %j is refused beside v1', async (basePath, given, code, message) => {
    await map('v1');
    await expect(map(basePath, given)).rejects.toMatchObject({ code, message });
  });

  test('that takes everything lets none be beside it', async () => {
    await map();
    await expect(map('v1')).rejects.toMatchObject({
      code: 'ConflictException',
      message: 'Only one base path mapping is allowed if the base path is empty.',
    });
  });

  test('is changed as a whole or not at all', async () => {
    await map('v1');
    const update = (...patchOperations: object[]) =>
      gateway.call('UpdateBasePathMapping', { domainName: 'api.example.com', basePath: 'v1', patchOperations });
    await expect(update(replace('/basePath', 'v2'), replace('/stage', 'TEST'))).rejects.toMatchObject({
      message: 'Invalid stage identifier specified',
    });
    await expect(update(replace('/domainName', 'v2'))).rejects.toMatchObject({
      message:
        "Invalid patch path  '/domainName' specified for op 'replace'. Must be one of: [/basePath, /restapiId, /stage]",
    });
    expect(await update(replace('/basePath', 'v2'), replace('/stage', ''))).toEqual({ basePath: 'v2', restApiId });
    expect((await gateway.call('GetBasePathMappings', { domainName: 'api.example.com' })).items).toHaveLength(1);
  });

  test('keeps its API and stage from being deleted', async () => {
    await map('v1');
    await expect(gateway.call('DeleteRestApi', { restApiId })).rejects.toMatchObject({
      code: 'BadRequestException',
      message: `Deleting RestApi ${restApiId} failed. Please remove all base path mappings related to the RestApi in your domains: api.example.com`,
    });
    await expect(gateway.call('DeleteStage', { restApiId, stageName: 'PROD' })).rejects.toMatchObject({
      message:
        'Deleting stage PROD failed. Please remove all base path mappings related to the stage in your domains: api.example.com',
    });
    await gateway.call('DeleteDomainName', { domainName: 'api.example.com' });
    await gateway.call('DeleteRestApi', { restApiId });
  });
});

describe('an API mapping of version 2 of the API', () => {
  const at = { DomainName: 'api.example.com' };
  const mapV2 = (ApiMappingKey: string, more: object = {}) =>
    gateway.call('CreateApiMapping', { ...at, ApiId: restApiId, Stage: 'PROD', ApiMappingKey, ...more });

  test('may have several parts, beside one that takes the rest', async () => {
    await create();
    const whole = await mapV2('');
    const part = await mapV2('shop/v1/orders');
    expect(part).toEqual({
      ApiId: restApiId,
      ApiMappingId: expect.stringMatching(/^[a-z0-9]{6}$/),
      ApiMappingKey: 'shop/v1/orders',
      Stage: 'PROD',
    });
    expect((await gateway.call('GetApiMappings', at)).Items).toEqual([whole, part]);
    expect((await ask('api.example.com', '/shop/v1/orders/v1')).body).toBe(
      'api.example.com|api|/shop/v1/orders/v1|shop/v1/orders|PROD',
    );
    expect((await ask('api.example.com', '/v1')).body).toBe('api.example.com|api|/v1||PROD');
    const { ApiMappingId } = part;
    await gateway.call('UpdateApiMapping', { ...at, ApiMappingId, ApiMappingKey: 'a/b' });
    expect(await gateway.call('GetApiMapping', { ...at, ApiMappingId })).toEqual({ ...part, ApiMappingKey: 'a/b' });
    expect((await gateway.call('GetBasePathMappings', { domainName: 'api.example.com' })).items).toEqual([
      { basePath: '(none)', restApiId, stage: 'PROD' },
      { basePath: 'a/b', restApiId, stage: 'PROD' },
    ]);
    await gateway.call('DeleteApiMapping', { ...at, ApiMappingId });
    await expect(gateway.call('GetApiMapping', { ...at, ApiMappingId })).rejects.toMatchObject({
      code: 'NotFoundException',
      message: 'Invalid ApiMapping identifier specified',
    });
  });

  test.each([
    ['a/b', {}, 'ConflictException', 'ApiMapping key already exists for this domain name'],
    ['/a', {}, 'BadRequestException', 'An ApiMapping key has no slash at its ends, and no two in a row'],
    ['c', { Stage: 'TEST' }, 'BadRequestException', 'Invalid stage identifier specified'],
    ['c', { Stage: undefined }, 'BadRequestException', 'Invalid stage identifier specified'],
    ['c', { ApiId: 'nobody' }, 'BadRequestException', 'Invalid REST API identifier specified'],
  ])('for %s with %j is refused beside a/b', async (key, given, code, message) => {
    await create();
    await mapV2('a/b');
    await expect(mapV2(key, given)).rejects.toMatchObject({ code, message });
  });

  test('needs a regional domain name with TLS 1.2', async () => {
    await create('api.example.com', { securityPolicy: 'TLS_1_0' });
    await expect(mapV2('a/b')).rejects.toMatchObject({
      message: expect.stringMatching(/^Only REGIONAL domain names with a security policy of TLS 1\.2 can be managed/),
    });
  });
});

describe('a request for a domain name', () => {
  const has = (host: string) => gateway.emulator.dataPlane?.customDomains?.has(host);

  test('is answered by the API that its path is mapped to', async () => {
    await create();
    await map('shop');
    expect(await ask('api.example.com', '/shop/v1?a=1')).toEqual({
      status: 200,
      body: 'api.example.com|api|/shop/v1|shop|PROD',
    });
    expect(await ask('api.example.com', '/v1')).toEqual({ status: 403, body: '{"message":"Forbidden"}' });
    expect(await ask('api.example.com', '/shop/v2')).toEqual({
      status: 403,
      body: '{"message":"Missing Authentication Token"}',
    });
  });

  test('of a mapping without a stage names the stage', async () => {
    await create();
    await map('shop', { stage: undefined });
    expect(await ask('api.example.com', '/shop/PROD/v1')).toEqual({
      status: 200,
      body: 'api.example.com|api|/shop/PROD/v1|shop|PROD',
    });
    expect((await ask('api.example.com', '/shop/TEST/v1')).status).toBe(403);
  });

  test('may have .localhost behind it, by which it needs no DNS', async () => {
    await create();
    await map();
    expect(await ask('api.example.com.localhost', '/v1')).toEqual({
      status: 200,
      body: 'api.example.com|api|/v1||PROD',
    });
  });

  test('may be one of a wildcard’s, unless it has a domain of its own', async () => {
    await create('*.example.com');
    await map(undefined, { domainName: '*.example.com' });
    expect((await ask('kim.example.com', '/v1')).body).toBe('kim.example.com|kim|/v1||PROD');
    expect([
      has('kim.example.com'),
      has('example.com'),
      has('a.kim.example.com'),
      has('kim.example.com.localhost'),
    ]).toEqual([true, false, false, true]);
    await create('kim.example.com');
    expect((await ask('kim.example.com', '/v1')).status).toBe(403);
  });

  test('is answered also where the API’s own endpoint is closed', async () => {
    await create();
    await map();
    const closed = replace('/disableExecuteApiEndpoint', 'true');
    await gateway.call('UpdateRestApi', { restApiId, patchOperations: [closed] });
    expect(await gateway.invoke(`${restApiId}/PROD/v1`)).toMatchObject({
      status: 403,
      body: '{"message":"Forbidden"}',
    });
    expect((await ask('api.example.com', '/v1')).status).toBe(200);
  });

  test('is nobody’s once the domain name is deleted, or the emulator reset', async () => {
    await create();
    await gateway.call('DeleteDomainName', { domainName: 'api.example.com' });
    expect(has('api.example.com')).toBe(false);
    await create();
    await gateway.emulator.reset?.();
    expect(has('api.example.com')).toBe(false);
  });

  test('is told of in the access log', async () => {
    await create();
    await map('shop');
    await enableLogs(gateway, restApiId);
    const patchOperations = [
      replace('/accessLogSettings/destinationArn', `arn:aws:logs:${REGION}:123456789012:log-group:access`),
      replace(
        '/accessLogSettings/format',
        '$context.requestId $context.domainName $context.customDomain.basePathMatched',
      ),
    ];
    await gateway.call('UpdateStage', { restApiId, stageName: 'PROD', patchOperations });
    await ask('api.example.com', '/shop/v1');
    expect(gateway.logs.filter(({ group }) => group === 'access').map(({ event }) => event.message)).toEqual([
      expect.stringMatching(/ api\.example\.com shop$/),
    ]);
  });
});

test('a function and an authorizer are told of the client, its certificate and the whole path', async () => {
  const now = Date.UTC(2022, 0, 27);
  const root = await certify('CN=root', now, { ca: true });
  const device = await certify('CN=device', now, { issuer: root });
  const events: { path: string; requestContext: { path: string; domainName: string; identity: object } }[] = [];
  gateway.clock.close();
  gateway = testGateway((request) => {
    if (request.service === 's3') return { status: 200, headers: {}, body: Buffer.from(root.pem) };
    events.push(JSON.parse(request.body.toString()));
    const Statement = [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }];
    const isAuthorizer = request.target.includes('authorize');
    return json(200, isAuthorizer ? { principalId: 'd', policyDocument: { Statement } } : { body: 'in' });
  });
  await gateway.clock.travelTo(now);
  const uri = (name: string) =>
    `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/arn:aws:lambda:${REGION}:123456789012:function:${name}/invocations`;
  const deployed = await deploy(gateway, {
    integration: { type: 'AWS_PROXY', integrationHttpMethod: 'POST', uri: uri('answer'), credentials: ROLE },
    integrationResponses: [],
  });
  ({ restApiId } = deployed);
  const authorizer = await gateway.call('CreateAuthorizer', {
    restApiId,
    name: 'by certificate',
    type: 'REQUEST',
    authorizerUri: uri('authorize'),
    authorizerCredentials: ROLE,
    authorizerResultTtlInSeconds: 0,
  });
  const byAuthorizer = [replace('/authorizationType', 'CUSTOM'), replace('/authorizerId', authorizer.id)];
  await gateway.call('UpdateMethod', { ...deployed.at, patchOperations: byAuthorizer });
  await gateway.call('CreateDeployment', { restApiId, stageName: 'PROD' });
  await create('api.example.com', { mutualTlsAuthentication: { truststoreUri: 's3://bucket/certs.pem' } });
  await map('shop');
  const tls = { serverName: 'api.example.com', clientCertificate: device.x509.raw };
  expect(await ask('api.example.com', '/shop/v1', tls)).toEqual({ status: 200, body: 'in' });
  const seen = events.map(({ path, requestContext: { path: whole, domainName, identity } }) => {
    return { path, whole, domainName, identity };
  });
  const expected = {
    path: '/shop/v1',
    whole: '/shop/v1',
    domainName: 'api.example.com',
    identity: expect.objectContaining({ sourceIp: '127.0.0.1', clientCert: clientCertOf(device.x509) }),
  };
  expect(seen).toEqual([expected, expected]);
});

describe('the port for TLS', () => {
  function recordedTls(fail?: NaetmulError) {
    const served = new Map<string, TlsDemands>();
    const tls: TlsNames = {
      async serve(name, demands) {
        if (fail) throw fail;
        served.set(name, demands);
      },
      drop: (name) => void served.delete(name),
    };
    return { tls, served };
  }

  test('answers to a domain name for as long as there is one', async () => {
    const { tls, served } = recordedTls();
    gateway.clock.close();
    gateway = testGateway(undefined, { tls });
    await create();
    await create('*.example.com');
    expect([...served]).toEqual([
      ['api.example.com', { clientCertificate: false }],
      ['*.example.com', { clientCertificate: false }],
    ]);
    await gateway.call('DeleteDomainName', { domainName: '*.example.com' });
    expect([...served.keys()]).toEqual(['api.example.com']);
    await gateway.emulator.reset?.();
    expect(served.size).toBe(0);
  });

  test('that cannot be opened makes no domain name, and says what to do', async () => {
    const error = new NaetmulError('TLS_PORT', 'Port 8443 is taken.', { remedy: 'Stop what uses it.' });
    gateway.clock.close();
    gateway = testGateway(undefined, recordedTls(error));
    await expect(create()).rejects.toMatchObject({
      code: 'BadRequestException',
      message: 'Port 8443 is taken. Stop what uses it.',
    });
    expect((await gateway.call('GetDomainNames')).items).toEqual([]);
  });
});
