import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateFunctionCommand, LambdaClient, waitUntilFunctionActiveV2 } from '@aws-sdk/client-lambda';
import type { RequestDescription } from './load/connection.ts';
import { REGION, signedFor } from './load/requests.ts';

const WAIT_S = 10;

/** What the measured function does: as little as a function can. */
export const HANDLER = 'export const handler = async (event) => ({ n: event.n });\n';
export const EVENT = '{"n":1}';

export function lambdaAt(endpoint: string): LambdaClient {
  return new LambdaClient({ endpoint, region: REGION, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
}

/** Makes a Node function of one file that runs from `folder`. */
export async function createFunction(
  lambda: LambdaClient,
  FunctionName: string,
  folder: string,
  source: string,
): Promise<void> {
  writeFileSync(join(folder, 'index.mjs'), source);
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::000000000000:role/bench',
      Code: { S3Bucket: 'hot-reload', S3Key: folder },
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: WAIT_S }, { FunctionName });
}

/** One synchronous invocation, as a request. */
export function invocation(endpoint: string, name: string): RequestDescription {
  return {
    method: 'POST',
    url: `${endpoint}/2015-03-31/functions/${name}/invocations`,
    headers: { Authorization: signedFor('lambda'), 'Content-Type': 'application/json' },
    body: EVENT,
  };
}
