import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as os from '@aws-sdk/client-opensearch';
import { Client } from '@opensearch-project/opensearch';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createClock, createRandom } from '../../clock/index.ts';
import { createEdge, type Edge } from '../../edge/index.ts';
import { sdk } from '../../edge/testing.ts';
import type { RunningEngine } from '../../engines/engine.ts';
import { nativeOpenSearch } from '../../engines/opensearch/index.ts';
import { startEngine } from '../../engines/testing.ts';
import { checkConservation, LedgerStore } from '../../ledger/index.ts';
import { createOpenSearch } from './index.ts';

const DEFAULTS = { region: 'us-east-1', accountId: '000000000000' };
const NDJSON = { 'content-type': 'application/x-ndjson' };
const JSON_TYPE = { 'content-type': 'application/json' };
const MIB = 1024 * 1024;

let dataDir: string;
let engine: RunningEngine;
let away = false;
let edge: Edge;
let ledger: LedgerStore;
let url: string;
let api: os.OpenSearchClient;
let reset: () => Promise<void>;
const clock = createClock();

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'naetmul-opensearch-'));
  engine = await startEngine(nativeOpenSearch(), join(dataDir, 'engine'));
  const log = { info() {}, warn() {}, error() {} };
  ledger = new LedgerStore(join(dataDir, 'ledger.sqlite'), () => clock.now());
  const shared = { clock, random: createRandom('opensearch'), ledger, log, defaults: DEFAULTS };
  edge = createEdge({ ...shared, port: 0, upstream: () => undefined });
  const emulator = createOpenSearch(
    { ...shared, aws: edge.access, dataDir },
    { server: () => (away ? undefined : { url: engine.endpoint }), edgeUrl: () => url },
  );
  reset = async () => emulator.reset?.();
  edge.register(emulator);
  ({ url } = await edge.listen());
  api = new os.OpenSearchClient(sdk(url));
});

beforeEach(async () => {
  await makeDomain('gas');
});

afterEach(async () => {
  away = false;
  await reset();
  ledger.clear();
});

afterAll(async () => {
  api?.destroy();
  await edge?.close();
  ledger?.[Symbol.dispose]();
  clock.close();
  await engine?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const policy = (domain: string, ...ranges: string[]) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: 'es:ESHttp*',
      Resource: `arn:aws:es:us-east-1:000000000000:domain/${domain}/*`,
      Condition: { IpAddress: { 'aws:SourceIp': ranges } },
    },
  });

/** A domain that lets this machine in, and its address. */
async function makeDomain(DomainName: string, given: Partial<os.CreateDomainCommandInput> = {}): Promise<string> {
  await api.send(
    new os.CreateDomainCommand({
      DomainName,
      ClusterConfig: { InstanceType: 't3.small.search' },
      EBSOptions: { EBSEnabled: true },
      AccessPolicies: policy(DomainName, '127.0.0.0/8', '::1'),
      ...given,
    }),
  );
  const { DomainStatus } = await api.send(new os.DescribeDomainCommand({ DomainName }));
  return `http://${DomainStatus?.Endpoint}`;
}

const at = (domain: string) => `${url}/_aws/es/us-east-1/${domain}`;

async function call(target: string, init: RequestInit = {}, domain = 'gas') {
  const response = await fetch(at(domain) + target, init);
  const text = await response.text();
  return { status: response.status, text, headers: response.headers };
}
const put = (target: string, body: object, domain = 'gas') =>
  call(target, { method: 'PUT', headers: JSON_TYPE, body: JSON.stringify(body) }, domain);
const remove = (target: string, domain = 'gas') => call(target, { method: 'DELETE' }, domain);
const indices = async () => {
  const response = await fetch(`${engine.endpoint}/_cat/indices?h=index&s=index&format=json`);
  return ((await response.json()) as { index: string }[]).map(({ index }) => index);
};
const bulkOf = (index: string, count: number, pad = '') =>
  Array.from(
    { length: count },
    (_, n) => `{"index":{"_index":"${index}","_id":"${n}"}}\n{"n":${n},"pad":"${pad}"}\n`,
  ).join('');
