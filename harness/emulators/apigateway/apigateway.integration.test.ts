import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  GetAccountCommand,
  GetResourcesCommand,
  GetRestApiCommand,
  GetStageCommand,
  GetTagsCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
  TagResourceCommand,
  UpdateAccountCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../clock/index.ts';
import { type TestEdge, testEdge } from '../../edge/testing.ts';
import type { Engine, RunningEngine } from '../../engines/engine.ts';
import { cacheFolder, createEngines } from '../../engines/index.ts';
import { createApiGateway } from './index.ts';
import { KINESIS, REGION, ROLE, WORKSHOP_BODY } from './testing.ts';

const DEFAULTS = { region: REGION, accountId: '000000000000' };
const POSTS = 5000;
const CONNECTIONS = 64;

let dataDir: string;
let localstack: RunningEngine;
let bench: TestEdge;
let agent: Agent;
let apis: APIGatewayClient;
let kinesis: KinesisClient;
const logged: string[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'naetmul-apigateway-'));
  const engine = createEngines({ overrides: { kinesis: 'localstack' } }).find(
    ({ name }) => name === 'localstack',
  ) as Engine;
  localstack = await engine.start({
    dataDir: join(dataDir, 'localstack'),
    cacheDir: cacheFolder(),
    offline: false,
    progress: () => undefined,
    registerChild: () => undefined,
    signal: new AbortController().signal,
  });
  bench = await testEdge({ upstream: () => localstack.endpoint, defaults: DEFAULTS });
  const { edge, clock, entries } = bench;
  edge.register(
    createApiGateway(
      {
        clock,
        random: createRandom('api gateway integration'),
        ledger: {
          append(entry, t = clock.now()) {
            entries.push({ ...entry, n: entries.length + 1, t });
            return entries.length;
          },
        },
        aws: edge.access,
        dataDir: join(dataDir, 'apigateway'),
        log: { info() {}, warn() {}, error() {} },
        defaults: DEFAULTS,
      },
      {
        metrics: { count() {} },
        logs: { put: (_group, _stream, events) => void logged.push(...events.map(({ message }) => message)) },
      },
    ),
  );
  agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  apis = new APIGatewayClient({
    region: REGION,
    endpoint: bench.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  kinesis = edge.access.client(KinesisClient, REGION);
  await kinesis.send(new CreateStreamCommand({ StreamName: 'ingest', ShardCount: 2 }));
  await waitUntilStreamExists({ client: kinesis, maxWaitTime: 30, minDelay: 1, maxDelay: 1 }, { StreamName: 'ingest' });
});

afterAll(async () => {
  agent?.destroy();
  apis?.destroy();
  await bench?.[Symbol.asyncDispose]();
  await localstack?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Builds the workshop's API with the SDK, as one would by hand. Answers the path of its method at the edge. */
async function deployByHand(): Promise<{ path: string; restApiId: string }> {
  const { id: restApiId = '', rootResourceId } = await apis.send(
    new CreateRestApiCommand({
      name: 'ingest',
      endpointConfiguration: { types: ['REGIONAL'] },
      tags: { team: 'brook' },
    }),
  );
  const { id: resourceId } = await apis.send(
    new CreateResourceCommand({ restApiId, parentId: rootResourceId, pathPart: 'v1' }),
  );
  const at = { restApiId, resourceId, httpMethod: 'POST' };
  await apis.send(new PutMethodCommand({ ...at, authorizationType: 'NONE' }));
  await apis.send(new PutMethodResponseCommand({ ...at, statusCode: '200' }));
  await apis.send(new PutIntegrationCommand({ ...at, ...KINESIS, type: 'AWS' }));
  await apis.send(new PutIntegrationResponseCommand({ ...at, statusCode: '200' }));
  await apis.send(new CreateDeploymentCommand({ restApiId, stageName: 'PROD' }));
  return { path: `/restapis/${restApiId}/PROD/_user_request_/v1`, restApiId };
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

function post(path: string, body: string, headers: Record<string, string> = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const sent = request(`${bench.url}${path}`, {
    method: 'POST',
    agent,
    headers: { 'Content-Type': 'application/json', ...headers },
  });
  sent.on('error', reject).on('response', (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk) => chunks.push(chunk)).on('error', reject);
    response.on('end', () =>
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }),
    );
  });
  sent.end(body);
  return promise;
}

/**
 * Every record of the stream: sequence number → data. Each shard is read until an answer brings nothing new, because the
 * stand-in for Kinesis gives a shard's only record again and again.
 */
