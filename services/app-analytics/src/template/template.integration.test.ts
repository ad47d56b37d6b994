/** The function of the custom resource, with a real OpenSearch as the domain. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { nativeOpenSearch } from '../../../../harness/engines/opensearch/index.ts';
import { startEngine } from '../../../../harness/engines/testing.ts';
import { campaignAt } from '../../testing/events.ts';
import { clear, DEFAULT_TEMPLATE, indexOf, send, store } from '../../testing/search-server.ts';
import type { CustomResourceRequest, CustomResourceResponse } from './custom-resource.ts';
import { handler } from './handler.ts';

let dataDir: string;
let opensearch: Awaited<ReturnType<typeof startEngine>>;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'analytics-template-'));
  opensearch = await startEngine(nativeOpenSearch(), dataDir);
  vi.stubEnv('AWS_REGION', 'ap-northeast-2');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  vi.spyOn(console, 'log').mockReturnValue();
  vi.spyOn(console, 'error').mockReturnValue();
});

afterEach(() => clear(opensearch.endpoint));

afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await opensearch?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Runs the function as Lambda does, and returns what CloudFormation is told. */
async function run(type: CustomResourceRequest['RequestType'], members: Partial<CustomResourceRequest> = {}) {
  let answer: CustomResourceResponse | undefined;
  const cloudFormation = createServer(async (request, response) => {
    answer = (await json(request)) as CustomResourceResponse;
    response.end();
  }).listen(0, '127.0.0.1');
  await once(cloudFormation, 'listening');
  const { port } = cloudFormation.address() as AddressInfo;
  const request: CustomResourceRequest = {
    RequestType: type,
    ResponseURL: `http://127.0.0.1:${port}/answer?X-Amz-Signature=s`,
    StackId: 's',
    RequestId: 'r',
    LogicalResourceId: 'IndexTemplate',
    ResourceProperties: properties(),
    ...members,
  };
  try {
    await handler(request, { logStreamName: 'stream' });
  } finally {
    cloudFormation.close();
  }
  if (answer === undefined) throw new Error('CloudFormation was told nothing');
  return answer;
}

const properties = (body: object = DEFAULT_TEMPLATE) => ({
  DomainEndpoint: opensearch.endpoint,
  IsWanted: 'true',
  Name: 'default_template',
  Body: JSON.stringify(body),
});

const NOW_15M = { query: { range: { arrival_timestamp: { gte: 'now-15m' } } } };

test('once the template is there, the first event makes a date, and now-15m works', async () => {
  expect(await run('Create')).toMatchObject({ Status: 'SUCCESS' });
  expect(await send(opensearch.endpoint, 'GET', '/_template/default_template')).toEqual({
    default_template: {
      order: 1,
      index_patterns: ['pinpoint*'],
      settings: {},
      mappings: DEFAULT_TEMPLATE.mappings,
      aliases: {},
    },
  });
  const events = campaignAt(Date.now() - 300_000, 3);
  await store(opensearch.endpoint, events);
  const { hits } = await send(opensearch.endpoint, 'POST', '/pinpoint*/_search', NOW_15M);
  expect(hits.total.value).toBe(events.length);
});

test('without it, the first event freezes a long, and now-15m fails with OpenSearch’s own words', async () => {
  const [event] = campaignAt(Date.now(), 1);
  if (event === undefined) throw new Error('a campaign has events');
  await store(opensearch.endpoint, [event]);
  const index = indexOf(event.arrival_timestamp);
  await expect(send(opensearch.endpoint, 'POST', `/${index}/_search`, NOW_15M)).rejects.toThrow(
    /400 .*"type":"query_shard_exception","reason":"failed to create query: For input string: \\"now-15m\\""/,
  );
  // Now is too late for this index.
  await run('Create');
  await expect(send(opensearch.endpoint, 'PUT', `/${index}/_mapping`, DEFAULT_TEMPLATE.mappings)).rejects.toThrow(
    'mapper [arrival_timestamp] cannot be changed from type [long] to [date]',
  );
});

test('a template that OpenSearch does not take fails with its reason', async () => {
  const body = { index_patterns: ['pinpoint*'], mappings: { properties: { arrival_timestamp: { type: 'dat' } } } };
  const response = await run('Create', { ResourceProperties: properties(body) });
  expect(response).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'none' });
  expect(response.Reason).toBe(
    `The domain at ${opensearch.endpoint} did not take the index template default_template: 400: ` +
      'mapper_parsing_exception: No handler for type [dat] declared on field [arrival_timestamp] (log stream: stream)',
  );
  const removed = await run('Delete', { PhysicalResourceId: response.PhysicalResourceId });
  expect(removed).toMatchObject({ Status: 'SUCCESS' });
});

test('a template goes when it is not wanted any more, and can be deleted twice', async () => {
  const { PhysicalResourceId } = await run('Create');
  const old = properties();
  const ResourceProperties = { ...old, IsWanted: 'false' };
  await run('Update', { PhysicalResourceId, ResourceProperties, OldResourceProperties: old });
  await expect(send(opensearch.endpoint, 'GET', '/_template/default_template')).rejects.toThrow(': 404 {}');
  for (let time = 0; time < 2; time += 1) {
    expect(await run('Delete', { PhysicalResourceId })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
  }
});
