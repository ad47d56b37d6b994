import { CreateDeliveryStreamCommand, type ElasticsearchIndexRotationPeriod } from '@aws-sdk/client-firehose';
import { CreateDomainCommand, DescribeDomainCommand, OpenSearchClient } from '@aws-sdk/client-opensearch';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { machine } from '../harness/clock/index.ts';
import { REGION } from './load/requests.ts';
import { type Aws, ROLE } from './rivals.ts';

const DOMAIN = 'bench';
const POLL_MS = 50;
/** Longer than the interval: what is not there by then never comes. */
const VISIBLE_WITHIN_MS = 120_000;

/** A domain, and a bucket for what it refuses. */
export async function createDomain(endpoint: string, { s3 }: Aws): Promise<void> {
  const client = new OpenSearchClient({
    endpoint,
    region: REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  try {
    const EBSOptions = { EBSEnabled: true, VolumeType: 'gp3', VolumeSize: 10 } as const;
    await client.send(new CreateDomainCommand({ DomainName: DOMAIN, EBSOptions }));
    for (;;) {
      const { DomainStatus } = await client.send(new DescribeDomainCommand({ DomainName: DOMAIN }));
      if (DomainStatus?.Processing !== true) break;
      await machine.sleep(POLL_MS);
    }
  } finally {
    client.destroy();
  }
  await s3.send(new CreateBucketCommand({ Bucket: DOMAIN, CreateBucketConfiguration: { LocationConstraint: REGION } }));
}

/** A delivery stream that is put to directly and indexes into the domain; buffers of 1 MiB or 60 s. */
export async function createSearchStream(
  { firehose }: Aws,
  name: string,
  rotation: ElasticsearchIndexRotationPeriod,
): Promise<void> {
  await firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: name,
      DeliveryStreamType: 'DirectPut',
      AmazonopensearchserviceDestinationConfiguration: {
        DomainARN: `arn:aws:es:${REGION}:000000000000:domain/${DOMAIN}`,
        IndexName: name,
        IndexRotationPeriod: rotation,
        RoleARN: ROLE,
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
        S3Configuration: { BucketARN: `arn:aws:s3:::${DOMAIN}`, RoleARN: ROLE, Prefix: 'failed_' },
      },
    }),
  );
}

/** Resolves once as many documents can be found. */
export async function allSearchable(server: string, index: string, documents: number, signal: AbortSignal) {
  const deadline = machine.monotonic() + VISIBLE_WITHIN_MS;
  for (;;) {
    const count = await countOf(server, index);
    if (count > documents) throw new Error(`${index} holds ${count} documents; only ${documents} were put.`);
    if (count === documents) return;
    if (machine.monotonic() > deadline) throw new Error(`${index} holds only ${count} of ${documents} documents.`);
    await machine.sleep(POLL_MS, signal);
  }
}

async function countOf(server: string, index: string): Promise<number> {
  await fetch(`${server}/${index}/_refresh`, { method: 'POST' });
  const answer = await fetch(`${server}/${index}/_count`);
  return answer.ok ? ((await answer.json()) as { count: number }).count : 0;
}
