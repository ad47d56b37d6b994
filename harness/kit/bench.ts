import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { IoTClient } from '@aws-sdk/client-iot';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { OpenSearchClient } from '@aws-sdk/client-opensearch';
import { PinpointClient } from '@aws-sdk/client-pinpoint';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { parseDuration, parseInstant } from '../clock/index.ts';
import type { ControlClient } from '../control/client.ts';

/** The bench's clock, as a story moves it. */
export interface StoryClock {
  /** Ms since the epoch. */
  now(): Promise<number>;
  /** Moves time to an ISO 8601 instant with offset and holds it; timers on the way fire. */
  set(instant: string): Promise<void>;
  /** Moves time forward by `90s`, `5m`, `2d` and holds it; resolves when all work on the way is done. */
  advance(duration: string): Promise<void>;
  auto(): Promise<void>;
  real(): Promise<void>;
}

export function createStoryClock(bench: ControlClient): StoryClock {
  return {
    now: async () => Date.parse((await bench.clock()).now),
    set: async (instant) => void (await bench.orderClock({ order: 'travel', instant: parseInstant(instant) })),
    advance: async (duration) => void (await bench.orderClock({ order: 'advance', ms: parseDuration(duration) })),
    auto: async () => void (await bench.orderClock({ order: 'auto' })),
    real: async () => void (await bench.orderClock({ order: 'real' })),
  };
}

/** The SDK clients a story reads with, all at the one endpoint, as a user would make them. */
export interface AwsClients {
  readonly apiGateway: APIGatewayClient;
  readonly s3: S3Client;
  readonly firehose: FirehoseClient;
  readonly iot: IoTClient;
  readonly kinesis: KinesisClient;
  readonly lambda: LambdaClient;
  readonly openSearch: OpenSearchClient;
  readonly pinpoint: PinpointClient;
  readonly sqs: SQSClient;
  readonly logs: CloudWatchLogsClient;
  readonly cloudwatch: CloudWatchClient;
}

export function createAwsClients(edge: string): AwsClients & { destroy(): void } {
  const configuration = {
    endpoint: edge,
    region: 'ap-northeast-2',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const clients: AwsClients = {
    apiGateway: new APIGatewayClient(configuration),
    s3: new S3Client({ ...configuration, forcePathStyle: true }),
    firehose: new FirehoseClient(configuration),
    iot: new IoTClient(configuration),
    kinesis: new KinesisClient(configuration),
    lambda: new LambdaClient(configuration),
    openSearch: new OpenSearchClient(configuration),
    pinpoint: new PinpointClient(configuration),
    sqs: new SQSClient(configuration),
    logs: new CloudWatchLogsClient(configuration),
    cloudwatch: new CloudWatchClient(configuration),
  };
  return {
    ...clients,
    destroy: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
