import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import {
  APIGatewayClient,
  CreateBasePathMappingCommand,
  CreateDeploymentCommand,
  CreateDomainNameCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
  UpdateAccountCommand,
  UpdateDomainNameCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createRandom } from '../../../clock/index.ts';
import { type TestEdge, testEdge } from '../../../edge/testing.ts';
import type { RunningEngine } from '../../../engines/engine.ts';
import { nativeLocalStack } from '../../../engines/localstack/index.ts';
import { startEngine } from '../../../engines/testing.ts';
import { createApiGateway } from '../index.ts';
import { REGION, ROLE } from '../testing.ts';
import { authorities, certify, type TestCertificate } from './testing.ts';

const DEFAULTS = { region: REGION, accountId: '000000000000' };
const ACM = `arn:aws:acm:${REGION}:000000000000:certificate/12345678-1234-1234-1234-123456789012`;
const BUCKET = 'truststores';
const DAY_MS = 24 * 60 * 60 * 1000;
const IDENTITY =
  '$context.identity.clientCert.subjectDN|$context.identity.clientCert.issuerDN|' +
  '$context.identity.clientCert.validity.notAfter|$context.domainName|$context.path';

let dir: string;
let localstack: RunningEngine;
let bench: TestEdge;
let apis: APIGatewayClient;
let s3: S3Client;
let restApiId: string;
let authority: TestCertificate;
const logged: { readonly group: string; readonly message: string }[] = [];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'naetmul-domain-names-'));
  localstack = await startEngine(nativeLocalStack(), join(dir, 'localstack'));
  const tls = { port: 0, cacheDir: join(dir, 'cache'), caFile: join(dir, 'ca.pem') };
  bench = await testEdge({ upstream: () => localstack.endpoint, defaults: DEFAULTS, tls });
  const { edge, clock, entries } = bench;
  const ledger = {
    append(entry: Parameters<typeof entries.push>[0]) {
      return entries.push({ ...entry, n: entries.length + 1 });
    },
  };
  const context = {
    clock,
    random: createRandom('domain names'),
    ledger: ledger as never,
    aws: edge.access,
    dataDir: dir,
    log: { info() {}, warn() {}, error() {} },
    defaults: DEFAULTS,
  };
  edge.register(
    createApiGateway(context, {
      tls: edge.tlsNames,
      metrics: { count() {} },
      logs: { put: (group, _stream, events) => void logged.push(...events.map(({ message }) => ({ group, message }))) },
    }),
  );
  const sdk = { region: REGION, endpoint: bench.url, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  apis = new APIGatewayClient(sdk);
  s3 = new S3Client({ ...sdk, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: REGION } }));
  await s3.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: 'Enabled' } }));
  restApiId = await deployApi();
  [authority] = (await authorities(1, clock.now())) as [TestCertificate];
});

afterAll(async () => {
  apis?.destroy();
  s3?.destroy();
  await bench?.[Symbol.asyncDispose]();
  await localstack?.stop();
  rmSync(dir, { recursive: true, force: true });
});

beforeEach(() => void logged.splice(0));

/** An API that answers with what it knows of its client, logs included. */
async function deployApi(): Promise<string> {
  const { id = '', rootResourceId } = await apis.send(new CreateRestApiCommand({ name: 'partners' }));
  const made = await apis.send(
    new CreateResourceCommand({ restApiId: id, parentId: rootResourceId, pathPart: '{proxy+}' }),
  );
  const at = { restApiId: id, resourceId: made.id, httpMethod: 'ANY' };
  await apis.send(new PutMethodCommand({ ...at, authorizationType: 'NONE' }));
  await apis.send(new PutMethodResponseCommand({ ...at, statusCode: '200' }));
  await apis.send(
    new PutIntegrationCommand({
      ...at,
      type: 'MOCK',
      requestTemplates: { 'application/json': '{"statusCode": 200}' },
    }),
  );
  await apis.send(
    new PutIntegrationResponseCommand({
      ...at,
      statusCode: '200',
      responseTemplates: { 'application/json': IDENTITY },
    }),
  );
  await apis.send(new CreateDeploymentCommand({ restApiId: id, stageName: 'PROD' }));
  const replace = (path: string, value: string) => ({ op: 'replace' as const, path, value });
  await apis.send(new UpdateAccountCommand({ patchOperations: [replace('/cloudwatchRoleArn', ROLE)] }));
  await apis.send(
    new UpdateStageCommand({
      restApiId: id,
      stageName: 'PROD',
      patchOperations: [
        replace('/*/*/logging/loglevel', 'INFO'),
        replace('/accessLogSettings/destinationArn', `arn:aws:logs:${REGION}:000000000000:log-group:access`),
        replace(
          '/accessLogSettings/format',
          '$context.requestId $context.status $context.identity.clientCert.subjectDN',
        ),
      ],
    }),
  );
  return id;
}

