import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  GetResourcesCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { CreateDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  KinesisClient,
  waitUntilStreamExists,
  waitUntilStreamNotExists,
} from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { REGION } from './load/requests.ts';

const WAIT_S = 30;
export const ROLE = 'arn:aws:iam::000000000000:role/bench';

/** The SDK's clients at one endpoint: LocalStack's own address, or the edge. */
export interface Aws extends Disposable {
  readonly apiGateway: APIGatewayClient;
  readonly firehose: FirehoseClient;
  readonly kinesis: KinesisClient;
  readonly s3: S3Client;
}

export function awsAt(endpoint: string): Aws {
  const configuration = { endpoint, region: REGION, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  const clients = {
    apiGateway: new APIGatewayClient(configuration),
    firehose: new FirehoseClient(configuration),
    kinesis: new KinesisClient(configuration),
    s3: new S3Client({ ...configuration, forcePathStyle: true }),
  };
  return {
    ...clients,
    [Symbol.dispose]: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

/** Makes a stream of one shard that is ready to be written to. */
export async function createStream({ kinesis }: Aws, name: string): Promise<void> {
  await kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1 }));
  await waitUntilStreamExists({ client: kinesis, maxWaitTime: WAIT_S, minDelay: 1, maxDelay: 1 }, { StreamName: name });
}

/** Kinesis slows down with what its streams hold, so that a stream is not to outlive its round. */
export async function deleteStream({ kinesis }: Aws, name: string): Promise<void> {
  await kinesis.send(new DeleteStreamCommand({ StreamName: name }));
  await waitUntilStreamNotExists(
    { client: kinesis, maxWaitTime: WAIT_S, minDelay: 1, maxDelay: 1 },
    { StreamName: name },
  );
}

/**
 * An API in LocalStack's API Gateway that puts what is posted to `/v1` into `stream`, with the integration of
 * services/ingest/template.yaml. One thing is left out, to the rival's advantage: LocalStack's templates know no
 * `keySet()`, with which ingest makes sure that a body is a JSON object.
 * @returns the id of the API; its stage is `PROD`
 */
export async function createApi({ apiGateway }: Aws, stream: string): Promise<string> {
  const { id: restApiId } = await apiGateway.send(new CreateRestApiCommand({ name: 'bench' }));
  const { items = [] } = await apiGateway.send(new GetResourcesCommand({ restApiId }));
  const { id: resourceId } = await apiGateway.send(
    new CreateResourceCommand({ restApiId, parentId: items[0]?.id, pathPart: 'v1' }),
  );
  const method = { restApiId, resourceId, httpMethod: 'POST' };
  const ok = { ...method, statusCode: '200' };
  await apiGateway.send(new PutMethodCommand({ ...method, authorizationType: 'NONE' }));
  await apiGateway.send(new PutMethodResponseCommand(ok));
  await apiGateway.send(
    new PutIntegrationCommand({
      ...method,
      type: 'AWS',
      integrationHttpMethod: 'POST',
      uri: `arn:aws:apigateway:${REGION}:kinesis:action/PutRecord`,
      credentials: ROLE,
      requestParameters: { 'integration.request.header.Content-Type': "'application/x-amz-json-1.1'" },
      passthroughBehavior: 'NEVER',
      requestTemplates: { 'application/json': requestTemplate(stream) },
    }),
  );
  await apiGateway.send(
    new PutIntegrationResponseCommand({ ...ok, responseTemplates: { 'application/json': RESPONSE_TEMPLATE } }),
  );
  await apiGateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'PROD' }));
  return restApiId as string;
}

function requestTemplate(stream: string): string {
  return `{
  "StreamName": "${stream}",
  "Data": "$util.base64Encode($input.body)",
  "PartitionKey": "$context.requestId"
}`;
}

const RESPONSE_TEMPLATE = `{"SequenceNumber":$input.json('$.SequenceNumber'),"ShardId":$input.json('$.ShardId')}`;

/** A bucket, and a delivery stream of the same name that is put to directly and writes into it. */
export async function createDeliveryStream({ firehose, s3 }: Aws, name: string): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: name, CreateBucketConfiguration: { LocationConstraint: REGION } }));
  await firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: name,
      DeliveryStreamType: 'DirectPut',
      ExtendedS3DestinationConfiguration: {
        BucketARN: `arn:aws:s3:::${name}`,
        RoleARN: ROLE,
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
      },
    }),
  );
}

/** What is in a bucket. */
export async function contentOf({ s3 }: Aws, bucket: string): Promise<{ objects: number; bytes: number }> {
  let objects = 0;
  let bytes = 0;
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket })) {
    for (const { Size = 0 } of page.Contents ?? []) {
      objects++;
      bytes += Size;
    }
  }
  return { objects, bytes };
}
