import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eventsOf, type SenderName } from '../../fixtures/senders/index.ts';
import { CONNECTIONS, WARM_UP_MS } from '../ingest.ts';
import type { RequestDescription } from '../load/connection.ts';
import { mustSucceed, ratePerSecond } from '../load/run.ts';
import type { MeasureContext, Measurement, Readings } from '../measurement.ts';
import type { Parts, StartedBench } from '../parts.ts';
import { formatNumber } from '../report.ts';
import { awsAt, createApi, createStream, deleteStream } from '../rivals.ts';
import { median, quantile } from '../statistics.ts';

const TEMPLATE = fileURLToPath(new URL('../../services/webhooks/template.yaml', import.meta.url));
const BARE = fileURLToPath(new URL('../bare-webhooks.ts', import.meta.url));
const PER_SECOND = 200;

/** Which template is measured: by whom it is posted to. */
const SENDERS = { json: 'appsflyer', form: '050' } as const;
type Format = keyof typeof SENDERS;

const FORMATS = { json: 'the JSON template', form: 'the form template' } as const;
const ofLocalStack = (format: Format): Measurement => ({
  name: `webhooks-${format}`,
  title: `Webhooks posted a second with ${FORMATS[format]}, on ${CONNECTIONS} connections, through the webhooks' stack into Kinesis`,
  rival:
    'LocalStack’s API Gateway with the template of ingest, which passes JSON on as it is, and LocalStack’s Kinesis',
  unit: '/s',
  target: { of: 'ratio', atLeast: 30 },
  measure: (context) => againstLocalStack(context, SENDERS[format]),
});
const ofBareServer = (format: Format): Measurement => ({
  name: `webhooks-${format}-bare`,
  title: `Webhooks posted a second with ${FORMATS[format]}, on ${CONNECTIONS} connections, through the webhooks' stack into Kinesis`,
  rival:
    'a bare Node HTTP server that makes the same records and puts them into such a stream, one PutRecords per group',
  unit: '/s',
  target: { of: 'ratio', atLeast: 0.5 },
  measure: (context) => againstBareServer(context, SENDERS[format]),
});

export const webhooksJson = ofLocalStack('json');
export const webhooksForm = ofLocalStack('form');
export const webhooksJsonBare = ofBareServer('json');
export const webhooksFormBare = ofBareServer('form');

export const webhooksLatency: Measurement = {
  name: 'webhooks-latency',
  title: `Latency of a webhook with the form template until its sequence number is there, ${PER_SECOND} a second, p99 of each round`,
  unit: 'ms',
  async measure({ rounds, roundMs, parts, progress }) {
    const bench = await startBench(parts);
    const client = parts.loadClient();
    const request = requestTo(await deployWebhooks(bench, 'ours'), SENDERS.form);
    const paced = async (forMs: number) =>
      (await client.run({ kind: 'paced', request, perSecond: PER_SECOND, forMs })).times;
    progress('warming up');
    await paced(2 * WARM_UP_MS);
    const ours: number[] = [];
    const medians: number[] = [];
    for (let round = 1; round <= rounds; round++) {
      progress(`round ${round}`);
      const times = await paced(roundMs);
      ours.push(quantile(times, 0.99));
      medians.push(quantile(times, 0.5));
    }
    return { ours, notes: [`p50 ${formatNumber(median(medians))} ms`] };
  },
};

async function againstLocalStack(context: MeasureContext, sender: SenderName): Promise<Readings> {
  const { parts } = context;
  const localStack = await parts.localStack();
  const bench = await startBench(parts);
  const direct = parts.use(awsAt(localStack));
  const stream = 'bench-rival';
  const apiId = await createApi(direct, stream);
  const rival = jsonRequestTo(`${localStack}/_aws/execute-api/${apiId}/PROD/v1`);
  return await inTurns(context, requestTo(await deployWebhooks(bench, 'ours'), sender), rival, {
    // What its Kinesis holds makes it slower.
    before: () => createStream(direct, stream),
    after: () => deleteStream(direct, stream),
  });
}

async function againstBareServer(context: MeasureContext, sender: SenderName): Promise<Readings> {
  const { parts } = context;
  const bench = await startBench(parts);
  const ours = await deployWebhooks(bench, 'ours');
  const { StreamName: stream = '' } = await deployWebhooks(bench, 'bare');
  const child = fork(BARE, [bench.edge, stream], { stdio: 'inherit', detached: true });
  parts.ownProcess(child, 'bare-webhooks');
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return await inTurns(context, requestTo(ours, sender), requestTo({ Url: `http://127.0.0.1:${port}` }, sender));
}

async function inTurns(
  { rounds, roundMs, parts, progress }: MeasureContext,
  mine: RequestDescription,
  theirs: RequestDescription,
  rivals: { before?(): Promise<void>; after?(): Promise<void> } = {},
): Promise<Readings> {
  const client = parts.loadClient();
  const load = async (request: RequestDescription, forMs: number) =>
    ratePerSecond(await mustSucceed(client, { connections: CONNECTIONS, requests: [{ request, times: 1 }], forMs }));
  const ours: number[] = [];
  const rival: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    // Round 0 only warms up both sides.
    const forMs = round === 0 ? WARM_UP_MS : roundMs;
    progress(round === 0 ? 'warming up' : `round ${round}: ours`);
    const ourRate = await load(mine, forMs);
    if (round > 0) progress(`round ${round}: the rival`);
    await rivals.before?.();
    const theirRate = await load(theirs, forMs);
    await rivals.after?.();
    if (round === 0) continue;
    ours.push(ourRate);
    rival.push(theirRate);
  }
  return { ours, rival };
}

/** A shard would take a thousand a second: it is the gateway that is measured. */
function startBench(parts: Parts): Promise<StartedBench> {
  return parts.naetmul({ arguments: ['--engine', 'kinesis=naetmul', '--kinesis', 'throttling=off'] });
}

/** A stack of the pipeline without OpenSearch, with one delivery stream that reads. */
async function deployWebhooks({ control }: StartedBench, stack: string): Promise<Readonly<Record<string, string>>> {
  return await control.deployStack({ stack, template: TEMPLATE, parameters: { Search: 'false' } });
}

function requestTo({ Url }: Readonly<Record<string, string>>, sender: SenderName): RequestDescription {
  const [event] = eventsOf(sender, { seed: 'bench', count: 1, from: Date.UTC(2022, 0, 27), rate: 1 });
  if (Url === undefined || event === undefined) throw new Error('The webhooks are not deployed.');
  const headers = { 'Content-Type': event.contentType };
  return { method: 'POST', url: `${Url}/${sender}`, headers, body: event.body.toString() };
}

function jsonRequestTo(url: string): RequestDescription {
  return { ...requestTo({ Url: url }, SENDERS.json), url };
}
