import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateDomainCommand,
  DeleteDomainCommand,
  DescribeDomainCommand,
  OpenSearchClient,
} from '@aws-sdk/client-opensearch';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createRandom } from './clock/index.ts';
import { DomainServers } from './domain-servers.ts';
import { sdk, type TestEdge, testEdge } from './edge/testing.ts';
import { createOpenSearch } from './emulators/opensearch/index.ts';
import { nativeOpenSearch } from './engines/opensearch/index.ts';
import { cacheFolder } from './engines/setup/cache-folder.ts';

const DEFAULTS = { region: 'us-east-1', accountId: '000000000000' };
const BOOT_MS = 120_000;

let dataDir: string;
let servers: DomainServers;
let edge: TestEdge;
let api: OpenSearchClient;
let stop: () => Promise<void>;
const progress: string[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'naetmul-domains-'));
  const ofServers = join(dataDir, 'opensearch');
  await mkdir(ofServers);
  // Started by root, a server becomes another user, who must get at its files.
  for (const folder of [dataDir, ofServers]) await chmod(folder, 0o711);
  const log = { info() {}, warn() {}, error() {} };
  servers = new DomainServers({
    engine: nativeOpenSearch(),
    contextOf: () => ({
      dataDir: ofServers,
      cacheDir: cacheFolder(),
      offline: false,
      progress: (message) => void progress.push(message),
      registerChild: () => undefined,
      signal: new AbortController().signal,
    }),
    log,
  });
  edge = await testEdge({ defaults: DEFAULTS });
  const context = { clock: edge.clock, random: createRandom('domains'), defaults: DEFAULTS, log, dataDir };
  const ledger = { append: (entry: object) => edge.entries.push({ n: 0, t: 0, ...entry } as never) };
  const emulator = createOpenSearch(
    { ...context, ledger, aws: edge.edge.access },
    { server: () => undefined, ownServers: servers, edgeUrl: () => edge.url },
  );
  edge.edge.register(emulator);
  stop = async () => emulator.stop?.();
  api = new OpenSearchClient(sdk(edge.url));
});

afterAll(async () => {
  api?.destroy();
  await stop?.();
  await servers?.stopAll();
  await edge?.[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true });
});

const makeDomain = (DomainName: string) =>
  api.send(
    new CreateDomainCommand({
      DomainName,
      EBSOptions: { EBSEnabled: true, VolumeSize: 10, VolumeType: 'gp3' },
      ClusterConfig: { InstanceType: 't3.small.search' },
      AccessPolicies: JSON.stringify({
        Statement: {
          Effect: 'Allow',
          Principal: { AWS: '*' },
          Action: 'es:ESHttp*',
          Resource: `arn:aws:es:us-east-1:000000000000:domain/${DomainName}/*`,
          Condition: { IpAddress: { 'aws:SourceIp': ['127.0.0.1', '::1'] } },
        },
      }),
    }),
  );
const statusOf = async (DomainName: string) => (await api.send(new DescribeDomainCommand({ DomainName }))).DomainStatus;
const becomesActive = (name: string) =>
  vi.waitFor(async () => expect((await statusOf(name))?.Processing).toBe(false), { timeout: BOOT_MS, interval: 100 });

/** The parts of OpenSearch's answers that are looked at. */
interface Answer {
  readonly events: { readonly mappings: { readonly properties: { readonly at: { readonly type: string } } } };
  readonly hits: { readonly hits: readonly object[] };
  readonly _source: object;
}

async function ask(domain: string, method: string, path: string, body?: object) {
  const address = `${edge.url}/_aws/es/us-east-1/${domain}${path}`;
  const init = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(address, { method, ...init });
  return { status: response.status, body: (await response.json()) as Answer };
}
const folders = () => readdirSync(join(dataDir, 'opensearch'));