async function putTruststore(key: string, body: string): Promise<string | undefined> {
  const { VersionId } = await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: Buffer.from(body) }));
  return VersionId;
}

async function createDomain(domainName: string, mutualTlsAuthentication?: object) {
  const created = await apis.send(
    new CreateDomainNameCommand({
      domainName,
      regionalCertificateArn: ACM,
      endpointConfiguration: { types: ['REGIONAL'] },
      securityPolicy: 'TLS_1_2',
      ...(mutualTlsAuthentication && { mutualTlsAuthentication }),
    }),
  );
  await apis.send(new CreateBasePathMappingCommand({ domainName, restApiId, stage: 'PROD', basePath: 'partner' }));
  return created;
}

function updateDomain(domainName: string, path: string, value: string) {
  return apis.send(new UpdateDomainNameCommand({ domainName, patchOperations: [{ op: 'replace', path, value }] }));
}

/** Over TLS. */
async function ask(host: string, client?: TestCertificate, options: RequestOptions = {}) {
  const address = bench.edge.tlsAddress();
  const sent = request({
    host: '127.0.0.1',
    port: address?.port,
    servername: host,
    headers: { host },
    ca: readFileSync(address?.caFile ?? ''),
    path: '/partner/orders/1',
    agent: false,
    ...(client && { cert: client.pem, key: client.key }),
    ...options,
  });
  sent.end();
  const [response] = await once(sent, 'response');
  return { status: response.statusCode, body: await text(response) };
}

/** Over plain HTTP. */
async function askPlainly(host: string, path = '/partner/orders/1') {
  const agent = new HttpAgent();
  const sent = httpRequest(bench.url, { path, headers: { host }, agent });
  sent.end();
  const [response] = await once(sent, 'response');
  return { status: response.statusCode, body: await text(response) };
}

const FORBIDDEN = { status: 403, body: '{"message":"Forbidden"}' };
const received = () => bench.entries.filter(({ what }) => what === 'received').length;
const lines = () =>
  logged
    .filter(({ group }) => group.startsWith('API-Gateway'))
    .map(({ message }) => message.replace(/^\([^)]*\) /, ''));

describe('a domain name without mutual TLS', () => {
  beforeAll(async () => void (await createDomain('open.example.com')));

  test('answers over TLS, and over plain HTTP by its Host, with .localhost behind it or not', async () => {
    const answer = { status: 200, body: '|||open.example.com|/partner/orders/1' };
    expect(await ask('open.example.com')).toEqual(answer);
    expect(await ask('open.example.com.localhost')).toEqual(answer);
    expect(await askPlainly('open.example.com')).toEqual(answer);
    expect(await askPlainly('open.example.com.localhost:4566')).toEqual(answer);
  });

  test('answers 403 to what it has no mapping for', async () => {
    expect(await askPlainly('open.example.com', '/orders/1')).toEqual(FORBIDDEN);
  });

  test('answers below a base path of several parts, which the second API gives it', async () => {
    const at = { service: 'apigateway', region: REGION, headers: { 'content-type': 'application/json' } };
    const target = '/v2/domainnames/open.example.com/apimappings';
    const body = JSON.stringify({ apiId: restApiId, stage: 'PROD', apiMappingKey: 'v1/orders' });
    const made = await bench.edge.access.send({ ...at, method: 'POST', target, body });
    expect([made.status, JSON.parse(made.body.toString())]).toEqual([
      201,
      { apiId: restApiId, apiMappingId: expect.any(String), apiMappingKey: 'v1/orders', stage: 'PROD' },
    ]);
    const listed = await bench.edge.access.send({ ...at, method: 'GET', target, body: '' });
    expect(JSON.parse(listed.body.toString()).items).toHaveLength(2);
    expect((await ask('open.example.com', undefined, { path: '/v1/orders/7' })).body).toBe(
      '|||open.example.com|/v1/orders/7',
    );
    const { apiMappingId } = JSON.parse(made.body.toString());
    const gone = await bench.edge.access.send({
      ...at,
      method: 'DELETE',
      target: `${target}/${apiMappingId}`,
      body: '',
    });
    expect([gone.status, gone.body.toString()]).toEqual([204, '']);
  });

  test('answers to a connection that was made for it, and for nobody else', async () => {
    await createDomain('other.example.com');
    expect(await ask('open.example.com', undefined, { headers: { host: 'other.example.com' } })).toEqual(FORBIDDEN);
    expect(await ask('open.example.com', undefined, { headers: { host: 'localhost' } })).toEqual(FORBIDDEN);
  });
});