const booked = () => ledger.newest(100).map(({ where, what, ids }) => ({ where, what, ids }));

describe('a domain’s endpoint', () => {
  test('works with the official client', async () => {
    const node = await makeDomain('pinpoint');
    const client = new Client({ node });
    const { body: made } = await client.index({ index: 'gasdetect', id: 'a b/c', body: { no2: 88 }, refresh: true });
    expect(made).toMatchObject({ _index: 'gasdetect', _id: 'a b/c', result: 'created' });
    const { body: found } = await client.search({ index: 'gasdetect', body: { query: { term: { no2: 88 } } } });
    expect(found.hits.hits.map((hit) => hit._source)).toEqual([{ no2: 88 }]);
    const { body: info } = await client.info();
    expect(info.version.number).toMatch(/^2\./);
    await expect(client.get({ index: 'gasdetect', id: 'none' })).rejects.toMatchObject({ statusCode: 404 });
    expect((await client.indices.exists({ index: 'none' })).body).toBe(false);
    await client.close();
  });

  test('is reached by its host’s name, too', async () => {
    const asOther = new os.OpenSearchClient({
      ...sdk(url),
      credentials: { accessKeyId: '111122223333', secretAccessKey: 'x' },
    });
    const AccessPolicies = policy('hosted', '127.0.0.1').replaceAll('000000000000', '111122223333');
    const EBSOptions = { EBSEnabled: true };
    await asOther.send(new os.CreateDomainCommand({ DomainName: 'hosted', AccessPolicies, EBSOptions }));
    const { DomainStatus } = await asOther.send(new os.DescribeDomainCommand({ DomainName: 'hosted' }));
    const label = DomainStatus?.Endpoint?.split('/').at(-1);
    expect(label).toMatch(/^search-hosted-[a-z2-7]{26}$/);
    const { port } = new URL(url);
    const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
    const headers = { host: `${label}.us-east-1.es.amazonaws.com` };
    http
      .get({ host: '127.0.0.1', port, path: '/_cluster/health', headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
      .on('error', reject);
    expect(await promise).toBe(200);
    asOther.destroy();
  });

  test('streams what OpenSearch answers, packed or not, and takes packed bodies', async () => {
    const body = gzipSync(bulkOf('zipped', 500, 'x'.repeat(100)));
    const packed = { ...NDJSON, 'content-encoding': 'gzip', 'accept-encoding': 'gzip' };
    const bulk = await call('/_bulk?refresh=true', { method: 'POST', headers: packed, body });
    expect(JSON.parse(bulk.text)).toMatchObject({ errors: false });
    expect(bulk.headers.get('content-encoding')).toBe('gzip');
    const search = await call('/zipped/_search?size=500', { headers: { 'accept-encoding': 'gzip' } });
    expect(JSON.parse(search.text).hits.hits).toHaveLength(500);
    expect(checkConservation(ledger, [])).toMatchObject({ ok: true, accepted: 500, stored: 500 });
  });

  test('takes a body that comes in chunks, and a large one', async () => {
    const text = bulkOf('large', 9_000, 'y'.repeat(900));
    expect(text.length).toBeGreaterThan(8 * MIB);
    const chunks = async function* () {
      for (let from = 0; from < text.length; from += 60_000) yield Buffer.from(text.slice(from, from + 60_000));
    };
    const init = { method: 'POST', headers: NDJSON, body: chunks(), duplex: 'half' } as unknown as RequestInit;
    const { status } = await call('/_bulk?refresh=true', init);
    expect(status).toBe(200);
    expect(JSON.parse((await call('/large/_count')).text).count).toBe(9_000);
    expect(checkConservation(ledger, [])).toMatchObject({ ok: true, stored: 9_000, duplicates: 0 });
  });

  test('refuses a request that is larger than its instances take', async () => {
    const body = Buffer.alloc(10 * MIB + 1, 32);
    const { status, text } = await call('/_bulk', { method: 'POST', headers: NDJSON, body });
    expect([status, text]).toEqual([413, '{"Message":"Request size exceeded 10485760 bytes"}']);
    await makeDomain('big', { ClusterConfig: { InstanceType: 'r5.large.search' } });
    const larger = await call('/_bulk', { method: 'POST', headers: NDJSON, body }, 'big');
    expect(larger.status).not.toBe(413);
  });

  test('of a domain that there is not says so', async () => {
    const { status, text } = await call('/', {}, 'none');
    expect([status, JSON.parse(text).Message]).toEqual([
      404,
      'There is no domain none in us-east-1. On AWS, its name would not resolve.',
    ]);
  });

  test('lets nobody change the server that all share', async () => {
    const settings = await put('/_cluster/settings', { transient: { 'action.auto_create_index': 'false' } });
    expect([settings.status, settings.text]).toEqual([
      401,
      '{"Message":"Your request: \'/_cluster/settings\' payload is not allowed."}',
    ]);
    const reroute = await call('/_cluster/reroute', { method: 'POST' });
    expect([reroute.status, reroute.text]).toEqual([
      401,
      '{"Message":"Your request: \'/_cluster/reroute\' is not allowed."}',
    ]);
    expect((await call('/_cluster/settings')).status).toBe(200);
  });
});

describe('the access policy', () => {
  const signed = (accessKeyId: string) => ({
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20220127/us-east-1/es/aws4_request, SignedHeaders=host, Signature=0`,
  });
  const forbidden = (user: string, action: string) => [
    403,
    `{"Message":"User: ${user} is not authorized to perform: ${action} because no resource-based policy allows the ${action} action"}`,
  ];

  test('refuses who is not signed and comes from elsewhere, with AWS’s words', async () => {
    await makeDomain('pinpoint', { AccessPolicies: policy('pinpoint', '192.0.2.0/24') });
    const got = await call('/_search', {}, 'pinpoint');
    expect([got.status, got.text]).toEqual(forbidden('anonymous', 'es:ESHttpGet'));
    const posted = await put('/gasdetect/_doc/1', { no2: 88 }, 'pinpoint');
    expect([posted.status, posted.text]).toEqual(forbidden('anonymous', 'es:ESHttpPut'));
    expect(await indices()).toEqual([]);
    expect(ledger.newest(1)).toMatchObject([
      {
        where: 'opensearch/gasdetect',
        what: 'refused',
        ids: ['document/gasdetect/1'],
        detail: { status: 403, domain: 'pinpoint', reason: expect.stringContaining('User: anonymous is not') },
      },
    ]);
  });

  test('without one, only identities of the account may do anything', async () => {
    await makeDomain('pinpoint', { AccessPolicies: undefined });
    expect((await call('/', {}, 'pinpoint')).status).toBe(403);
    expect((await call('/', { headers: signed('test') }, 'pinpoint')).status).toBe(200);
    const other = await call('/', { headers: signed('444455556666') }, 'pinpoint');
    expect([other.status, other.text]).toEqual(forbidden('arn:aws:iam::444455556666:root', 'es:ESHttpGet'));
  });

  test('that denies wins over identities', async () => {
    const { Statement } = JSON.parse(policy('pinpoint', '0.0.0.0/0'));
    const Deny = { ...Statement, Effect: 'Deny', Condition: undefined, Action: 'es:ESHttpDelete' };
    const AccessPolicies = JSON.stringify({ Version: '2012-10-17', Statement: [Statement, Deny] });
    await makeDomain('pinpoint', { AccessPolicies });
    const denied = await call('/gasdetect', { method: 'DELETE', headers: signed('test') }, 'pinpoint');
    expect([denied.status, denied.text]).toEqual([
      403,
      '{"Message":"User: arn:aws:iam::000000000000:root is not authorized to perform: es:ESHttpDelete with an explicit deny in a resource-based policy"}',
    ]);
    expect((await call('/', {}, 'pinpoint')).status).toBe(200);
  });

  test('holds as soon as it is changed', async () => {
    expect((await call('/')).status).toBe(200);
    const AccessPolicies = policy('gas', '192.0.2.1');
    await api.send(new os.UpdateDomainConfigCommand({ DomainName: 'gas', AccessPolicies }));
    expect((await call('/')).status).toBe(403);
  });

  test('is asked of the path as it is meant, not as it is written', async () => {
    const AccessPolicies = policy('pinpoint', '127.0.0.1').replace('domain/pinpoint/*', 'domain/pinpoint/open*');
    await makeDomain('pinpoint', { AccessPolicies });
    expect((await call('/open/_search', {}, 'pinpoint')).status).toBe(404);
    expect((await call('/%6Fpen/_search', {}, 'pinpoint')).status).toBe(404);
    expect((await call('/closed/_search', {}, 'pinpoint')).status).toBe(403);
    expect((await put('/_%63luster/settings', {})).status).toBe(401);
    // What is written with more slashes finds no handler in OpenSearch.
    expect((await call('/open//_search')).status).toBe(400);
  });

  test('of single indices is kept where bodies may name none', async () => {
    await makeDomain('pinpoint', { AdvancedOptions: { 'rest.action.multi.allow_explicit_index': 'false' } });
    const init = { method: 'POST', headers: NDJSON };
    const named = await call('/gasdetect/_bulk', { ...init, body: bulkOf('other', 1) }, 'pinpoint');
    expect([named.status, JSON.parse(named.text).error.reason]).toEqual([400, 'explicit index in bulk is not allowed']);
    const unnamed = await call('/gasdetect/_bulk', { ...init, body: '{"index":{}}\n{"a":1}\n' }, 'pinpoint');
    expect(JSON.parse(unnamed.text).errors).toBe(false);
  });
});

describe('two domains on one server', () => {
  const clash = (index: string, owner: string) => ({
    type: 'index_of_another_domain_exception',
    reason:
      `The index ${index} is that of the domain ${owner} (us-east-1), and the domains of naetmul share one server: ` +
      'choose another name for one of them, or give each domain a server of its own (--opensearch per-domain).',
  });

  beforeEach(async () => {
    await makeDomain('other');
    await put('/gasdetect/_doc/1?refresh=true', { no2: 88 });
    await put('/gasdetect/_alias/readings', {});
  });

  test.each([
    ['PUT', '/gasdetect/_doc/2', '{"no2":1}', 'gasdetect'],
    ['GET', '/gasdetect/_search', undefined, 'gasdetect'],
    ['DELETE', '/mine,gasdetect', undefined, 'gasdetect'],
    ['GET', '/readings/_search', undefined, 'gasdetect'],
    ['POST', '/_bulk', bulkOf('mine', 1) + bulkOf('gasdetect', 1), 'gasdetect'],
    ['POST', '/_msearch', '{"index":"gasdetect"}\n{}\n', 'gasdetect'],
    ['POST', '/_reindex', '{"source":{"index":"gasdetect"},"dest":{"index":"mine"}}', 'gasdetect'],
  ])('%s %s of the second one is refused, and says why', async (method, target, body, index) => {
    const init = {
      method,
      headers: body?.includes('\n') ? NDJSON : JSON_TYPE,
      ...(body === undefined ? {} : { body }),
    };
    const { status, text } = await call(target, init, 'other');
    expect(status).toBe(409);
    expect(JSON.parse(text).error).toMatchObject(clash(index, 'gas'));
    expect(JSON.parse((await call('/gasdetect/_doc/1')).text)._source).toEqual({ no2: 88 });
    expect(await indices()).toEqual(['gasdetect']);
  });

  test('the official client shows the reason', async () => {
    const client = new Client({ node: at('other') });
    await expect(client.index({ index: 'gasdetect', body: {} })).rejects.toThrow(
      'The index gasdetect is that of the domain gas',
    );
    await client.close();
  });

  test('do not see each other through wildcards, nor delete each other’s indices', async () => {
    await put('/gas-other/_doc/1?refresh=true', { no2: 1 }, 'other');
    const found = async (target: string, domain: string) =>
      JSON.parse((await call(target, {}, domain)).text).hits.hits.map((hit: { _index: string }) => hit._index);
    for (const target of ['/_search', '/gas*/_search', '/_all/_search']) {
      expect(await found(target, 'other')).toEqual(['gas-other']);
      expect(await found(target, 'gas')).toEqual(['gasdetect']);
    }
    expect((await call('/_cat/indices?h=index', {}, 'other')).text.trim()).toBe('gas-other');
    expect((await remove('/gas*', 'other')).status).toBe(200);
    expect(await indices()).toEqual(['gasdetect']);
  });

  test('may take a name when the other has deleted it', async () => {
    await remove('/gasdetect');
    expect((await put('/gasdetect/_doc/1', { a: 1 }, 'other')).status).toBe(201);
    expect((await put('/gasdetect/_doc/2', { a: 1 })).status).toBe(409);
  });

  test('cannot both be first with a name', async () => {
    const writes = Array.from({ length: 8 }, (_, n) => put(`/both/_doc/${n}`, {}, n % 2 === 0 ? 'gas' : 'other'));
    const statuses = (await Promise.all(writes)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(4);
    expect(statuses.filter((status) => status === 409)).toHaveLength(4);
  });

  test('lose only their own indices when one is deleted', async () => {
    await put('/mine/_doc/1', {}, 'other');
    await api.send(new os.DeleteDomainCommand({ DomainName: 'gas' }));
    expect(await indices()).toEqual(['mine']);
  });
});

describe('a reset', () => {
  test('removes what was made through domains, and nothing else', async () => {
    await fetch(`${engine.endpoint}/theirs/_doc/1`, { method: 'PUT', headers: JSON_TYPE, body: '{}' });
    await fetch(`${engine.endpoint}/_template/theirs`, {
      method: 'PUT',
      headers: JSON_TYPE,
      body: '{"index_patterns":["t*"]}',
    });
    await put('/theirs/_doc/2', {});
    await put('/_template/theirs', { index_patterns: ['t*'], order: 1 });
    await put('/_template/pinpoint', { index_patterns: ['pinpoint*'], settings: { number_of_replicas: 0 } });
    await put('/_component_template/part', { template: {} });
    await put('/_index_template/whole', { index_patterns: ['w*'], composed_of: ['part'] });
    await put('/_index_template/streams', { index_patterns: ['stream*'], data_stream: {} });
    await put('/_data_stream/stream-1', {});
    const first = await put('/stream-2/_create/1', { '@timestamp': '2022-01-27T05:48:25Z' });
    expect(first.status).toBe(201);
    expect((await put('/UPPER/_doc/1', {})).status).toBe(400);
    await put('/_ingest/pipeline/p', { processors: [] });
    await call('/_bulk', { method: 'POST', headers: NDJSON, body: bulkOf('pinpoint-2020-05-18', 1) });
    await put('/pinpoint-1', { aliases: { pinpoint: { is_write_index: true } } });
    expect(JSON.parse((await call('/pinpoint/_rollover/pinpoint-2', { method: 'POST' })).text).rolled_over).toBe(true);
    await put('/pinpoint-1/_settings', { 'index.blocks.write': true });
    await call('/pinpoint-1/_clone/copy', { method: 'POST' });
    await reset();
    expect(await indices()).toEqual(['theirs']);
    for (const kind of ['_template', '_index_template', '_component_template', '_ingest/pipeline', '_data_stream']) {
      const left = await (await fetch(`${engine.endpoint}/${kind}`)).text();
      expect(left).not.toMatch(/pinpoint|whole|part|stream-|"p"/);
    }
    expect(await (await fetch(`${engine.endpoint}/_template`)).text()).toContain('theirs');
    for (const path of ['/theirs', '/_template/theirs']) await fetch(engine.endpoint + path, { method: 'DELETE' });
  });

  test('while the server is away removes later what stays behind', async () => {
    await put('/gasdetect/_doc/1', { no2: 88 });
    away = true;
    await reset();
    away = false;
    await makeDomain('gas');
    expect((await call('/gasdetect/_count')).status).toBe(404);
    expect(await indices()).toEqual([]);
  });
});

describe('the ledger', () => {
  test('has a document as accepted and stored once it is made, and later changes as notes', async () => {
    await put('/gasdetect/_doc/1', { no2: 88 });
    await put('/gasdetect/_doc/1', { no2: 89 });
    await call('/gasdetect/_update/1', { method: 'POST', headers: JSON_TYPE, body: '{"doc":{"no2":89}}' });
    await remove('/gasdetect/_doc/1');
    const place = { where: 'opensearch/gasdetect', ids: ['document/gasdetect/1'] };
    expect(booked()).toEqual([
      { ...place, what: 'accepted' },
      { ...place, what: 'stored' },
      { ...place, what: 'noted' },
      { ...place, what: 'noted' },
      { ...place, what: 'noted' },
    ]);
    expect(ledger.newest(3).map(({ detail }) => detail?.result)).toEqual(['updated', 'noop', 'deleted']);
    expect(checkConservation(ledger, [])).toMatchObject({ ok: true, accepted: 1, stored: 1, duplicates: 0 });
  });

  test('has documents as gone with their index, and counts no copy when they are made anew', async () => {
    await put('/gasdetect/_doc/1', { no2: 88 });
    await put('/gasdetect/_doc/2', { no2: 88 });
    await remove('/gas*');
    await put('/gasdetect/_doc/1', { no2: 88 });
    expect(checkConservation(ledger, [])).toMatchObject({
      ok: true,
      accepted: 2,
      stored: 1,
      duplicates: 0,
      losses: [{ reason: 'The index was deleted through the domain gas.', count: 1 }],
    });
  });

  test('names the id that OpenSearch has given', async () => {
    const { text } = await call('/gasdetect/_doc', { method: 'POST', headers: JSON_TYPE, body: '{}' });
    expect(booked().map(({ ids }) => ids)).toEqual(Array(2).fill([`document/gasdetect/${JSON.parse(text)._id}`]));
  });

  test('tells the documents of a bulk request apart: made, refused, in conflict', async () => {
    await put('/gasdetect', { mappings: { properties: { no2: { type: 'long' } } } });
    const body =
      '{"create":{"_index":"gasdetect","_id":"1"}}\n{"no2":1}\n' +
      '{"create":{"_index":"gasdetect","_id":"1"}}\n{"no2":1}\n' +
      '{"index":{"_index":"gasdetect","_id":"2"}}\n{"no2":"다섯"}\n' +
      '{"index":{"_index":"gasdetect","_id":"3"}}\n{"no2":"여섯"}\n' +
      '{"index":{"_index":"second","_id":"4"}}\n{"no2":4}\n' +
      '{"delete":{"_index":"second","_id":"5"}}\n';
    await call('/_bulk', { method: 'POST', headers: NDJSON, body });
    const place = (index: string, ...ids: string[]) => ({
      where: `opensearch/${index}`,
      ids: ids.map((id) => `document/${index}/${id}`),
    });
    expect(booked()).toEqual([
      { ...place('gasdetect', '1'), what: 'accepted' },
      { ...place('gasdetect', '1'), what: 'stored' },
      { ...place('gasdetect', '1'), what: 'refused' },
      { ...place('gasdetect', '2', '3'), what: 'refused' },
      { ...place('second', '4'), what: 'accepted' },
      { ...place('second', '4'), what: 'stored' },
      { ...place('second', '5'), what: 'noted' },
    ]);
    expect(ledger.newest(100)[3]?.detail).toMatchObject({
      documents: 2,
      status: 400,
      error: 'mapper_parsing_exception',
      reason: expect.stringContaining("failed to parse field [no2] of type [long] in document with id '2'"),
    });
    expect(checkConservation(ledger, [])).toMatchObject({ ok: true, accepted: 2, stored: 2 });
  });

  test('has a request that is refused as a whole', async () => {
    await call('/_bulk', { method: 'POST', headers: NDJSON, body: bulkOf('gasdetect', 2).trimEnd() });
    expect(ledger.newest(1)).toMatchObject([
      {
        where: 'opensearch/gasdetect',
        what: 'refused',
        detail: { status: 400, reason: 'The bulk request must be terminated by a newline [\\n]' },
      },
    ]);
  });

  test('follows the cause that a caller inside names, and leaves alone what it writes itself', async () => {
    const cause = ledger.append({ where: 'firehose/pinpoint', what: 'noted' });
    const send = (target: string, headers: Record<string, string>) =>
      edge.access.send({
        service: 'es',
        region: 'us-east-1',
        method: 'PUT',
        target: `/_aws/es/us-east-1/gas${target}`,
        headers: { ...JSON_TYPE, ...headers },
        body: '{}',
      });
    expect((await send('/a/_doc/1', { 'x-naetmul-cause': String(cause) })).status).toBe(201);
    expect(ledger.newest(2).map((entry) => entry.cause)).toEqual([cause, cause + 1]);
    await send('/a/_doc/2', { 'x-naetmul-observed': 'no' });
    expect(booked()).toHaveLength(3);
  });
});

describe('an OpenSearch that is away', () => {
  const UNAVAILABLE = '<html><body><b>Http/1.1 Service Unavailable</b></body> </html>';

  test('is a service that is unavailable, and readings are refused by name', async () => {
    away = true;
    const { status, text } = await put('/gasdetect/_doc/1', { no2: 88 });
    expect([status, text]).toEqual([503, UNAVAILABLE]);
    expect(booked()).toEqual([{ where: 'opensearch/gasdetect', what: 'refused', ids: ['document/gasdetect/1'] }]);
  });

  test('killed while it works, leaves the outcome of a write unknown, and serves again when it is back', async () => {
    await put('/gasdetect/_doc/1?refresh=true', { no2: 88 });
    // A write that waits for a refresh that does not come is under way when the server dies.
    await put('/gasdetect/_settings', { 'index.refresh_interval': '600s' });
    const pending = put('/gasdetect/_doc/2?refresh=wait_for', { no2: 89 });
    const isUnderWay = async () => {
      const tasks = await fetch(`${engine.endpoint}/_tasks?actions=indices:data/write/*`);
      expect(await tasks.text()).toContain('indices:data/write/bulk');
    };
    await vi.waitFor(isUnderWay, { timeout: 20_000 });
    process.kill(engine.pid as number, 'SIGKILL');
    const { status } = await pending;
    expect(status).toBe(502);
    expect(ledger.newest(1)).toMatchObject([
      { where: 'opensearch/gasdetect', what: 'unknown', ids: ['document/gasdetect/2'] },
    ]);
    expect((await call('/gasdetect/_search')).status).toBe(503);
    await engine.stop();
    engine = await startEngine(nativeOpenSearch(), join(dataDir, 'engine'));
    // Until its shards are back, OpenSearch itself answers that they are not.
    expect((await call('/_cluster/health/gasdetect?wait_for_status=yellow&timeout=60s')).status).toBe(200);
    expect(JSON.parse((await call('/gasdetect/_doc/1')).text)._source).toEqual({ no2: 88 });
    expect((await put('/gasdetect/_doc/3', { no2: 1 })).status).toBe(201);
  });
});
