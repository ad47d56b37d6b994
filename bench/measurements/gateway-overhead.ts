import { deployApi } from '../../harness/kit/api.ts';
import { listenAs } from '../../harness/kit/backend.ts';
import { post } from '../load/requests.ts';
import type { MeasureContext, Measurement, Readings } from '../measurement.ts';
import { awsAt } from '../rivals.ts';
import { quantile } from '../statistics.ts';

const PER_SECOND = 200;
/** At this rate a compiler needs a while to see what is worth compiling. */
const WARM_UP_MS = 8000;
const ANSWER = '{"SequenceNumber":"1","ShardId":"shardId-000000000000","EncryptionType":"KMS"}';

const RIVAL = 'the same requests straight to the HTTP server behind the API, in turns';

export const gatewayOverhead: Measurement = {
  name: 'gateway-overhead',
  title: `Latency of a post through an API with the ingest pipeline’s templates and logs, ${PER_SECOND} a second, p50 of each round`,
  rival: RIVAL,
  unit: 'ms',
  target: { of: 'difference', atMost: 1 },
  measure: (context) => overhead(context, 0.5),
};

export const gatewayOverheadTail: Measurement = {
  name: 'gateway-overhead-p99',
  title: 'The same, p99 of each round',
  rival: RIVAL,
  unit: 'ms',
  target: { of: 'difference', atMost: 5 },
  measure: (context) => overhead(context, 0.99),
};

async function overhead({ rounds, roundMs, parts, progress }: MeasureContext, q: number): Promise<Readings> {
  const bench = await parts.naetmul();
  const client = parts.loadClient();
  const backend = parts.use(
    await listenAs((request, response) => {
      request.resume().on('end', () => response.setHeader('Content-Type', 'application/json').end(ANSWER));
    }),
  );
  const { apiGateway } = parts.use(awsAt(bench.edge));
  const api = await deployApi(apiGateway, bench.edge, {
    name: 'bench',
    methods: [
      {
        path: '/v1',
        integration: {
          type: 'HTTP',
          integrationHttpMethod: 'POST',
          uri: backend.url,
          passthroughBehavior: 'NEVER',
          requestTemplates: { 'application/json': REQUEST_TEMPLATE },
        },
        responses: [{ statusCode: '200', responseTemplates: { 'application/json': RESPONSE_TEMPLATE } }],
      },
    ],
    settings: { '/*/*/logging/loglevel': 'INFO', '/*/*/logging/dataTrace': 'true', '/*/*/metrics/enabled': 'true' },
  });
  const paced = async (url: string, forMs: number) =>
    (await client.run({ kind: 'paced', request: post(url), perSecond: PER_SECOND, forMs })).times;

  progress('warming up');
  await paced(`${api.url}/v1`, WARM_UP_MS);
  await paced(backend.url, WARM_UP_MS);
  const ours: number[] = [];
  const rival: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    progress(`round ${round}: through the gateway`);
    ours.push(quantile(await paced(`${api.url}/v1`, roundMs), q));
    progress(`round ${round}: straight to the server`);
    rival.push(quantile(await paced(backend.url, roundMs), q));
  }
  return { ours, rival };
}

/** As in services/ingest/template.yaml. */
const REQUEST_TEMPLATE = `{
  "StreamName": "bench",
  "Data": "$util.base64Encode($input.body)",
  "PartitionKey": "#if($input.path('$').keySet().size() > 0)$context.requestId#end"
}`;
const RESPONSE_TEMPLATE = `{"SequenceNumber":$input.json('$.SequenceNumber'),"ShardId":$input.json('$.ShardId')}`;