describe('a domain name with mutual TLS', () => {
  const HOST = 'mtls.example.com';
  let good: TestCertificate;
  let stranger: TestCertificate;
  let now: number;

  beforeAll(async () => {
    now = bench.clock.now();
    const truststoreVersion = await putTruststore('partners/certs.pem', authority.pem);
    const created = await createDomain(HOST, { truststoreUri: `s3://${BUCKET}/partners/certs.pem`, truststoreVersion });
    expect(created.mutualTlsAuthentication).toEqual({
      truststoreUri: `s3://${BUCKET}/partners/certs.pem`,
      truststoreVersion,
    });
    good = await certify('C=KR, O=gas, CN=partner 1', now, { issuer: authority });
    const other = await certify('CN=another root', now, { ca: true });
    stranger = await certify('CN=stranger', now, { issuer: other });
  });

  test('tells the API who its client is', async () => {
    const answer = await ask(HOST, good);
    expect(answer).toEqual({
      status: 200,
      body: `C=KR,O=gas,CN=partner 1|O=naetmul,CN=authority 0|${good.x509.validTo}|${HOST}|/partner/orders/1`,
    });
    expect(logged.filter(({ group }) => group === 'access').map(({ message }) => message)).toEqual([
      expect.stringMatching(/ 200 C=KR,O=gas,CN=partner 1$/),
    ]);
  });

  test('ends the handshake with a client that shows no certificate, and the API hears nothing', async () => {
    const before = received();
    await expect(ask(HOST)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(received()).toBe(before);
  });

  test('is not there over plain HTTP', async () => {
    const before = received();
    expect(await askPlainly(HOST)).toEqual(FORBIDDEN);
    expect(await askPlainly(`${HOST}.localhost`)).toEqual(FORBIDDEN);
    expect(received()).toBe(before);
  });

  test('cannot be reached through the connection of another domain name', async () => {
    await createDomain('door.example.com');
    expect(await ask('door.example.com', undefined, { headers: { host: HOST } })).toEqual(FORBIDDEN);
    expect(await ask('door.example.com', good, { headers: { host: HOST } })).toEqual(FORBIDDEN);
  });

  test('turns a stranger away, and says why in the logs only', async () => {
    expect(await ask(HOST, stranger)).toEqual(FORBIDDEN);
    expect(lines()).toEqual(
      expect.arrayContaining([
        'Access denied. Reason: Could not find issuer for certificate',
        'Method completed with status: 403',
      ]),
    );
    expect(lines().join('\n')).not.toContain('Starting execution');
    expect(logged.filter(({ group }) => group === 'access').map(({ message }) => message)).toEqual([
      expect.stringMatching(/ 403 CN=stranger$/),
    ]);
  });

  test('turns away who is too early, too late, or signed by a client', async () => {
    const expired = await certify('CN=late', now, { issuer: authority, notAfter: new Date(now - 1000) });
    const early = await certify('CN=early', now, { issuer: authority, notBefore: new Date(now + DAY_MS) });
    const child = await certify('CN=child', now, { issuer: good });
    for (const client of [expired, early, child]) expect(await ask(HOST, client)).toEqual(FORBIDDEN);
    expect(lines().filter((line) => line.startsWith('Access denied'))).toEqual([
      'Access denied. Reason: certificate has expired',
      'Access denied. Reason: certificate is not yet valid',
      'Access denied. Reason: Could not find issuer for certificate',
    ]);
  });

  test('knows by the clock when a certificate ends, also on a connection that is open', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const short = await certify('CN=short', now, { issuer: authority, notAfter: new Date(bench.clock.now() + DAY_MS) });
    expect((await ask(HOST, short, { agent })).status).toBe(200);
    await bench.clock.advance(2 * DAY_MS);
    expect(await ask(HOST, short, { agent })).toEqual(FORBIDDEN);
    agent.destroy();
    await bench.clock.real();
  });

  test('reads its truststore when it is made or changed, and not before', async () => {
    const other = await certify('CN=new root', now, { ca: true });
    const client = await certify('CN=new partner', now, { issuer: other });
    const version = (await putTruststore('partners/certs.pem', other.pem)) ?? '';
    expect(await ask(HOST, client)).toEqual(FORBIDDEN);
    const path = '/mutualTlsAuthentication/truststoreVersion';
    const before = (await updateDomain(HOST, path, version)).mutualTlsAuthentication;
    expect(before).toEqual({ truststoreUri: `s3://${BUCKET}/partners/certs.pem`, truststoreVersion: version });
    expect((await ask(HOST, client)).status).toBe(200);
    expect(await ask(HOST, good)).toEqual(FORBIDDEN);
    await expect(updateDomain(HOST, path, 'no-such-version')).rejects.toMatchObject({
      name: 'BadRequestException',
      message: `Unable to access truststore URI s3://${BUCKET}/partners/certs.pem version no-such-version.`,
    });
    expect((await ask(HOST, client)).status).toBe(200);
  });

  test('warns of certificates in its truststore that will do nobody any good', async () => {
    const expired = await certify('CN=old root', now, { ca: true, notAfter: new Date(now - 1000) });
    await putTruststore('mixed.pem', authority.pem + expired.pem);
    const path = '/mutualTlsAuthentication/truststoreUri';
    expect((await updateDomain(HOST, path, `s3://${BUCKET}/mixed.pem`)).mutualTlsAuthentication).toEqual({
      truststoreUri: `s3://${BUCKET}/mixed.pem`,
      truststoreWarnings: ['Certificate with subject CN=old root: certificate has expired'],
    });
    expect((await ask(HOST, good)).status).toBe(200);
  });

  test('lets a client of curl in, and says no more than that to others', async () => {
    const address = bench.edge.tlsAddress();
    const files = { cert: join(dir, 'client.pem'), key: join(dir, 'client.key') };
    writeFileSync(files.cert, good.pem);
    writeFileSync(files.key, good.key);
    const curl = (...more: string[]) =>
      promisify(execFile)('curl', [
        '--silent',
        '--show-error',
        ...['--cacert', address?.caFile ?? '', '--resolve', `${HOST}:${address?.port}:127.0.0.1`],
        ...more,
        `https://${HOST}:${address?.port}/partner/orders/1`,
      ]);
    expect((await curl('--cert', files.cert, '--key', files.key)).stdout).toContain('CN=partner 1');
    await expect(curl()).rejects.toThrow(/curl: \((?:35|52|56)\)/);
  });

  test('asks for nothing more once its truststore is taken away', async () => {
    await updateDomain(HOST, '/mutualTlsAuthentication/truststoreUri', '');
    expect((await ask(HOST)).status).toBe(200);
    expect((await askPlainly(HOST)).status).toBe(200);
  });
});

test.each([
  ['nothing.pem', undefined, `Unable to access truststore URI s3://${BUCKET}/nothing.pem version N/A.`],
  ['empty.pem', '', 'Invalid truststore: it contains no certificate in PEM'],
  [
    'large.pem',
    'x'.repeat(1024 * 1024 + 1),
    'Invalid truststore: it has 1048577 bytes, more than the maximum of 1048576 bytes',
  ],
])('the truststore %s makes no domain name', async (key, body, message) => {
  if (body !== undefined) await putTruststore(key, body);
  await expect(createDomain('bad.example.com', { truststoreUri: `s3://${BUCKET}/${key}` })).rejects.toMatchObject({
    name: 'BadRequestException',
    message,
  });
  expect((await askPlainly('bad.example.com')).body).toContain('is not a name of this endpoint');
});
