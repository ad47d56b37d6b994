import type { S3Client } from '@aws-sdk/client-s3';
import type { ControlClient } from '../control/client.ts';
import { type Answer, createSender } from './http.ts';
import { keysBelow, objectAt } from './objects.ts';
import { outputReader } from './outputs.ts';

export interface PostOptions {
  readonly contentType?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of the pipeline's own URL. */
  readonly url?: string;
}

/** The ingest pipeline, as its users meet it. */
export interface Ingest {
  readonly url: string;
  readonly apiId: string;
  readonly stage: string;
  readonly stream: string;
  readonly deliveryStream: string;
  readonly bucket: string;
  /** Posts as the workshop's curl does; rejects when no whole answer comes back. */
  post(body: string | Buffer, options?: PostOptions): Promise<Answer>;
  /** Keys under `rawdata/`, sorted. */
  keys(): Promise<string[]>;
  /** An object's bytes. */
  object(key: string): Promise<Buffer>;
}

export async function createIngest(bench: ControlClient, s3: S3Client): Promise<Ingest & { close(): void }> {
  const output = outputReader(await bench.outputs(), 'ingest');
  const sender = createSender();
  const bucket = output('BucketName');
  return {
    url: output('Url'),
    apiId: output('ApiId'),
    stage: output('StageName'),
    stream: output('StreamName'),
    deliveryStream: output('DeliveryStreamName'),
    bucket,
    post: (body, { url = output('Url'), ...options } = {}) => sender.send('POST', url, { body, ...options }),
    keys: () => keysBelow(s3, bucket, 'rawdata/'),
    object: (key) => objectAt(s3, bucket, key),
    close: () => sender.close(),
  };
}
