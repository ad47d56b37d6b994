import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import type { S3Client } from '@aws-sdk/client-s3';
import type { ControlClient } from '../control/client.ts';
import { type CommandResult, runNaetmul } from './command.ts';
import { type Answer, createSender, type Method } from './http.ts';
import { jsonLinesBelow, keysBelow } from './objects.ts';
import { outputReader } from './outputs.ts';

/** A line of an object of failed documents, as Firehose writes it. */
export interface FailedDocument {
  readonly attemptsMade: number;
  readonly arrivalTimestamp: number;
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly attemptEndingTimestamp: number;
  readonly esDocumentId: string;
  readonly esIndexName: string;
  readonly esTypeName: string;
  /** Base64. */
  readonly rawData: string;
}

/** The app analytics, as senders of events and whoever looks at them meet it. */
export interface AppAnalytics {
  readonly applicationId: string;
  readonly deliveryStream: string;
  readonly bucket: string;
  readonly errorLogGroup: string;
  /** The page. */
  readonly siteUrl: string;
  /** Puts records straight into the delivery stream; texts and bytes go as they are. Rejects unless all are taken. */
  put(...records: readonly unknown[]): Promise<void>;
  /** Asks OpenSearch itself; rejects when it cannot be reached. */
  ask(method: Method, path: string, body?: unknown): Promise<Answer>;
  /** Asks the domain at its endpoint, without a signature: the access policy decides. */
  askDomain(method: Method, path: string, body?: unknown): Promise<Answer>;
  /** The pipeline's indices with their documents: `pinpoint-2022-01-27` → 12. */
  indices(): Promise<Readonly<Record<string, number>>>;
  /** The keys below `failed_`, sorted. */
  failedKeys(): Promise<readonly string[]>;
  /** What those objects hold. */
  failedDocuments(): Promise<readonly FailedDocument[]>;
  /** Runs `naetmul analytics …`. */
  command(...args: readonly string[]): Promise<CommandResult>;
}

/** Records of one PutRecordBatch. */
const BATCH = 500;

export async function createAppAnalytics(
  bench: ControlClient,
  { s3, firehose }: { readonly s3: S3Client; readonly firehose: FirehoseClient },
): Promise<AppAnalytics & { close(): void }> {
  const output = outputReader(await bench.outputs(), 'app-analytics');
  const sender = createSender();
  const bucket = output('BucketName');
  const deliveryStream = output('DeliveryStreamName');
  const index = output('IndexName');

  const ask: AppAnalytics['ask'] = async (method, path, body) => {
    const { opensearch } = await bench.status();
    if (opensearch === null) throw new Error('OpenSearch is away.');
    return await sender.send(method, `${opensearch}${path}`, body === undefined ? {} : { body: JSON.stringify(body) });
  };
  return {
    applicationId: output('ApplicationId'),
    deliveryStream,
    bucket,
    errorLogGroup: output('ErrorLogGroup'),
    get siteUrl() {
      return output('Url');
    },
    async put(...records) {
      for (let from = 0; from < records.length; from += BATCH) {
        const Records = records.slice(from, from + BATCH).map((record) => ({ Data: bytesOf(record) }));
        const put = new PutRecordBatchCommand({ DeliveryStreamName: deliveryStream, Records });
        const { FailedPutCount } = await firehose.send(put);
        if (FailedPutCount !== 0) throw new Error(`${FailedPutCount} of ${Records.length} records were not taken.`);
      }
    },
    ask,
    askDomain(method, path, body) {
      const url = `http://${output('DomainEndpoint')}${path}`;
      return sender.send(method, url, body === undefined ? {} : { body: JSON.stringify(body) });
    },
    async indices() {
      await ask('POST', `/${index}*/_refresh`);
      const { json } = await ask('GET', `/_cat/indices/${index}*?format=json&h=index,docs.count&s=index`);
      const rows = json as readonly { readonly index: string; readonly 'docs.count': string }[];
      return Object.fromEntries(rows.map((row) => [row.index, Number(row['docs.count'])]));
    },
    failedKeys: () => keysBelow(s3, bucket, output('FailedPrefix')),
    failedDocuments: () => jsonLinesBelow(s3, bucket, output('FailedPrefix')),
    command: (...args) => runNaetmul(bench.edge, 'analytics', ...args),
    close: () => sender.close(),
  };
}

function bytesOf(record: unknown): Uint8Array {
  if (record instanceof Uint8Array) return record;
  return Buffer.from(typeof record === 'string' ? record : JSON.stringify(record));
}
