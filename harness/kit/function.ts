import { buffer } from 'node:stream/consumers';
import { CreateFunctionCommand, type LambdaClient, waitUntilFunctionActiveV2 } from '@aws-sdk/client-lambda';
import { ZipFile } from 'yazl';

const REGION = 'ap-northeast-2';
const WAIT_S = 30;

/** Makes a function of one JavaScript module that exports `handler`; resolves with its ARN once it can be invoked. */
export async function createFunction(
  lambda: LambdaClient,
  name: string,
  source: string,
  { timeoutSeconds = 3 }: { readonly timeoutSeconds?: number } = {},
): Promise<string> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(source), 'index.mjs');
  zip.end();
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::000000000000:role/function',
      Timeout: timeoutSeconds,
      Code: { ZipFile: await buffer(zip.outputStream) },
    }),
  );
  const wait = { client: lambda, maxWaitTime: WAIT_S, minDelay: 1, maxDelay: 1 };
  await waitUntilFunctionActiveV2(wait, { FunctionName: name });
  return `arn:aws:lambda:${REGION}:000000000000:function:${name}`;
}