async function readStream(): Promise<Map<string, string>> {
  const records = new Map<string, string>();
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName: 'ingest' }));
  for (const { ShardId } of Shards) {
    let iterator = (
      await kinesis.send(
        new GetShardIteratorCommand({ StreamName: 'ingest', ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
      )
    ).ShardIterator;
    for (let before = -1; before !== records.size; ) {
      before = records.size;
      const answer = await kinesis.send(new GetRecordsCommand({ ShardIterator: iterator }));
      for (const { SequenceNumber = '', Data } of answer.Records ?? []) {
        records.set(SequenceNumber, Buffer.from(Data ?? []).toString());
      }
      iterator = answer.NextShardIterator;
    }
  }
  return records;
}

test('an API built with the SDK takes a record, and the sequence number it answers is found in the stream', async () => {
  const { path, restApiId } = await deployByHand();
  const { status, body, headers } = await post(path, WORKSHOP_BODY);
  expect(status).toBe(200);
  expect(body).toMatch(/^\{"SequenceNumber":"\d{56}","ShardId":"shardId-00000000000[01]"\}$/);
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-amzn-requestid': expect.any(String) });
  expect((await readStream()).get(JSON.parse(body).SequenceNumber)).toBe(WORKSHOP_BODY);

  const host = `${restApiId}.execute-api.localhost:${new URL(bench.url).port}`;
  expect((await post('/PROD/v1', WORKSHOP_BODY, { Host: host })).status).toBe(200);
  expect((await post(`/_aws/execute-api/${restApiId}/PROD/v1`, WORKSHOP_BODY)).status).toBe(200);
});

test('the SDK reads back what it made', async () => {
  const { restApiId } = await deployByHand();
  expect(await apis.send(new GetRestApiCommand({ restApiId }))).toMatchObject({
    id: expect.stringMatching(/^[a-z0-9]{10}$/),
    name: 'ingest',
    createdDate: expect.any(Date),
    apiKeySource: 'HEADER',
    endpointConfiguration: { types: ['REGIONAL'] },
    tags: { team: 'brook' },
  });
  const { items } = await apis.send(new GetResourcesCommand({ restApiId, embed: ['methods'] }));
  expect(items?.map(({ path, resourceMethods }) => [path, resourceMethods?.POST?.methodIntegration?.type])).toEqual([
    ['/', undefined],
    ['/v1', 'AWS'],
  ]);
  const resourceArn = `arn:aws:apigateway:${REGION}::/restapis/${restApiId}/stages/PROD`;
  await apis.send(new TagResourceCommand({ resourceArn, tags: { kind: 'workshop' } }));
  expect((await apis.send(new GetTagsCommand({ resourceArn }))).tags).toEqual({ kind: 'workshop' });
});

test('logging needs the account to have a role; then a request is in the execution log', async () => {
  const { path, restApiId } = await deployByHand();
  const enable = new UpdateStageCommand({
    restApiId,
    stageName: 'PROD',
    patchOperations: [{ op: 'replace', path: '/*/*/logging/loglevel', value: 'INFO' }],
  });
  await expect(apis.send(enable)).rejects.toMatchObject({
    name: 'BadRequestException',
    message: 'CloudWatch Logs role ARN must be set in account settings to enable logging',
  });
  await apis.send(
    new UpdateAccountCommand({ patchOperations: [{ op: 'replace', path: '/cloudwatchRoleArn', value: ROLE }] }),
  );
  expect((await apis.send(new GetAccountCommand({}))).cloudwatchRoleArn).toBe(ROLE);
  await apis.send(enable);
  expect(
    (await apis.send(new GetStageCommand({ restApiId, stageName: 'PROD' }))).methodSettings?.['*/*']?.loggingLevel,
  ).toBe('INFO');
  const { headers } = await post(path, WORKSHOP_BODY);
  expect(logged).toContain(`(${headers['x-amzn-requestid']}) Method completed with status: 200`);
});

test(`of ${POSTS} posts on ${CONNECTIONS} connections each is in the stream exactly once, under the number its caller got`, async () => {
  const { path } = await deployByHand();
  const known = new Set((await readStream()).keys());
  const bodies = Array.from({ length: POSTS }, (_none, n) => `{"n":${n}}`);
  const answers: Answer[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      for (let n = next++; n < POSTS; n = next++) answers[n] = await post(path, bodies[n] as string);
    }),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const numbers = answers.map(({ body }) => JSON.parse(body).SequenceNumber as string);
  const stream = await readStream();
  expect(numbers.map((number) => stream.get(number))).toEqual(bodies);
  expect([...stream.keys()].filter((number) => !known.has(number)).sort()).toEqual([...numbers].sort());
  const accepted = bench.entries.filter(({ what, where }) => what === 'accepted' && where === 'kinesis/ingest');
  const ids = accepted.flatMap((entry) => entry.ids ?? []);
  const named = new Set(ids);
  expect(numbers.filter((number) => !named.has(`record/ingest/${number}`))).toEqual([]);
  expect(named.size).toBe(ids.length);
});

test('a put into a stream that is not there says so in the words of Kinesis', async () => {
  const { id: restApiId = '', rootResourceId } = await apis.send(new CreateRestApiCommand({ name: 'lost' }));
  const at = { restApiId, resourceId: rootResourceId, httpMethod: 'POST' };
  await apis.send(new PutMethodCommand({ ...at, authorizationType: 'NONE' }));
  for (const statusCode of ['200', '400']) await apis.send(new PutMethodResponseCommand({ ...at, statusCode }));
  const template = KINESIS.requestTemplates['application/json'].replace('ingest', 'lost');
  await apis.send(
    new PutIntegrationCommand({ ...at, ...KINESIS, type: 'AWS', requestTemplates: { 'application/json': template } }),
  );
  await apis.send(new PutIntegrationResponseCommand({ ...at, statusCode: '400', selectionPattern: '4\\d{2}' }));
  await apis.send(new PutIntegrationResponseCommand({ ...at, statusCode: '200' }));
  await apis.send(new CreateDeploymentCommand({ restApiId, stageName: 'PROD' }));
  const { status, body } = await post(`/restapis/${restApiId}/PROD/_user_request_/`, WORKSHOP_BODY);
  expect(status).toBe(400);
  expect(JSON.parse(body).__type).toMatch(/ResourceNotFoundException$/);
});
