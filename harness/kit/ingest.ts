import { Agent, request as httpRequest } from 'node:http';
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { ControlClient } from '../control/client.ts';

/** How many connections a story posts on. */
const CONNECTIONS = 64;

export interface PostOptions {
  readonly contentType?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of the pipeline's own URL. */
  readonly url?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: a story looks into whatever came back.
  readonly json: any;
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
  const outputs = (await bench.outputs()).ingest;
  if (!outputs) throw new Error('The pipeline "ingest" is not deployed.');
  const output = (name: string): string => {
    const value = outputs[name];
    if (value === undefined) throw new Error(`The ingest template has no output "${name}".`);
    return value;
  };
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const bucket = output('BucketName');
  return {
    url: output('Url'),
    apiId: output('ApiId'),
    stage: output('StageName'),
    stream: output('StreamName'),
    deliveryStream: output('DeliveryStreamName'),
    bucket,
    post: (body, options = {}) => post(agent, output('Url'), body, options),
    async keys() {
      const keys: string[] = [];
      for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: 'rawdata/' })) {
        for (const object of page.Contents ?? []) if (object.Key !== undefined) keys.push(object.Key);
      }
      return keys.sort();
    },
    async object(key) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    },
    close: () => agent.destroy(),
  };
}

function post(agent: Agent, url: string, body: string | Buffer, options: PostOptions): Promise<Answer> {
  const { contentType = 'application/json', headers = {} } = options;
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      options.url ?? url,
      {
        method: 'POST',
        agent,
        headers: {
          ...(contentType === null ? {} : { 'content-type': contentType }),
          'content-length': Buffer.byteLength(body),
          ...headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: parse(text) });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
