import { describe, expect, test } from 'vitest';
import { type RoutedRequest, route } from './route.ts';

const TARGETS = new Map([['Firehose_20150804', 'firehose']]);
const SERVICES = new Set(['firehose', 'apigateway', 'monitoring']);

const request = (target: string, headers: Record<string, string> = {}, method = 'GET'): RoutedRequest => ({
  method,
  target,
  headers: { host: 'localhost:4566', ...headers },
});
const routed = (...given: Parameters<typeof request>) => route(request(...given), TARGETS, SERVICES);
const signed = (service: string, region = 'ap-northeast-2') => ({
  authorization: `AWS4-HMAC-SHA256 Credential=AKIA1/20220127/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});
const scope = (service: string) => ({ accessKeyId: 'AKIA1', region: 'ap-northeast-2', service });

describe('our own paths', () => {
  test.each([
    ['/_naetmul/health', '/health'],
    ['/_naetmul/clock?to=2022', '/clock'],
    ['/_naetmul', '/'],
    ['/_naetmul/', '/'],
  ])('%s is a control call for %s', (target, path) => {
    expect(routed(target)).toEqual({ kind: 'control', path });
  });

  test('/_naetmulx is none', () => {
    expect(routed('/_naetmulx')).toMatchObject({ kind: 'service' });
  });

  test('health is ours to read; whatever else LocalStack offers is its own', () => {
    expect(routed('/_localstack/health')).toEqual({ kind: 'health' });
    expect(routed('/_localstack/health', {}, 'HEAD')).toEqual({ kind: 'health' });
    const theirs = { kind: 'service', service: undefined, scope: undefined };
    expect(routed('/_localstack/health', {}, 'POST')).toEqual(theirs);
    expect(routed('/_localstack/info')).toEqual(theirs);
  });

  test('an object of a bucket named in the host may have such a path', () => {
    const at = { host: 'my.bucket.s3.localhost.localstack.cloud:4566', ...signed('s3') };
    expect(routed('/_naetmul/health', at)).toEqual({ kind: 'service', service: 's3', scope: scope('s3') });
  });
});

describe('custom domain names', () => {
  const isCustomDomain = (host: string) => host === 'api.example.com';
  const named = (host: string, tls?: RoutedRequest['tls']) =>
    route({ ...request('/_naetmul/x?q=%20', { host }), tls }, TARGETS, SERVICES, isCustomDomain);
  const domain = { path: '/_naetmul/x', query: 'q=%20' };

  test('own every path, whatever it begins with', () => {
    expect(named('API.example.com:4566')).toEqual({
      kind: 'custom-domain',
      domain: { host: 'api.example.com', ...domain },
    });
    expect(named('localhost:4566')).toEqual({ kind: 'control', path: '/x' });
  });

  test('are all that can be asked for over TLS', () => {
    const tls = { serverName: 'api.example.com', clientCertificate: undefined };
    expect(named('localhost', tls)).toEqual({ kind: 'custom-domain', domain: { host: 'localhost', ...domain } });
    expect(named('', tls)).toEqual({ kind: 'custom-domain', domain: { host: '', ...domain } });
  });
});

describe('deployed APIs', () => {
  const api = { apiId: 'a1b2', stage: 'PROD', path: '/v1/x%20y', query: 'q=%20' };

  test.each([
    'a1b2.execute-api.localhost:4566',
    'a1b2.execute-api.localhost',
    'A1B2.execute-api.LOCALHOST:80',
    'a1b2.execute-api.localhost.localstack.cloud:4566',
    'a1b2.execute-api.us-east-1.localhost.localstack.cloud',
    'a1b2.execute-api.ap-northeast-2.amazonaws.com',
    'a1b2.execute-api.cn-north-1.amazonaws.com.cn',
  ])('are found by the host %s', (host) => {
    expect(routed('/PROD/v1/x%20y?q=%20', { host })).toEqual({ kind: 'execute-api', api });
  });

  test.each([
    '/restapis/a1b2/PROD/_user_request_/v1/x%20y?q=%20',
    '/_aws/execute-api/a1b2/PROD/v1/x%20y?q=%20',
  ])('are found by the path %s', (target) => {
    expect(routed(target, {}, 'POST')).toEqual({ kind: 'execute-api', api });
    expect(routed(target, signed('execute-api'))).toEqual({ kind: 'execute-api', api });
  });

  test.each([
    ['/PROD', { stage: 'PROD', path: '/' }],
    ['/PROD/', { stage: 'PROD', path: '/' }],
    ['//PROD//a', { stage: 'PROD', path: '//a' }],
    ['///PROD/a/', { stage: 'PROD', path: '/a/' }],
    ['////PROD', { stage: 'PROD', path: '/' }],
    ['//', { stage: '', path: '/' }],
    ['//?x=//', { stage: '', path: '/', query: 'x=//' }],
    ['/PROD?x', { stage: 'PROD', path: '/', query: 'x' }],
    ['/', { stage: '', path: '/' }],
    ['/_naetmul/health', { stage: '_naetmul', path: '/health' }],
    ['/%E1%84%80/v1', { stage: 'ᄀ', path: '/v1' }],
  ])('own every path below their host: %s', (target, expected) => {
    const found = routed(target, { host: 'a1b2.execute-api.localhost' });
    expect(found).toEqual({ kind: 'execute-api', api: { apiId: 'a1b2', query: '', ...expected } });
  });

  test.each([
    ['/restapis/a1b2/PROD/_user_request_', '/'],
    ['/restapis/a1b2/PROD/_user_request_/', '/'],
    ['/_aws/execute-api/a1b2/PROD', '/'],
  ])('have a root: %s', (target, path) => {
    expect(routed(target)).toMatchObject({ kind: 'execute-api', api: { stage: 'PROD', path } });
  });

  test('are told from the API that makes them, and from objects of a bucket named restapis', () => {
    expect(routed('/restapis/a1b2/resources', signed('apigateway'))).toMatchObject({ service: 'apigateway' });
    expect(routed('/restapis/a1b2/stages/PROD')).toMatchObject({ kind: 'service', service: 'apigateway' });
    expect(routed('/restapis/a1b2/PROD/_user_request_/v1', signed('s3'))).toMatchObject({ service: 's3' });
  });
});

describe('endpoints of OpenSearch domains', () => {
  const label = `search-gas-detector-${'abcdefghij'.repeat(2)}uvwxyz`;
  const domain = { region: 'ap-northeast-2', name: label, path: '/gasdetect/_doc/a%20b', query: 'refresh=true' };
  const target = '/gasdetect/_doc/a%20b?refresh=true';

  test.each([
    'ap-northeast-2.es.amazonaws.com',
    'ap-northeast-2.es.localhost:4566',
    'ap-northeast-2.es.localhost.localstack.cloud:4566',
  ])('are found by a host name below %s', (suffix) => {
    const headers = { host: `${label}.${suffix}` };
    expect(routed(target, headers)).toEqual({ kind: 'es-domain', domain, scope: undefined });
    expect(routed('/_naetmul/health', headers)).toMatchObject({ kind: 'es-domain' });
    expect(routed(target, { ...headers, ...signed('es') })).toMatchObject({ kind: 'es-domain', scope: scope('es') });
  });

  test('are found by their path, which needs no DNS', () => {
    const byName = { ...domain, name: 'gas-detector' };
    expect(routed(`/_aws/es/ap-northeast-2/gas-detector${target}`, {}, 'PUT')).toMatchObject({ domain: byName });
    expect(routed(`/_aws/es/ap-northeast-2/${label}${target}`)).toMatchObject({ domain });
    for (const root of ['', '/']) {
      expect(routed(`/_aws/es/ap-northeast-2/gas${root}`)).toMatchObject({
        kind: 'es-domain',
        domain: { name: 'gas', path: '/', query: '' },
      });
    }
  });

  test('are not the service that makes them', () => {
    expect(routed('/2021-01-01/domain', signed('es'))).toMatchObject({ kind: 'service', service: 'es' });
    expect(routed('/', { host: 'search-gas-tooshort.ap-northeast-2.es.localhost' })).toMatchObject({ kind: 'service' });
  });
});

describe('calls of services', () => {
  test('go by the credential scope first', () => {
    const headers = { ...signed('kinesis'), 'x-amz-target': 'Firehose_20150804.PutRecord' };
    expect(routed('/', headers)).toEqual({ kind: 'service', service: 'kinesis', scope: scope('kinesis') });
  });

  test('go by the scope of a presigned URL', () => {
    const query =
      'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA1%2F20220127%2Fap-northeast-2%2Fs3%2Faws4_request';
    expect(routed(`/bucket/key?${query}`)).toEqual({ kind: 'service', service: 's3', scope: scope('s3') });
  });

  test('go by the scope of a SigV4a signature, which names no region', () => {
    const authorization = 'AWS4-ECDSA-P256-SHA256 Credential=AKIA1/20220127/s3/aws4_request, SignedHeaders=host';
    expect(routed('/bucket', { authorization })).toMatchObject({
      scope: { accessKeyId: 'AKIA1', region: undefined, service: 's3' },
    });
  });

  test('of S3 may have a bucket before the plain name of this machine', () => {
    const headers = { host: 'bucket.localhost:4566', ...signed('s3') };
    expect(routed('/_naetmul/key', headers)).toEqual({ kind: 'service', service: 's3', scope: scope('s3') });
  });

  test('signed the old way are S3’s', () => {
    const oldUrl = '/bucket/key?AWSAccessKeyId=AKIA1&Signature=c2ln%3D&Expires=1643262505';
    expect(routed(oldUrl)).toMatchObject({ service: 's3', scope: { accessKeyId: 'AKIA1' } });
    expect(routed('/bucket/key', { authorization: 'AWS AKIA1:c2lnbmF0dXJl' })).toMatchObject({ service: 's3' });
  });

  test('without a signature go by X-Amz-Target, then by path, then by host', () => {
    expect(routed('/', { 'x-amz-target': 'Firehose_20150804.PutRecord' })).toMatchObject({ service: 'firehose' });
    expect(routed('/', { 'x-amz-target': 'Kinesis_20131202.PutRecord' })).toMatchObject({ service: undefined });
    expect(routed('/restapis')).toMatchObject({ service: 'apigateway' });
    expect(routed('/', { host: 'monitoring.eu-west-1.amazonaws.com' })).toMatchObject({ service: 'monitoring' });
    expect(routed('/', { host: 'sqs.eu-west-1.amazonaws.com' })).toMatchObject({ service: undefined });
  });

  test.each([
    'Bearer abc',
    'AWS4-HMAC-SHA256 Credential=broken',
    'Basic dGVzdDp0ZXN0',
    '',
  ])('with the authorization %j are whoever’s', (authorization) => {
    expect(routed('/x', { authorization })).toEqual({ kind: 'service', service: undefined, scope: undefined });
  });

  test('at the address of a queue are for SQS where it is played, if they can be its calls by form', () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const to = (target: string, headers = {}) => route(request(target, headers), TARGETS, new Set(['sqs']));
    const sqs = { kind: 'service', service: 'sqs', scope: undefined };
    expect(to('/000000000000/brook?Action=ReceiveMessage')).toEqual(sqs);
    expect(to('/000000000000/brook.fifo', form)).toEqual(sqs);
    expect(to('/queue/eu-west-1/000000000000/brook', form)).toEqual(sqs);
    expect(to('/000000000000/brook')).toMatchObject({ service: undefined });
    expect(to('/bucket/brook?Action=x')).toMatchObject({ service: undefined });
    expect(routed('/000000000000/brook?Action=ReceiveMessage')).toMatchObject({ service: undefined });
  });

  test('may come with a whole URL, as to a proxy', () => {
    expect(routed('http://localhost:4566/_naetmul/health?x')).toEqual({ kind: 'control', path: '/health' });
  });
});