test(
  'two domains hold the same index with different mappings, and each goes with its own server',
  async () => {
    const created = await makeDomain('pinpoint');
    expect(created.DomainStatus).toMatchObject({ Processing: true, DomainProcessingStatus: 'Creating' });
    await makeDomain('gas');
    expect(await statusOf('gas')).toMatchObject({ Processing: true });
    expect((await fetch(`${edge.url}/_aws/es/us-east-1/gas/`)).status).toBe(503);
    await Promise.all([becomesActive('pinpoint'), becomesActive('gas')]);
    expect(progress).toEqual(
      expect.arrayContaining([
        'pinpoint: starting OpenSearch',
        'gas: starting OpenSearch',
        expect.stringMatching(/^pinpoint: 2\.\d+\.\d+ is ready$/),
      ]),
    );
    expect([...servers.running().keys()].sort()).toEqual(['opensearch/gas', 'opensearch/pinpoint']);

    const mappingOf = (type: string) => ({ mappings: { properties: { at: { type } } } });
    for (const [domain, type] of [
      ['pinpoint', 'date'],
      ['gas', 'long'],
    ] as const) {
      expect((await ask(domain, 'PUT', '/_template/all', { index_patterns: ['*'], ...mappingOf(type) })).status).toBe(
        200,
      );
      expect((await ask(domain, 'PUT', '/events/_doc/1?refresh=true', { at: 1487973803515, of: domain })).status).toBe(
        201,
      );
    }
    for (const [domain, type] of [
      ['pinpoint', 'date'],
      ['gas', 'long'],
    ] as const) {
      const mapping = await ask(domain, 'GET', '/events/_mapping');
      expect(mapping.body.events.mappings.properties.at.type).toBe(type);
      const found = await ask(domain, 'GET', '/_search');
      expect(found.body.hits.hits).toMatchObject([{ _index: 'events', _id: '1', _source: { of: domain } }]);
    }
    const stored = edge.entries.filter(({ what }) => what === 'stored');
    expect(stored.map(({ where, ids }) => ({ where, ids }))).toEqual([
      { where: 'opensearch/events', ids: ['document/pinpoint/events/1'] },
      { where: 'opensearch/events', ids: ['document/gas/events/1'] },
    ]);

    const gone = servers.running().get('opensearch/pinpoint');
    const [folder = ''] = folders().filter((name) => name.startsWith('pinpoint-'));
    await api.send(new DeleteDomainCommand({ DomainName: 'pinpoint' }));
    await expect(gone?.exited).resolves.toMatchObject({ expected: true });
    expect(existsSync(join(dataDir, 'opensearch', folder))).toBe(false);
    // The other domain still has such an index.
    expect(edge.entries.filter(({ what }) => what === 'destroyed')).toEqual([]);
    expect((await ask('gas', 'GET', '/events/_doc/1')).body._source).toEqual({ at: 1487973803515, of: 'gas' });

    // A new one of the same name has nothing of the old one's, and may go while its server still boots.
    await makeDomain('pinpoint');
    expect(await statusOf('pinpoint')).toMatchObject({ Processing: true });
    await api.send(new DeleteDomainCommand({ DomainName: 'pinpoint' }));
    expect(folders()).toEqual([expect.stringMatching(/^gas-/)]);

    await api.send(new DeleteDomainCommand({ DomainName: 'gas' }));
    expect(edge.entries.filter(({ what }) => what === 'destroyed')).toMatchObject([
      { where: 'opensearch/events', detail: { places: ['opensearch/events'], reason: 'The domain gas was deleted.' } },
    ]);
    expect(servers.running().size).toBe(0);
    expect(folders()).toEqual([]);
  },
  BOOT_MS * 2,
);

test(
  'a domain’s server that dies is started again with its data',
  async () => {
    await makeDomain('logs');
    await becomesActive('logs');
    await ask('logs', 'PUT', '/events/_doc/1?refresh=true', { at: 1 });
    process.kill(servers.running().get('opensearch/logs')?.pid ?? expect.unreachable(), 'SIGKILL');
    const isBack = async () => expect((await ask('logs', 'GET', '/events/_doc/1')).body._source).toEqual({ at: 1 });
    await vi.waitFor(isBack, { timeout: BOOT_MS, interval: 200 });
    expect(progress.at(-1)).toMatch(/^logs: 2\.\d+\.\d+ is back$/);
  },
  BOOT_MS * 2,
);
