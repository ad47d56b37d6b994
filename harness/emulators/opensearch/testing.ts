import { ElasticsearchServiceClient } from '@aws-sdk/client-elasticsearch-service';
import { OpenSearchClient } from '@aws-sdk/client-opensearch';
import { createRandom } from '../../clock/index.ts';
import type { EmulatorContext } from '../../edge/emulator.ts';
import { sdk, type TestEdge, testEdge } from '../../edge/testing.ts';
import { createOpenSearch } from './index.ts';

/** The emulator behind an edge, with clients of both APIs, and no server that would take a document. */
export interface ApiBench extends AsyncDisposable, Pick<TestEdge, 'url' | 'clock' | 'edge'> {
  readonly openSearch: OpenSearchClient;
  readonly elasticsearch: ElasticsearchServiceClient;
  /** Whether the domains think that there is a server. */
  isThere: boolean;
}

export async function apiBench(): Promise<ApiBench> {
  const edge = await testEdge();
  const context = {
    clock: edge.clock,
    random: createRandom('opensearch'),
    ledger: { append: () => 0 },
    log: { info() {}, warn() {}, error() {} },
    defaults: { region: 'us-east-1', accountId: '000000000000' },
  } as unknown as EmulatorContext;
  const bench: ApiBench = {
    edge: edge.edge,
    url: edge.url,
    clock: edge.clock,
    openSearch: new OpenSearchClient(sdk(edge.url)),
    elasticsearch: new ElasticsearchServiceClient(sdk(edge.url)),
    isThere: true,
    async [Symbol.asyncDispose]() {
      this.openSearch.destroy();
      this.elasticsearch.destroy();
      await edge[Symbol.asyncDispose]();
    },
  };
  const server = () => (bench.isThere ? { url: 'http://127.0.0.1:1' } : undefined);
  edge.edge.register(createOpenSearch(context, { server, edgeUrl: () => edge.url }));
  return bench;
}
